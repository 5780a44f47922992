/** Files whose addresses take 2 or 4 bytes: they are edited until addresses can say no more, and stay as they were then. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type Editing, editing } from "../../packages/core/src/editor/file-editor.ts";
import { openForEditing } from "../../packages/core/src/editor/open-editor.ts";
import { runSync } from "../../packages/core/src/steps/run-sync.ts";
import { MemoryStorage } from "../../packages/core/src/storage/memory.ts";
import { everything } from "../../packages/core/test/support/byte-sink.ts";
import { editingOptions } from "../../packages/core/test/support/editing.ts";
import { numbersFrom } from "../../packages/core/test/support/i4.ts";
import { newDataset, sourceOf } from "../../packages/core/test/support/new-datasets.ts";
import { checked } from "../../packages/core/test/support/sound.ts";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("narrow_addresses.py", import.meta.url));
const COUNT = 1000;
/** As many datasets as are tried; 16 of them fill 64 kB. */
const MOST = 30;

/** Adds datasets, each with a commit, as long as that goes; their names, and what stopped it. */
function fill({ editor, reader }: Editing): { readonly names: string[]; readonly stopped?: unknown } {
  const names: string[] = [];
  for (let i = 0; i < MOST; i++) {
    try {
      const address = runSync(editor.createDataset(newDataset([COUNT])));
      const info = runSync(reader.object(address));
      if (info.kind !== "dataset") throw new Error("no dataset");
      runSync(editor.write(info, everything([COUNT]), sourceOf(numbersFrom(i, COUNT), 4)));
      runSync(editor.link(reader.info.root, { type: "hard", name: `n${i}`, charset: "ascii", address }));
      runSync(editor.commit());
      names.push(`n${i}`);
    } catch (stopped) {
      expect(() => runSync(editor.commit())).toThrow();
      return { names, stopped };
    }
  }
  return { names };
}

describeWith("python", "files with narrow addresses", (python) => {
  const run = (step: string, folder: string): void => {
    const ran = spawnSync(python, [script, step, folder], { encoding: "utf8", timeout: 60_000 });
    expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(0);
  };

  it("are edited, up to a LimitError after which they are as at their last commit", () => {
    const folder = mkdtempSync(join(tmpdir(), "h5ts-narrow-"));
    try {
      run("make", folder);
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        const storage = new MemoryStorage(new Uint8Array(readFileSync(path)));
        const { names, stopped } = fill(editing(runSync(openForEditing(storage, editingOptions())), editingOptions()));
        if (name.startsWith("2")) {
          expect(stopped, name).toMatchObject({ name: "LimitError" });
          expect(names.length, name).toBeGreaterThan(10);
        } else expect({ stopped, count: names.length }, name).toEqual({ count: MOST });
        expect(checked(storage.toUint8Array()).faults, name).toEqual([]);
        writeFileSync(path, storage.toUint8Array());
        writeFileSync(path.replace(".h5", ".json"), JSON.stringify(names));
      }
      run("check", folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
