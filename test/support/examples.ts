/** Runs the programs of `examples/` in this process, each in a folder of the caller's, and keeps what they print. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadFilters } from "h5ts";
import { inFolder } from "./programs.ts";

const folder = fileURLToPath(new URL("../../examples", import.meta.url));

/** Names of all examples, in order. */
export const examples: readonly string[] = readdirSync(folder)
  .filter((name) => /^\d\d-.*\.ts$/.test(name))
  .sort();

export const sourceOf = (name: string): string => readFileSync(join(folder, name), "utf8");

let runs = 0;

/** The lines that an example prints, in the folder `at`, of the file `operand` where one is given. */
export async function runExample(name: string, at: string, operand?: string): Promise<string[]> {
  // From sources, `openSync` cannot load one when it is needed, as it can from packages.
  await loadFilters();
  const before = process.argv;
  process.argv = [process.execPath, name, ...(operand === undefined ? [] : [operand])];
  try {
    return await inFolder(at, () => import(`${pathToFileURL(join(folder, name)).href}?run=${runs++}`));
  } finally {
    process.argv = before;
  }
}
