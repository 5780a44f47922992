/**
 * `npm run bench:arrow -- [--rows=2000000] [--rounds=7] [--gigabytes=4] [--only=tables|stream] [--python=PROGRAM] [--write]`: a compound of
 * so many rows as an Arrow table, by h5ts, by h5py, NumPy and pyarrow, and by h5wasm, of the same file, by turns; then a large table written
 * and read as a stream, with the peak of memory. PROGRAM is a Python with h5py and pyarrow; default that of `.venv`, or H5TS_PYTHON. `--write`
 * puts the tables into the readme of packages/arrow-adapter.
 *
 * A ratio is the median of the ratios of processor time of the rounds. What each peer read is compared by sums of the columns.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PeerProcess } from "../driver/peer-process.ts";
import { writeReadme } from "../filters/report.ts";

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "2000000" },
    rounds: { type: "string", default: "7" },
    gigabytes: { type: "string", default: "4" },
    only: { type: "string" },
    python: { type: "string", default: process.env.H5TS_PYTHON ?? here("../../.venv/bin/python") },
    write: { type: "boolean", default: false },
  },
});

interface Answer {
  readonly seconds: number;
  readonly cpu: number;
  readonly sums: { readonly [column: string]: number };
}

/** Peers by their names; the first is what others are measured beside. */
const PEERS: readonly (readonly [name: string, program: string, options: string[]])[] = [
  ["h5py, pyarrow", values.python, [here("peer.py")]],
  ["h5ts sync", process.execPath, ["--import", "tsx", here("peers.ts"), "sync"]],
  ["h5ts async", process.execPath, ["--import", "tsx", here("peers.ts"), "async"]],
  ["h5wasm", process.execPath, ["--import", "tsx", here("peers.ts"), "h5wasm"]],
];
const DATASETS = ["contiguous", "chunked", "gzip", "text"];
/** Rounds of the peer that takes seconds. */
const SLOW_ROUNDS = 1;

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1];

/** The answers of all rounds by peer; the first, in which programs warm up, apart. */
async function measured(file: string, dataset: string, rounds: number): Promise<Answer[][]> {
  const peers = PEERS.map(([, program, options]) => new PeerProcess([program, options]));
  const answers: Answer[][] = PEERS.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const i of [...peers.keys()].map((k) => (k + round) % peers.length)) {
      if (PEERS[i][0] === "h5wasm" && round > SLOW_ROUNDS) continue;
      const answer = await peers[i].ask<Answer>(`${file} ${dataset}`, 600_000);
      if (answer.unsupported !== undefined) throw new Error(`${PEERS[i][0]}, ${dataset}: ${answer.unsupported}`);
      answers[i].push(answer);
    }
  }
  for (const peer of peers) await peer.close();
  return answers;
}

/** Sums of floats depend on the order; others are exact. */
function checkSums(dataset: string, answers: readonly Answer[][]): void {
  const [wanted] = answers[0];
  for (const [i, [{ sums }]] of answers.entries()) {
    for (const [column, sum] of Object.entries(wanted.sums)) {
      if (Math.abs(sums[column] - sum) <= 1e-6 * Math.max(1, Math.abs(sum))) continue;
      throw new Error(`${PEERS[i][0]}, ${dataset}/${column}: ${sums[column]} is not ${sum}`);
    }
  }
}

function line(dataset: string, answers: readonly Answer[][]): string {
  const cell = (list: readonly Answer[]): string => {
    const warm = list.slice(1);
    return `${median(warm.map(({ cpu }) => cpu)).toFixed(3)} / ${list[0].cpu.toFixed(2)}`;
  };
  const ratio = (list: readonly Answer[], beside: readonly Answer[]): string =>
    median(list.slice(1).map(({ cpu }, k) => (beside[k + 1]?.cpu ?? Number.NaN) / cpu)).toFixed(2);
  const [python, sync, , wasm] = answers;
  const few = sync.slice(0, wasm.length);
  const first = python[0].cpu / sync[0].cpu;
  return `| ${dataset} | ${answers.map(cell).join(" | ")} | ${ratio(sync, python)} / ${first.toFixed(2)} | ${ratio(few, wasm)} |`;
}

async function tables(folder: string): Promise<string> {
  const file = join(folder, "tables.h5");
  execFileSync(values.python, [here("peer.py"), "make", file, values.rows]);
  const head = ["CPU s, warm / first", ...PEERS.map(([name]) => name), "times as fast as h5py", "as h5wasm"];
  const lines = [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`];
  for (const dataset of DATASETS) {
    const answers = await measured(file, dataset, Number(values.rounds));
    checkSums(dataset, answers);
    lines.push(line(dataset, answers));
    console.log(lines.at(-1));
  }
  rmSync(file);
  return lines.join("\n");
}

interface Streamed {
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
}

function streams(folder: string): string {
  const file = join(folder, "large.h5");
  const lines = ["| stream | s | CPU s | MB/s | peak MB |", "| --- | --- | --- | --- | --- |"];
  for (const [title, what] of [
    ["Arrow -> HDF5, half of it appended", "write"],
    ["HDF5 -> record batches", "read"],
    ["HDF5 -> IPC stream", "ipc"],
  ]) {
    const options = ["--import", "tsx", here("stream.ts"), what, file, values.gigabytes];
    const { seconds, cpu, peak } = JSON.parse(
      execFileSync(process.execPath, options, { encoding: "utf8" }),
    ) as Streamed;
    const speed = (Number(values.gigabytes) * 1000) / seconds;
    lines.push(
      `| ${title} | ${seconds.toFixed(1)} | ${cpu.toFixed(1)} | ${speed.toFixed(0)} | ${(peak / 1e6).toFixed(0)} |`,
    );
    console.log(lines.at(-1));
  }
  rmSync(file);
  return lines.join("\n");
}

if (values.only !== "stream" && !existsSync(values.python)) throw new Error(`no Python with h5py: ${values.python}`);
const folder = mkdtempSync(join(tmpdir(), "h5ts-arrow-bench-"));
try {
  const parts: [name: string, text: string][] = [];
  if (values.only !== "stream") parts.push(["tables", await tables(folder)]);
  if (values.only !== "tables") parts.push(["streams", streams(folder)]);
  if (values.write)
    for (const [name, text] of parts) writeReadme(here("../../packages/arrow-adapter/README.md"), name, text);
} finally {
  rmSync(folder, { recursive: true });
}
