/** Programs of pages: compiled with strict types, and run in this process from the packages' sources. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { format } from "node:util";
import { loadFilters } from "h5ts";
import ts from "typescript";

/** Inside the workspace, so that its packages are found; not below node_modules, so that they are read from their sources. */
const place = fileURLToPath(new URL("../../.pages", import.meta.url));

const COMPILER: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  customConditions: ["h5ts-source"],
  allowImportingTsExtensions: true,
  strict: true,
  // What other packages declare is theirs.
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
};

function newFolder(): string {
  mkdirSync(place, { recursive: true });
  return mkdtempSync(join(place, "run-"));
}

/** What the compiler says against programs, by the names of their files: one compilation for all, which is most of its cost. */
export function compiled(programs: Readonly<Record<string, string>>): string[] {
  const folder = newFolder();
  try {
    const paths = Object.keys(programs).map((name) => join(folder, name));
    for (const path of paths) writeFileSync(path, `${programs[path.slice(folder.length + 1)]}\nexport {};\n`);
    return ts.getPreEmitDiagnostics(ts.createProgram(paths, COMPILER)).map(({ file, start = 0, messageText }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      const said = ts.flattenDiagnosticMessageText(messageText, " ");
      return `${file?.fileName.slice(folder.length + 1)}:${line + 1}: ${said}: ${file?.text.split("\n")[line]}`;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Does something with a folder as the current one, and what is printed kept. */
export async function inFolder(folder: string, use: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const before = { folder: process.cwd(), log: console.log };
  process.chdir(folder);
  console.log = (...values: unknown[]): void => void lines.push(...format(...values).split("\n"));
  try {
    await use();
  } finally {
    console.log = before.log;
    process.chdir(before.folder);
  }
  return lines;
}

/** The lines that a program prints, with `folder` as the current one. */
export async function ran(code: string, folder: string): Promise<string[]> {
  // From sources, `openSync` cannot load one when it is needed, as it can from packages.
  await loadFilters();
  const at = newFolder();
  try {
    writeFileSync(join(at, "program.mts"), code);
    return await inFolder(folder, () => import(pathToFileURL(join(at, "program.mts")).href));
  } finally {
    rmSync(at, { recursive: true });
  }
}
