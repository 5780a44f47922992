/**
 * Runs every workload with every peer, one after the other, workload by workload, so that what a ratio compares was measured
 * within the same minute; then prints what must be reached and what was.
 *
 * usage: tsx benchmarks/run.ts DATA [--only=REGEX] [--rounds=N] [--python=PROGRAM] [--lines=FILE]
 *
 * DATA holds the files of make_data.py. Needs a build (npm run build).
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Measured } from "./protocol.ts";
import { targetTable, workloadTable } from "./tables.ts";
import { TARGETS } from "./targets.ts";
import { WORKLOADS } from "./workloads.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Milliseconds for one workload of one peer. */
const PATIENCE = 240_000;

interface Peer {
  readonly name: string;
  readonly variants: readonly string[];
  /** Workloads that it is not asked for: it cannot do them, or needs minutes. */
  readonly leaves?: RegExp;
}

const PEERS: readonly Peer[] = [
  { name: "limit", variants: ["fresh", "warm", "inflate"] },
  { name: "h5ts", variants: ["sync", "async"] },
  { name: "h5py", variants: ["h5py"] },
  { name: "h5wasm", variants: ["node"], leaves: /^(W5|W6|X)|_into|_raw|_column/ },
  { name: "h5wasm+plugins", variants: ["node"], leaves: /^(?!W5|W6)/ },
  { name: "jsfive", variants: ["buffer"], leaves: /^(W(10|11|8|5|6)|X)|_into|_first|W2[bc]|W3b|W13[fx]/ },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "." },
    peers: { type: "string", default: "." },
    rounds: { type: "string", default: "1" },
    python: { type: "string", default: process.env.H5TS_PYTHON ?? join(here, "../.venv/bin/python") },
    lines: { type: "string" },
  },
});

/** The bounds of one target name the variants of `limit` that a workload needs. */
const limitsOf = (workload: string): Set<string | undefined> =>
  new Set(
    TARGETS.flatMap(({ bounds }) => bounds)
      .filter((bound) => bound.workload === workload && bound.than?.peer === "limit")
      .map((bound) => bound.than?.variant),
  );

function commandOf(
  peer: Peer,
  data: string,
  workload: string,
  variant: string,
): [program: string, arguments_: string[]] {
  const options = [data, `--one=${workload}`, `--variant=${variant}`];
  if (peer.name === "h5py") return [values.python, [join(here, "peers/h5py_peer.py"), ...options]];
  const node = ["--expose-gc", "--max-old-space-size=8192", "--import", "tsx"];
  return [process.execPath, [...node, join(here, `peers/${peer.name.replace("+", "_")}.ts`), ...options]];
}

function measured(peer: Peer, data: string, workload: string, variant: string): Measured {
  const [program, arguments_] = commandOf(peer, data, workload, variant);
  const run = spawnSync(program, arguments_, { encoding: "utf8", timeout: PATIENCE, maxBuffer: 1 << 24, cwd: here });
  const line = run.stdout?.trim().split("\n").at(-1) ?? "";
  if (line.startsWith("{")) return JSON.parse(line) as Measured;
  const why = run.error?.message ?? run.stderr?.trim().split("\n").at(-1) ?? "";
  return { peer: peer.name, variant, workload, unsupported: `exit ${run.status} ${why}`.slice(0, 160) };
}

function main(): void {
  const [data] = positionals;
  if (data === undefined || !existsSync(data)) {
    console.error("usage: tsx benchmarks/run.ts DATA [--only=REGEX] [--rounds=N] [--python=PROGRAM] [--lines=FILE]");
    process.exitCode = 2;
    return;
  }
  const all: Measured[] = [];
  for (const workload of WORKLOADS.filter((name) => new RegExp(values.only).test(name))) {
    for (let round = 0; round < Number(values.rounds); round++) all.push(...oneRound(data, workload));
  }
  console.log(`\n${workloadTable(all)}\n\n${targetTable(TARGETS, all)}`);
}

function oneRound(data: string, workload: string): Measured[] {
  const out: Measured[] = [];
  const limits = limitsOf(workload);
  for (const peer of PEERS.filter(
    ({ name, leaves }) => new RegExp(values.peers).test(name) && !leaves?.test(workload),
  )) {
    for (const variant of peer.variants) {
      if (peer.name === "limit" && !limits.has(variant)) continue;
      const line = measured(peer, data, workload, variant);
      out.push(line);
      console.log(JSON.stringify(line));
      if (values.lines !== undefined) appendFileSync(values.lines, `${JSON.stringify(line)}\n`);
    }
  }
  return out;
}

if (basename(process.argv[1] ?? "") === "run.ts") main();
