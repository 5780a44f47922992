/** Selections as region references keep them: the way back of stored.ts. */
import { SelectionError } from "../../errors.ts";
import type { StoredSelection } from "../../format/selection/dataspace-selection.ts";
import type { AxesSelection, AxisSelection, RangeAxis, RunsSelection, Selection } from "./selection.ts";

/** Blocks or points that one selection may be made of. */
const MAX_PARTS = 2 ** 24;

/**
 * The stored form of a selection of a dataset of that shape: a hyperslab where each axis is a range, else blocks where
 * elements ascend, else points.
 */
export function storeSelection(selection: Selection, shape: readonly number[]): StoredSelection {
  if (shape.length === 0) return { kind: "all" };
  if (selection.count === 0) return { kind: "none" };
  if (selection.kind === "runs") return storeRuns(selection, shape);
  if (selection.axes.every((axis) => axis.kind === "range")) return hyperslab(selection.axes as readonly RangeAxis[]);
  return selection.axes.every(ascends) ? productOfRuns(selection) : pointsOf(selection);
}

function hyperslab(axes: readonly RangeAxis[]): StoredSelection {
  // A row of single elements is one block.
  const dense = axes.map((axis) =>
    axis.stride === axis.block ? { ...axis, count: 1, block: axis.count * axis.block } : axis,
  );
  return {
    kind: "hyperslab",
    rank: axes.length,
    start: dense.map(({ start }) => start),
    stride: dense.map(({ stride, block }) => Math.max(stride, block)),
    count: dense.map(({ count }) => count),
    block: dense.map(({ block }) => block),
  };
}

const ascends = (axis: AxisSelection): boolean =>
  axis.kind === "range" || axis.indices.every((index, i) => i === 0 || index > axis.indices[i - 1]);

function bounded(parts: number): void {
  if (parts <= MAX_PARTS) return;
  throw new SelectionError("is too scattered for a reference", {
    structure: "selection",
    found: `${parts} parts`,
    allowed: `at most ${MAX_PARTS}`,
  });
}

/** First and last index of each run along an axis. */
function runsOf(axis: AxisSelection): [number, number][] {
  if (axis.kind === "range") {
    const { start, count, stride, block } = axis;
    if (stride === block) return [[start, start + count * block - 1]];
    return Array.from({ length: count }, (_, i) => [start + i * stride, start + i * stride + block - 1]);
  }
  const runs: [number, number][] = [];
  for (const index of axis.indices) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] + 1 === index) last[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}

function productOfRuns({ axes }: AxesSelection): StoredSelection {
  const each = axes.map(runsOf);
  const count = each.reduce((product, runs) => product * runs.length, 1);
  bounded(count);
  const rank = axes.length;
  const corners = new Float64Array(count * 2 * rank);
  for (let i = 0; i < count; i++) {
    for (let axis = rank - 1, rest = i; axis >= 0; axis--) {
      const runs = each[axis];
      const [first, last] = runs[rest % runs.length];
      corners[i * 2 * rank + axis] = first;
      corners[(i * 2 + 1) * rank + axis] = last;
      rest = Math.floor(rest / runs.length);
    }
  }
  return { kind: "blocks", rank, corners };
}

function pointsOf({ axes, count }: AxesSelection): StoredSelection {
  bounded(count);
  const each = axes.map((axis) =>
    runsOf(axis).flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)),
  );
  const rank = axes.length;
  const points = new Float64Array(count * rank);
  for (let i = 0; i < count; i++) {
    for (let axis = rank - 1, rest = i; axis >= 0; axis--) {
      const indices = each[axis];
      points[i * rank + axis] = indices[rest % indices.length];
      rest = Math.floor(rest / indices.length);
    }
  }
  return { kind: "points", rank, points };
}

/** Coordinates of an element. */
function coordinatesOf(number: number, shape: readonly number[]): number[] {
  const coordinates = new Array<number>(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    coordinates[axis] = number % shape[axis];
    number = Math.floor(number / shape[axis]);
  }
  return coordinates;
}

function storeRuns({ starts, lengths, count }: RunsSelection, shape: readonly number[]): StoredSelection {
  const rank = shape.length;
  const ascending = starts.every((start, i) => i === 0 || start >= starts[i - 1] + lengths[i - 1]);
  bounded(ascending ? starts.length : count);
  const parts: number[] = [];
  starts.forEach((start, i) => {
    for (let at = start; at < start + lengths[i]; ) {
      const first = coordinatesOf(at, shape);
      // To the end of the row, or one by one.
      const some = ascending ? Math.min(start + lengths[i] - at, shape[rank - 1] - first[rank - 1]) : 1;
      parts.push(...first);
      if (ascending) parts.push(...first.slice(0, -1), first[rank - 1] + some - 1);
      at += some;
    }
  });
  const flat = Float64Array.from(parts);
  return ascending ? { kind: "blocks", rank, corners: flat } : { kind: "points", rank, points: flat };
}
