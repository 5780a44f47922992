/** The tour of `npm start`: each part of it, and what it printed. Apart from `start.ts`, as it needs the packages built. */
import { statSync } from "node:fs";
import { type ExitCode, type Output, runCli } from "@h5ts/cli";
import { check } from "h5ts";
import { byLibhdf5, editExperiment, readExperiment, writeExperiment } from "./experiment.ts";

export interface Tour {
  readonly path: string;
  readonly written: string;
  readonly read: readonly string[];
  readonly changed: readonly string[];
  readonly tree: readonly string[];
  readonly libhdf5: readonly string[];
  readonly checked: readonly string[];
  /** No structure is at fault. */
  readonly ok: boolean;
  /** libhdf5 reads what h5ts reads. */
  readonly agreed: boolean;
}

const indented = 2;

/** What a command of `h5ts` prints, as it would here. */
async function printed(...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  const { isTTY, columns } = process.stdout;
  const output: Output = {
    out: (text) => void lines.push(...text.split("\n")),
    err: (text) => void lines.push(text),
    isTerminal: false,
    colors: isTTY === true && !process.env.NO_COLOR,
    columns: isTTY ? columns - indented : undefined,
  };
  await runCli(words, output);
  return lines;
}

/** `advance` is told of each part when it is done. */
export async function tour(path: string, advance: (part: string) => void): Promise<Tour> {
  const started = performance.now();
  await writeExperiment(path);
  const written = `${statSync(path).size} bytes in ${Math.round(performance.now() - started)} ms`;
  advance("written");
  const read = await readExperiment(path);
  advance("read");
  const changed = await editExperiment(path);
  advance("changed");
  const picture = process.stdout.isTTY
    ? await printed("preview", `${path}:/raw/images`, "--index", "7", "--width", "32")
    : [];
  const tree = await printed("tree", path, "--attrs");
  advance("listed");
  const { lines, agreed } = await byLibhdf5(path);
  advance("read by libhdf5");
  const { ok, counts, faults } = await check(path);
  advance("checked");
  const { groups, datasets, attributes, chunks } = counts;
  const checked = [
    ...faults.map((fault) => `fault: ${fault.message}`),
    `${groups} groups, ${datasets} datasets, ${attributes} attributes, ${chunks} chunks: ${ok ? "every structure is in order" : "not in order"}`,
  ];
  return { path, written, read: [...read, ...picture], changed, tree, libhdf5: lines, checked, ok, agreed };
}

/** Prints the tree of a file. */
export const treeOf = async (file: string): Promise<ExitCode> =>
  runCli(["tree", file, "--attrs"], {
    out: console.log,
    err: console.error,
    isTerminal: process.stderr.isTTY === true,
    colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
    columns: process.stdout.isTTY === true ? process.stdout.columns : undefined,
  });
