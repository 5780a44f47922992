/** Runs command lines in this process, and catches what they print. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import h5wasm from "h5wasm";
import { runCli } from "../src/cli.ts";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function ran(...argv: string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCli(argv, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    isTerminal: false,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** What a command prints as JSON. */
export async function ranJson<T>(...argv: string[]): Promise<T> {
  const { code, out, err } = await ran(...argv, "--json");
  if (code !== 0) throw new Error(`exit ${code}: ${err}`);
  return JSON.parse(out) as T;
}

/** A file of the repository's fixtures. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../test/fixtures/files/${name}`, import.meta.url));

export type Libhdf5File = InstanceType<typeof h5wasm.File>;

/** A file that libhdf5 makes; its path. */
export function madeFile(path: string, fill: (f: Libhdf5File) => void): string {
  const file = new h5wasm.File("made.h5", "w");
  fill(file);
  file.close();
  writeFileSync(path, FS.readFile("made.h5"));
  FS.unlink("made.h5");
  return path;
}

const { FS } = await h5wasm.ready;
