/**
 * `npm run bench`: runs every workload with every peer, and prints what must be reached and what was. README.md has the options.
 * Needs a build (npm run build).
 */
import { appendFileSync, existsSync, mkdirSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measureBrowser } from "./browser/measure.ts";
import { changeTable } from "./compare.ts";
import { type CurvePoint, measureCurves } from "./curves.ts";
import { makeData } from "./data/make.ts";
import { writeReadme } from "./filters/report.ts";
import { type LayoutFigures, measureLayouts } from "./layouts/measure.ts";
import { choiceTable } from "./layouts/table.ts";
import type { Measured } from "./measured.ts";
import { type Kernel, measureKernels } from "./micro.ts";
import { profiles, wantedProfiles } from "./profile.ts";
import { writeReport } from "./report/page.ts";
import { keepResults, machineNow, machineText, type Results, readResults } from "./results.ts";
import { runSuite } from "./suite.ts";
import { meanTable, profileTable, refusalTable, targetTable, workloadTable } from "./tables.ts";
import { BROWSER_TARGETS, TARGETS } from "./targets.ts";

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
    "old-python": { type: "string", default: "/usr/bin/python3" },
    chromium: { type: "string", default: process.env.H5TS_CHROMIUM ?? "/usr/bin/chromium" },
    lines: { type: "string" },
    parts: { type: "string", default: "workloads,browser,layouts" },
    most: { type: "string", default: "1e5" },
    report: { type: "boolean", default: false },
    from: { type: "string" },
    profile: { type: "string" },
    compare: { type: "string" },
    write: { type: "boolean", default: false },
  },
});

const parts = new Set(
  values.parts === "all" ? ["workloads", "browser", "layouts", "curves", "kernels"] : values.parts.split(","),
);
const clients = { python: values.python, oldPython: values["old-python"] };
const rounds = Number(values.rounds);

function keep(line: Measured): void {
  const { walls, cpus, probe, ...rest } = line;
  say(rest);
  if (values.lines !== undefined) appendFileSync(values.lines, `${JSON.stringify(line)}\n`);
}

const say = (figures: object): void => console.error(JSON.stringify(figures));

const workloads = (folder: string): Promise<Measured[]> =>
  runSuite({
    folder,
    clients,
    workloads: new RegExp(values.only),
    peers: new RegExp(values.peers),
    rounds,
    budget: Number(values.budget) * 1000,
    absent: (peer, why) => console.error(`${peer} is not measured: ${why}`),
    progress: (measured) => measured.forEach(keep),
  });

async function inBrowser(folder: string): Promise<Measured[]> {
  try {
    if (!existsSync(values.chromium)) throw new Error(`there is no ${values.chromium}`);
    const measured = await measureBrowser(values.chromium, folder, rounds);
    measured.forEach(keep);
    return measured;
  } catch (error) {
    console.error(`Chromium is not measured: ${(error as Error).message}`);
    return [];
  }
}

/** What there was no time for, as the results say. */
const omitted: string[] = [];

function leaveOut(what: string): void {
  omitted.push(what);
  console.error(`not measured, for want of time: ${what}`);
}

const curves = (): Promise<CurvePoint[]> =>
  measureCurves({
    folder: join(here, "made/curves"),
    clients,
    rounds: Math.min(rounds, 3),
    most: Number(values.most),
    omitted: leaveOut,
    progress: (points) => points.forEach(say),
  });

const kernels = (): Promise<Kernel[]> => measureKernels(/./, 0.5, say);

const layouts = (): Promise<LayoutFigures[]> =>
  measureLayouts({
    progress: ({ kind, shape, filter, ratio }) => say({ kind, shape, filter, ratio }),
    omitted: (kind, count) => leaveOut(`${count} layouts of ${kind}`),
  });

/** Measures what is asked for. */
async function results(): Promise<Results> {
  const [before] = loadavg();
  const date = new Date().toISOString();
  const needsData = parts.has("workloads") || parts.has("browser");
  const folder = needsData ? await makeData(positionals[0], Number(values.scale), values.python) : "";
  const measured = parts.has("workloads") ? await workloads(folder) : [];
  if (parts.has("browser")) measured.push(...(await inBrowser(folder)));
  const studied = parts.has("layouts") ? await layouts() : [];
  const points = parts.has("curves") ? await curves() : [];
  const alone = parts.has("kernels") ? await kernels() : [];
  const scale = Number(values.scale);
  const machine = machineNow(before);
  const others = { layouts: studied, curves: points, kernels: alone, omitted };
  return { version: 1, date, machine, scale, rounds, measured, ...others };
}

const TABLES = {
  workloads: (all: Results): string => workloadTable(all.measured),
  targets: (all: Results): string => targetTable([...TARGETS, ...BROWSER_TARGETS], all.measured),
  means: (all: Results): string => meanTable(all.measured),
  layouts: ({ layouts: studied = [] }: Results): string => (studied.length === 0 ? "" : choiceTable(studied)),
  profiles: ({ profiles: found = [] }: Results): string => (found.length === 0 ? "" : profileTable(found)),
  failures: (all: Results): string => refusalTable(all.measured),
};

/** Profiles beside figures of this run, or of an old one. */
async function profiled(all: Results, wanted: string): Promise<Results> {
  const folder = await makeData(positionals[0], Number(values.scale), values.python);
  return { ...all, profiles: await profiles(wantedProfiles(wanted, all.measured), folder, all.measured, say) };
}

async function main(): Promise<void> {
  if (values.profile !== undefined && values.from === undefined && values.profile !== "missed") parts.clear();
  const found = values.from === undefined ? await results() : readResults(values.from);
  const all = values.profile === undefined ? found : await profiled(found, values.profile);
  console.log(machineText(all));
  for (const make of Object.values(TABLES)) console.log(`\n${make(all)}`);
  if (values.compare !== undefined) console.log(`\n${changeTable(readResults(values.compare), all)}`);
  if (values.write) write(all);
  if (!values.report) return;
  const folder = join(here, "results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, all.date.slice(0, 16).replace(":", ""));
  if (values.from === undefined || values.profile !== undefined) keepResults(`${path}.json`, all);
  await writeReport(`${path}.html`, all);
  console.log(`\n${path}.html`);
}

/** Targets and means into the readme of the project, all tables into that of the benchmarks; those of what was not measured stay. */
function write(all: Results): void {
  const tables = Object.entries(TABLES)
    .map(([name, make]) => [name, make(all)] as const)
    .filter(([, text]) => text.split("\n").length > 2);
  for (const [name, text] of tables) {
    writeReadme(join(here, "README.md"), name, text);
    if (name === "targets") writeReadme(join(here, "../README.md"), name, text);
    if (name === "means") writeReadme(join(here, "../README.md"), name, `${machineText(all)}\n\n${text}`);
  }
}

await main();
