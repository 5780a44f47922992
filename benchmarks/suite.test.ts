/** All workloads at tiny sizes, so that the suite does not rot; nothing about time is asserted. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changeTable } from "./compare.ts";
import { CURVES, measureCurves } from "./curves.ts";
import { makeData } from "./data/make.ts";
import { choicesOf, measureLayouts } from "./layouts/measure.ts";
import type { Measured } from "./measured.ts";
import { measureKernels } from "./micro.ts";
import { wantedProfiles } from "./profile.ts";
import { writeReport } from "./report/page.ts";
import { keepResults, machineNow, type Results, readResults } from "./results.ts";
import { runSuite } from "./suite.ts";
import { meanTable, refusalTable, targetTable, workloadTable } from "./tables.ts";
import { TARGETS } from "./targets.ts";
import { FAILING, WORKLOADS } from "./workloads.ts";

const NO_PYTHON = "/no/python";

describe("the suite at tiny sizes", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-suite-"));
  const absent: string[] = [];
  let all: Measured[] = [];
  beforeAll(async () => {
    await makeData(folder, 0.002, NO_PYTHON);
    const clients = { python: NO_PYTHON, fromSource: true };
    all = await runSuite({ folder, clients, rounds: 1, isShared: true, absent: (peer) => absent.push(peer) });
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it("leaves out only those that are not there, by name", () => {
    expect(absent).toContain("h5py");
    expect(absent.filter((name) => name !== "h5wasm+plugins")).toEqual(["h5py", "h5py37"]);
  });

  it("has figures of every workload, of h5ts in both modes", () => {
    const measured = (variant: string): string[] =>
      all
        .filter((one) => one.peer === "h5ts" && one.variant === variant && one.walls?.length === 1)
        .map((one) => one.workload);
    expect(measured("sync")).toEqual([...WORKLOADS, ...FAILING]);
    expect(measured("async")).toEqual([...WORKLOADS, ...FAILING]);
    expect(measured("async none")).toEqual(WORKLOADS.filter((name) => name.startsWith("X")));
  });

  it("finds the same data with all peers, and libhdf5 finds it in what was written", () => {
    expect(all.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
    const unsupported = all.filter((one) => one.unsupported !== undefined && one.peer !== "h5wasm+plugins");
    expect(unsupported).toEqual([]);
  });

  it("names workloads in targets that there are, and measures what they compare with", () => {
    for (const { workload, than } of TARGETS.flatMap(({ bounds }) => bounds)) {
      expect([...WORKLOADS, ...FAILING]).toContain(workload);
      if (than === undefined || absent.includes(than.peer)) continue;
      const found = all.filter(({ peer, variant }) => peer === than.peer && (than.variant ?? variant) === variant);
      expect(found.map((one) => one.workload)).toContain(workload);
    }
  });

  it("makes tables of them", () => {
    expect(workloadTable(all).split("\n")).toHaveLength(WORKLOADS.length + 2);
    expect(targetTable(TARGETS, all)).toContain("| T21 |");
    expect(meanTable(all)).toContain("| h5wasm | sync | >= 4 x |");
    expect(refusalTable(all)).toContain("| F_cut | error | error |");
  });

  it("makes a page of them that needs nothing from outside, and compares runs", async () => {
    const date = "2026-01-01T00:00:00Z";
    const machine = machineNow(0);
    const kernels = await measureKernels(/^shuffle$/, 0.01, () => {});
    const layouts = await measureLayouts({ kinds: /^events$/, most: 8 });
    expect(layouts.map(({ shape }) => shape)).toContain("1 Ki rows");
    expect(choicesOf(layouts).map(({ pattern }) => pattern)).toEqual(["all", "10,000 rows", "points"]);
    const rest = { curves: [], kernels, layouts };
    const results: Results = { version: 1, date, machine, scale: 0.002, rounds: 1, measured: all, ...rest };
    const path = join(folder, "results.json");
    keepResults(path, results);
    expect(changeTable(readResults(path), results)).toContain("| W1_contig | sync |");
    await writeReport(join(folder, "report.html"), results);
    const page = readFileSync(join(folder, "report.html"), "utf8");
    expect(page).toContain("W1_contig");
    expect(page).not.toMatch(/<(script|link|img)[^>]*(src|href)=/);
  }, 300_000);

  it("profiles workloads of a target, by a pattern, or those that miss a bound", () => {
    const names = (text: string): string[] => wantedProfiles(text, all).map(({ workload }) => workload);
    expect(names("T24")).toEqual(["X5_append_rows", "X6_append_batches"]);
    expect(names("^W9")).toEqual(["W9_vlen_str"]);
    for (const { missed } of wantedProfiles("missed", all)) expect(missed).not.toEqual([]);
  });

  it("has a point of each cost curve", async () => {
    const clients = { python: NO_PYTHON, fromSource: true };
    const points = await measureCurves({ folder: join(folder, "curves"), clients, rounds: 1, most: 100 });
    const found = points.filter(({ peer }) => peer === "h5ts").map(({ curve }) => curve);
    expect(found).toEqual([...CURVES]);
  }, 300_000);
});
