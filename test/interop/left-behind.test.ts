/** Files that libhdf5 leaves behind when it is killed: `recover` makes them usable, with all that was flushed. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openForEditing } from "../../packages/core/src/editor/open-editor.ts";
import { recoverFile } from "../../packages/core/src/editor/recover.ts";
import { runSync } from "../../packages/core/src/steps/run-sync.ts";
import { MemoryStorage } from "../../packages/core/src/storage/memory.ts";
import { editingOptions } from "../../packages/core/test/support/editing.ts";
import { checked } from "../../packages/core/test/support/sound.ts";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("left_behind.py", import.meta.url));

describeWith("python", "files left behind by libhdf5", (python) => {
  const run = (step: string, folder: string): string => {
    const ran = spawnSync(python, [script, step, folder], { encoding: "utf8", timeout: 60_000 });
    expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(0);
    return ran.stdout;
  };

  it("are recovered with all that was flushed, and libhdf5 goes on writing them", () => {
    const folder = mkdtempSync(join(tmpdir(), "h5ts-left-"));
    try {
      const kinds = JSON.parse(run("leave", folder)) as string[];
      for (const kind of kinds) {
        const path = join(folder, `${kind}.h5`);
        const before = new Uint8Array(readFileSync(path));
        const storage = new MemoryStorage(before.slice());
        const { ok, found, done } = runSync(recoverFile(storage, editingOptions()));
        const after = storage.toUint8Array();
        console.log(`${kind}: ${before.length} bytes; ${found.join("; ")}; ${done.join("; ")}`);
        expect(ok, `${kind}: ${found.join("\n")}`).toBe(true);
        expect(after.length, kind).toBeGreaterThanOrEqual(before.length);
        expect(checked(after).faults, kind).toEqual([]);
        expect(() => runSync(openForEditing(new MemoryStorage(after.slice()), editingOptions()))).not.toThrow();
        writeFileSync(path, after);
      }
      run("go on", folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
