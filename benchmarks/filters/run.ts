/**
 * `npm run bench:filters -- [DATA] [--only=REGEX] [--rounds=N] [--python=PROGRAM] [--chromium=PROGRAM] [--write]`, after a build, on an idle machine: what
 * filters reach, in one run.
 *
 * - MB/s of every filter, decoding and encoding, ours beside libhdf5's with hdf5plugin and beside npm packages, on the
 *   same chunks;
 * - T28, gzip in Chromium;
 * - with DATA, the files of make_data.py, the targets that files with filters have: T4 to T9, T22, T23 (benchmarks/targets.ts). Those
 *   beside h5wasm's plug-ins need `npm install --prefix benchmarks/plugins`.
 *
 * `--write` puts the tables into the readme of packages/filters. `--only=none` leaves the filters out. PROGRAM is a Python with h5py and hdf5plugin, by
 * default that of .venv (npm run setup:interop); without one libhdf5's columns stay empty.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Measured } from "../measured.ts";
import { targetTable } from "../tables.ts";
import { TARGETS } from "../targets.ts";
import { measureBrowser } from "./browser.ts";
import { type CodecFigures, measureCodecs } from "./codecs.ts";
import { browserTable, codecTable, writeReadme } from "./report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Workloads of the targets that filters decide. */
const WORKLOADS = "^(W3[ab]|W4|W5|W6|X3|X4)";
const OURS = ["T4", "T5", "T6", "T7", "T8", "T9", "T22", "T23"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: "string", default: "." },
    rounds: { type: "string", default: "3" },
    python: { type: "string", default: process.env.H5TS_PYTHON ?? join(root, ".venv/bin/python") },
    chromium: { type: "string", default: process.env.H5TS_CHROMIUM ?? "/usr/bin/chromium" },
    write: { type: "boolean", default: false },
  },
});

async function codecs(): Promise<string> {
  const python = existsSync(values.python) ? values.python : undefined;
  if (python === undefined) console.error(`there is no ${values.python}: libhdf5 is not measured`);
  const figures: CodecFigures[] = [];
  for await (const one of measureCodecs(new RegExp(values.only), python)) {
    figures.push(one);
    console.error(codecTable([one]).split("\n").at(-1));
  }
  return codecTable(figures);
}

async function browser(data: string | undefined): Promise<string> {
  if (!existsSync(values.chromium)) return `T28: not measured, there is no ${values.chromium}`;
  return browserTable(await measureBrowser(values.chromium, data));
}

/** The workloads by benchmarks/run.ts, each peer in a process of its own. */
function targets(data: string): string {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-bench-"));
  const lines = join(folder, "lines.jsonl");
  const program = [join(root, "benchmarks/run.ts"), data, `--only=${WORKLOADS}`, `--rounds=${values.rounds}`];
  const rest = [`--python=${values.python}`, `--lines=${lines}`];
  try {
    spawnSync(process.execPath, ["--import", "tsx", ...program, ...rest], { stdio: ["ignore", 2, 2], cwd: root });
    const measured = readFileSync(lines, "utf8").trim().split("\n");
    const all = measured.map((line) => JSON.parse(line) as Measured);
    return targetTable(
      TARGETS.filter(({ name }) => OURS.includes(name)),
      all,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  const [data] = positionals;
  const before = loadavg()[0];
  const table = await codecs();
  const inBrowser = await browser(data);
  const reached = data === undefined ? "" : targets(data);
  const [{ model }] = cpus();
  const where = `Node ${process.versions.node}, ${cpus().length} cores (${model.trim()}), load ${before.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after.`;
  const text = { codecs: table, browser: inBrowser, targets: reached, where };
  console.log(Object.values(text).join("\n\n"));
  if (!values.write) return;
  for (const [name, part] of Object.entries(text))
    if (part !== "") writeReadme(join(root, "packages/filters/README.md"), name, part);
}

await main();
