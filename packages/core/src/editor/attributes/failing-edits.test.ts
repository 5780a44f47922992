import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { attributesByLibhdf5, newAttribute } from "../../../test/support/attributes.ts";
import { editingOptions } from "../../../test/support/editing.ts";
import { faults } from "../../../test/support/sound.ts";
import type { Address } from "../../bytes/address.ts";
import { isH5Error, StorageError } from "../../errors.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Extent, Outcome, SyncWritable } from "../../steps/storage.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { editing, type FileEditor } from "../file-editor.ts";
import { openForEditing } from "../open-editor.ts";

/** Storage that does not show its bytes, and fails at a read. */
function failing(bytes: Uint8Array): SyncWritable & { left: number; readonly kept: MemoryStorage } {
  const memory = new MemoryStorage(bytes.slice());
  return {
    kept: memory,
    left: Infinity,
    label: "failing",
    costs: { ...memory.costs, gap: 0, page: 512 },
    readSync(extents: readonly Extent[]): Outcome[] {
      if (this.left-- <= 0) throw new StorageError("cannot be read");
      return memory.readSync(extents).map((outcome) => (outcome instanceof Uint8Array ? outcome.slice() : outcome));
    },
    sizeSync: () => memory.sizeSync(),
    closeSync: () => {},
    writeSync: (patches) => memory.writeSync(patches),
    truncateSync: (size) => memory.truncateSync(size),
    syncSync: () => memory.syncSync(),
  };
}

const EDITS: Readonly<Record<string, (editor: FileEditor, object: Address) => Steps<void>>> = {
  "sets a new one": (editor, object) => editor.setAttribute(object, newAttribute("new", ["a", "b"])),
  "replaces one": (editor, object) => editor.setAttribute(object, newAttribute("text", ["a", "b"])),
  "modifies one": (editor, object) => editor.modifyAttribute(object, "text", newAttribute("", "other").source),
  "deletes one": (editor, object) => editor.deleteAttribute(object, "text"),
};

describe.each(["shared_parts_earliest.h5", "shared_change_latest.h5", "shared_list_earliest.h5"])(
  "storage of %s that fails while an edit of attributes",
  (name) => {
    const original = new Uint8Array(
      readFileSync(new URL(`../../../test/fixtures/attributes/${name}`, import.meta.url)),
    );

    it.each(Object.keys(EDITS))("%s leaves all or nothing of it", (what) => {
      const before = attributesByLibhdf5(original, "data 1");
      let after: unknown;
      // At first as many reads as it takes, then fewer and fewer.
      for (let n = 1000; n >= 0; n--) {
        const storage = failing(original);
        const options = editingOptions();
        const { editor, reader } = editing(runSync(openForEditing(storage, options)), options);
        const object = runSync(reader.resolve(reader.info.root, "data 1"))!.address;
        storage.left = n;
        const failure = thrown(() => runSync(EDITS[what](editor, object)));
        if (after === undefined) n -= storage.left;
        storage.left = Infinity;
        if (after === undefined) expect(failure).toBeUndefined();
        else if (failure !== undefined) expect(failure).toBeInstanceOf(StorageError);
        const refused = thrown(() => runSync(editor.commit()));
        if (refused !== undefined) expect(isH5Error(refused, "ClosedError")).toBe(true);
        const bytes = storage.kept.toUint8Array();
        const found = attributesByLibhdf5(bytes, "data 1");
        after ??= found;
        expect(found).toEqual(failure === undefined ? after : before);
        expect(faults(bytes)).toEqual([]);
      }
      expect(after).not.toEqual(before);
    });
  },
);

function thrown(run: () => void): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}
