import { describe, expect, it } from "vitest";
import { everything } from "../../../test/support/byte-sink.ts";
import { editingOptions } from "../../../test/support/editing.ts";
import { numbersFrom } from "../../../test/support/i4.ts";
import { EditedFile, newDataset } from "../../../test/support/new-datasets.ts";
import { Disk, PowerCut } from "../../../test/support/power-cut.ts";
import { checked } from "../../../test/support/sound.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { NewFile } from "../create-file.ts";
import { createDataset } from "../dataset/create-dataset.ts";
import { deleteLost } from "../links/delete-objects.ts";
import { addLink, removeLinkOf } from "../links/edit-links.ts";
import { openForEditing } from "../open-editor.ts";

const NAME = "f.h5";
const SUBSETS = 12;

/** A file that keeps some free space. */
function begun(asked: NewFile): Uint8Array {
  const edited = EditedFile.made("v110", asked);
  for (const [i, name] of ["a", "b", "c"].entries())
    edited.write(edited.create(name, newDataset([900 + i])), everything([900 + i]), numbersFrom(i, 900 + i));
  edited.commit();
  runSync(removeLinkOf(edited.file, edited.file.info.root, "b"));
  runSync(deleteLost(edited.file));
  return edited.commit();
}

/** Two commits that take and give back space; whether they came to their end. */
function change(disk: Disk): boolean {
  try {
    const { file, commit } = runSync(openForEditing(disk.open(NAME), editingOptions({ durability: "disk" })));
    const { root } = file.info;
    for (const [gone, made] of [
      ["a", "d"],
      ["c", "e"],
    ]) {
      runSync(removeLinkOf(file, root, gone));
      runSync(deleteLost(file));
      const address = runSync(createDataset(file, newDataset([500])));
      runSync(addLink(file, root, { type: "hard", name: made, charset: "ascii", address }));
      runSync(commit());
    }
    return true;
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return false;
  }
}

describe.each<[string, NewFile]>([
  ["files", { fsPersist: true }],
  ["files in pages", { fsPersist: true, fsStrategy: "page", fsPageSize: 1024 }],
])("free space that %s keep", (_, asked) => {
  it("is never what is in use, wherever the power goes and whatever is torn", () => {
    const before = begun(asked);
    let state = 1;
    const coin = (): boolean => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state > 2 ** 31;
    };
    for (let n = 0, done = false; !done; n++) {
      const disk = new Disk();
      disk.put(NAME, before);
      disk.cutAfter = n;
      done = change(disk);
      for (let subset = 0; subset < SUBSETS; subset++) {
        const found = new Disk();
        for (const [name, bytes] of disk.after(subset === 0 ? () => true : coin)) found.put(name, bytes);
        // Finishes the commit, if one was begun.
        runSync(openForEditing(found.open(NAME), editingOptions()));
        const { faults } = checked(found.files.get(NAME)!.toUint8Array());
        expect(
          faults.map(({ message }) => message),
          `cut at ${n}`,
        ).toEqual([]);
      }
    }
  });
});
