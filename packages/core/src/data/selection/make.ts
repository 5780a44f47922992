/** Selections out of their parts. */
import { axisCount, wholeAxis } from "./axis.ts";
import type { AxesSelection, AxisSelection, RunsSelection } from "./selection.ts";

/** The product of axes. `dropped`: axes that are left out of the result's shape. */
export function axes(each: readonly AxisSelection[], dropped: ReadonlySet<number> = new Set()): AxesSelection {
  const counts = each.map(axisCount);
  return {
    kind: "axes",
    axes: each,
    shape: counts.filter((_, axis) => !dropped.has(axis)),
    count: counts.reduce((product, count) => product * count, 1),
  };
}

/** All elements. */
export const wholeSelection = (shape: readonly number[]): AxesSelection => axes(shape.map(wholeAxis));

/** Runs, in a result of one axis. */
export function runs(starts: readonly number[], lengths: readonly number[]): RunsSelection {
  const count = lengths.reduce((sum, length) => sum + length, 0);
  return {
    kind: "runs",
    starts: Float64Array.from(starts),
    lengths: Float64Array.from(lengths),
    shape: [count],
    count,
  };
}
