/** All workloads at tiny sizes, so that the suite does not rot; nothing about time is asserted. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeData } from "./data/make.ts";
import type { Measured } from "./measured.ts";
import { runSuite } from "./suite.ts";
import { targetTable, workloadTable } from "./tables.ts";
import { TARGETS } from "./targets.ts";
import { WORKLOADS } from "./workloads.ts";

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
    expect(absent.filter((name) => name !== "h5wasm+plugins")).toEqual(["h5py"]);
  });

  it("has figures of every workload, of h5ts in both modes", () => {
    const measured = (variant: string): string[] =>
      all
        .filter((one) => one.peer === "h5ts" && one.variant === variant && one.walls?.length === 1)
        .map((one) => one.workload);
    expect(measured("sync")).toEqual(WORKLOADS);
    expect(measured("async")).toEqual(WORKLOADS);
    expect(measured("async none")).toEqual(WORKLOADS.filter((name) => name.startsWith("X")));
  });

  it("finds the same data with all peers, and libhdf5 finds it in what was written", () => {
    expect(all.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
    const unsupported = all.filter((one) => one.unsupported !== undefined && one.peer !== "h5wasm+plugins");
    expect(unsupported).toEqual([]);
  });

  it("names workloads in targets that there are, and measures what they compare with", () => {
    for (const { workload, than } of TARGETS.flatMap(({ bounds }) => bounds)) {
      expect(WORKLOADS).toContain(workload);
      if (than === undefined || absent.includes(than.peer)) continue;
      const found = all.filter(({ peer, variant }) => peer === than.peer && (than.variant ?? variant) === variant);
      expect(found.map((one) => one.workload)).toContain(workload);
    }
  });

  it("makes tables of them", () => {
    expect(workloadTable(all).split("\n")).toHaveLength(WORKLOADS.length + 2);
    expect(targetTable(TARGETS, all)).toContain("| T21 |");
  });
});
