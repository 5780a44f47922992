/** What changed between two runs of the suite: ratios to a peer, which outlive a change of the machine's mood better than seconds do. */
import type { Measured } from "./measured.ts";
import type { Results } from "./results.ts";
import { table } from "./tables.ts";
import { linesOf, medianOf, ratioOf, timeText } from "./verdicts.ts";

/** A change that is worth a look. */
const NOTABLE = 0.1;

interface Change {
  readonly workload: string;
  readonly variant: string;
  readonly before: number;
  readonly after: number;
  /** So many times as fast as before, beside a peer where both runs have one, else by seconds. */
  readonly factor: number;
  readonly beside: string;
}

const ANCHORS = ["limit", "h5py", "h5wasm"];

export function changesOf(before: Results, after: Results): Change[] {
  const keys = new Set(
    after.measured
      .filter(({ peer, cpu, workload }) => peer === "h5ts" && cpu !== undefined && !workload.startsWith("F_"))
      .map((one) => `${one.workload}|${one.variant}`),
  );
  return [...keys].flatMap((key) => {
    const [workload, variant] = key.split("|");
    const times = [before, after].map(({ measured }) => medianOf(measured, workload, "h5ts", variant, "cpu"));
    if (times.some(Number.isNaN)) return [];
    const beside = ANCHORS.find((peer) => [before, after].every(({ measured }) => has(measured, workload, peer)));
    const factor = beside === undefined ? times[0] / times[1] : besideAnchor(before, after, workload, variant, beside);
    return [{ workload, variant, before: times[0], after: times[1], factor, beside: beside ?? "" }];
  });
}

const has = (all: readonly Measured[], workload: string, peer: string): boolean =>
  linesOf(all, workload, peer).length > 0;

function besideAnchor(before: Results, after: Results, workload: string, variant: string, peer: string): number {
  const [old, now] = [before, after].map(({ measured }) => ratioOf(measured, workload, variant, { peer }, "cpus"));
  return now / old;
}

export function changeTable(before: Results, after: Results): string {
  const rows = changesOf(before, after)
    .sort((a, b) => a.factor - b.factor)
    .map(({ workload, variant, factor, beside, ...one }) => [
      workload,
      variant,
      timeText(one.before),
      timeText(one.after),
      `${factor.toFixed(2)} x`,
      Math.abs(Math.log(factor)) < NOTABLE ? "" : factor > 1 ? "faster" : "SLOWER",
      beside,
    ]);
  return table([["workload", "h5ts", "cpu before", "cpu after", "as fast", "", "beside"], ...rows]);
}
