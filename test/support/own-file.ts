import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** The path of a file that this process has to itself, until it ends: h5wasm in Node opens files of the disk, and tests run side by side. */
export function ownFile(name: string): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "h5ts-own-"));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return join(folder, name);
}
