/** Geometric means over the workloads beside each peer, and the workloads where h5ts is slower. */
import type { Measured } from "./measured.ts";
import { TARGETS } from "./targets.ts";
import { ratioOf } from "./verdicts.ts";
import { WORKLOADS } from "./workloads.ts";

export interface Mean {
  readonly peer: string;
  /** What of h5ts is compared. */
  readonly variant: "sync" | "async";
  readonly least: number;
  readonly mean: number;
  /** Workloads that it counts. */
  readonly count: number;
  /** Those below 1, with their ratios, and whether a target allows that. */
  readonly slower: readonly { readonly workload: string; readonly ratio: number; readonly isAllowed: boolean }[];
}

/** h5wasm and jsfive use one processor, so does `sync`: processor time; h5py is told by the clock beside `async`. */
const COMPARED = [
  { peer: "h5wasm", variant: "sync", least: 4, key: "cpus" },
  { peer: "jsfive", variant: "sync", least: 10, key: "cpus" },
  { peer: "h5py", variant: "async", least: 1.5, key: "walls" },
] as const;

export function meansOf(all: readonly Measured[]): Mean[] {
  return COMPARED.map(({ peer, variant, least, key }) => {
    const ratios = WORKLOADS.map((workload) => ({
      workload,
      ratio: ratioOf(all, workload, variant, { peer }, key),
    })).filter(({ ratio }) => !Number.isNaN(ratio));
    const logs = ratios.reduce((sum, { ratio }) => sum + Math.log(ratio), 0);
    const slower = ratios
      .filter(({ ratio }) => ratio < 1)
      .map(({ workload, ratio }) => ({ workload, ratio, isAllowed: isAllowed(workload, peer) }));
    return { peer, variant, least, mean: Math.exp(logs / ratios.length), count: ratios.length, slower };
  }).filter(({ count }) => count > 0);
}

/** A target has a bound below 1 for it. */
const isAllowed = (workload: string, peer: string): boolean =>
  TARGETS.some(({ bounds }) =>
    bounds.some((one) => one.workload === workload && one.than?.peer === peer && one.least! < 1),
  );
