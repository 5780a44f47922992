/** A run of the suite as JSON, so that later ones can be compared with it. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, totalmem } from "node:os";
import type { CurvePoint } from "./curves.ts";
import type { LayoutFigures } from "./layouts/measure.ts";
import type { Measured } from "./measured.ts";
import type { Kernel } from "./micro.ts";
import type { Profile } from "./profile.ts";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly node: string;
  /** Whether the optional package koffi was there, by which h5ts asks for huge pages. */
  readonly koffi?: boolean;
  readonly load: readonly [before: number, after: number];
}

export interface Results {
  readonly version: 1;
  /** When it began, as ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly scale: number;
  readonly rounds: number;
  readonly measured: readonly Measured[];
  readonly curves: readonly CurvePoint[];
  readonly kernels: readonly Kernel[];
  /** Absent in results of before there was such a study. */
  readonly layouts?: readonly LayoutFigures[];
  readonly profiles?: readonly Profile[];
  /** What was left out for want of time, by name. */
  readonly omitted?: readonly string[];
}

export const machineNow = (before: number): Machine => ({
  processor: cpus()[0].model.trim(),
  cores: cpus().length,
  memory: totalmem(),
  node: process.versions.node,
  koffi: isThere("koffi"),
  load: [before, loadavg()[0]],
});

function isThere(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Probes are left out: they have done their work. */
export function keepResults(path: string, results: Results): void {
  const measured = results.measured.map(({ probe, ...rest }) =>
    rest.workload.startsWith("F_") ? { ...rest, probe } : rest,
  );
  writeFileSync(path, `${JSON.stringify({ ...results, measured })}\n`);
}

/** A RangeError where it is no such file. */
export function readResults(path: string): Results {
  const results = JSON.parse(readFileSync(path, "utf8")) as Results;
  if (results.version !== 1) throw new RangeError(`${path} is not a result of this version`);
  return results;
}

/** In one line, for people. */
export const machineText = ({ machine, date, rounds }: Results): string =>
  `${date.slice(0, 10)}, Node ${machine.node}${machine.koffi ? " with koffi" : ""}, ${machine.cores} cores (${machine.processor}), ${rounds} rounds, load ${machine.load
    .map((load) => load.toFixed(1))
    .join(" before and ")} after`;
