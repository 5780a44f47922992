/**
 * Runs every workload with every peer, and prints what must be reached and what was.
 *
 * usage: tsx benchmarks/run.ts [DATA] [--only=REGEX] [--peers=REGEX] [--rounds=N] [--budget=SECONDS] [--scale=FACTOR]
 *        [--python=PROGRAM] [--lines=FILE]
 *
 * See README.md. Needs a build (npm run build).
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeData } from "./data/make.ts";
import type { Measured } from "./measured.ts";
import { runSuite } from "./suite.ts";
import { targetTable, workloadTable } from "./tables.ts";
import { TARGETS } from "./targets.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "." },
    peers: { type: "string", default: "." },
    rounds: { type: "string", default: "5" },
    budget: { type: "string", default: "5" },
    scale: { type: "string", default: "1" },
    python: { type: "string", default: process.env.H5TS_PYTHON ?? join(here, "../.venv/bin/python") },
    lines: { type: "string" },
  },
});

function keep(line: Measured): void {
  const { walls, cpus, probe, ...rest } = line;
  console.error(JSON.stringify(rest));
  if (values.lines !== undefined) appendFileSync(values.lines, `${JSON.stringify(line)}\n`);
}

async function main(): Promise<void> {
  const folder = await makeData(positionals[0], Number(values.scale), values.python);
  const all = await runSuite({
    folder,
    clients: { python: values.python },
    workloads: new RegExp(values.only),
    peers: new RegExp(values.peers),
    rounds: Number(values.rounds),
    budget: Number(values.budget) * 1000,
    absent: (peer, why) => console.error(`${peer} is not measured: ${why}`),
    progress: (measured) => measured.forEach(keep),
  });
  console.log(`\n${workloadTable(all)}\n\n${targetTable(TARGETS, all)}`);
}

await main();
