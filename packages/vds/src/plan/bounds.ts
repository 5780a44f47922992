/** The least box around the elements of a region, a stored selection, or what a caller selects. */
import type { AxisSelection, Selection, StoredSelection } from "@h5ts/core";
import { endOf } from "../region/range.ts";
import type { Region } from "../region/region.ts";
import type { Box } from "./selected-rows.ts";

export function boundsOf(region: Region): Box {
  if (region.kind === "grid") {
    return { low: region.axes.map((axis) => axis.start), high: region.axes.map(endOf) };
  }
  const { rank, starts, firsts } = region;
  const low = new Array<number>(rank).fill(Infinity);
  const high = new Array<number>(rank).fill(0);
  for (let i = 0; i < starts.length; i++) {
    const d = i % rank;
    const row = (i - d) / rank;
    const end = starts[i] + (d === rank - 1 ? firsts[row + 1] - firsts[row] : 1);
    if (starts[i] < low[d]) low[d] = starts[i];
    if (end > high[d]) high[d] = end;
  }
  return { low, high };
}

/** Writes the box of a stored selection, whatever the extent, to `into`; `false` where nothing is selected. */
export function storedBounds(stored: StoredSelection, rank: number, into: Float64Array): boolean {
  const low = into.subarray(0, rank);
  const high = into.subarray(rank);
  switch (stored.kind) {
    case "none":
      return false;
    case "all":
      high.fill(Infinity);
      return true;
    case "hyperslab":
      for (let d = 0; d < rank; d++) {
        low[d] = stored.start[d];
        const { [d]: count } = stored.count;
        const { [d]: block } = stored.block;
        if (count === 0 || block === 0) return false;
        const end = count === 1 ? low[d] + block : low[d] + (count - 1) * stored.stride[d] + block;
        // Without end and without a stride: found wherever it is looked for, and refused.
        high[d] = Number.isNaN(end) ? Infinity : end;
      }
      return true;
    case "points":
      return cornerBounds(stored.points, stored.points, rank, rank, low, high);
    case "blocks":
      return cornerBounds(stored.corners, stored.corners.subarray(rank), rank, 2 * rank, low, high);
  }
}

function cornerBounds(
  firsts: Float64Array,
  lasts: Float64Array,
  rank: number,
  step: number,
  low: Float64Array,
  high: Float64Array,
): boolean {
  low.fill(Infinity);
  for (let at = 0; at < firsts.length; at += step) {
    for (let d = 0; d < rank; d++) {
      if (firsts[at + d] < low[d]) low[d] = firsts[at + d];
      if (lasts[at + d] >= high[d]) high[d] = lasts[at + d] + 1;
    }
  }
  return firsts.length > 0;
}

/** More runs than this are looked up by their common box. */
const MANY_RUNS = 10_000;

/** Boxes that hold all that is selected. */
export function selectedBoxes(selection: Selection, dims: readonly number[]): Box[] {
  if (selection.count === 0) return [];
  if (selection.kind === "axes") {
    const bounds = selection.axes.map(axisBounds);
    return [{ low: bounds.map(([low]) => low), high: bounds.map(([, high]) => high) }];
  }
  const { starts, lengths } = selection;
  if (starts.length <= MANY_RUNS) return Array.from(starts, (start, i) => runBox(start, start + lengths[i], dims));
  let low = Infinity;
  let high = 0;
  starts.forEach((start, i) => {
    low = Math.min(low, start);
    high = Math.max(high, start + lengths[i]);
  });
  return [runBox(low, high, dims)];
}

function axisBounds(axis: AxisSelection): [low: number, high: number] {
  if (axis.kind === "range") {
    const { start, count, stride, block } = axis;
    return [start, count === 0 ? start : start + (count - 1) * stride + block];
  }
  return axis.indices.reduce<[number, number]>(
    ([low, high], index) => [Math.min(low, index), Math.max(high, index + 1)],
    [Infinity, 0],
  );
}

/** The box of neighbours in row-major order. */
function runBox(start: number, end: number, dims: readonly number[]): Box {
  const low = new Array<number>(dims.length);
  const high = new Array<number>(dims.length);
  for (let d = dims.length - 1, a = start, b = end - 1; d >= 0; d--) {
    low[d] = a % dims[d];
    high[d] = (b % dims[d]) + 1;
    a = Math.floor(a / dims[d]);
    b = Math.floor(b / dims[d]);
    if (a === b) continue;
    // Over the end of a row: all of it.
    low[d] = 0;
    high[d] = dims[d];
  }
  return { low, high };
}
