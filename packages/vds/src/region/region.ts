/** The elements that a stored selection means, in their order, whatever the extent of the dataset. */
import { type RangeAxis, type StoredSelection, storedSelection } from "@h5ts/core";
import { blocksRange, type Range, run } from "./range.ts";
import { wrongMapping } from "./wrong-mapping.ts";

/** A product of ranges, in row-major order. */
export interface Grid {
  readonly kind: "grid";
  readonly axes: readonly Range[];
  readonly count: number;
}

/** Rows along the last axis, in the order of their elements: points, irregular blocks. */
export interface Rows {
  readonly kind: "rows";
  readonly rank: number;
  /** `rank` coordinates of the first element of each row. */
  readonly starts: Float64Array;
  /** Number of the first element of each row; behind them, that of all elements. */
  readonly firsts: Float64Array;
  readonly count: number;
}

export type Region = Grid | Rows;

export function gridOf(axes: readonly Range[]): Grid {
  return { kind: "grid", axes, count: product(axes.map((axis) => axis.length)) };
}

/** FormatError where there are more elements than can be counted. */
function product(counts: readonly number[]): number {
  const count = counts.reduce((all, n) => all * n, 1);
  if (count > Number.MAX_SAFE_INTEGER) throw wrongMapping("selects too many elements", count, "up to 2^53 - 1");
  return count;
}

/** What a selection without unlimited parts means; `dims` is the dataset's extent, which only "all" depends on. */
export function regionOf(stored: StoredSelection, dims: readonly number[]): Region {
  switch (stored.kind) {
    case "none":
      return rowsOf(new Float64Array(0), [], dims.length);
    case "all":
      return gridOf(dims.map((n) => run(0, n)));
    case "hyperslab": {
      checkRank(stored.rank, dims);
      const { start, stride, count, block } = stored;
      return gridOf(start.map((first, d) => blocksRange(first, stride[d], count[d], block[d])));
    }
    case "points":
      checkRank(stored.rank, dims);
      return rowsOf(stored.points, undefined, stored.rank);
    case "blocks":
      checkRank(stored.rank, dims);
      return blocksRegion(stored.corners, stored.rank);
  }
}

export function checkRank(rank: number, dims: readonly number[]): void {
  if (rank === dims.length) return;
  throw wrongMapping("has a selection of another rank than its dataset", rank, String(dims.length));
}

/** `lengths` absent: of one element each. */
function rowsOf(starts: Float64Array, lengths: readonly number[] | undefined, rank: number): Rows {
  const rows = rank === 0 ? 0 : starts.length / rank;
  const firsts = new Float64Array(rows + 1);
  for (let i = 0; i < rows; i++) firsts[i + 1] = firsts[i] + (lengths === undefined ? 1 : lengths[i]);
  return { kind: "rows", rank, starts, firsts, count: firsts[rows] };
}

/** Blocks in row-major order of their elements, each once; over the smallest extent that holds them. */
function blocksRegion(corners: Float64Array, rank: number): Region {
  const shape = new Array<number>(rank).fill(1);
  for (let i = 0; i < corners.length; i++) shape[i % rank] = Math.max(shape[i % rank], corners[i] + 1);
  product(shape);
  const selection = storedSelection({ kind: "blocks", rank, corners }, shape);
  if (selection.kind === "axes")
    return gridOf((selection.axes as readonly RangeAxis[]).map(({ start, count, block }) => run(start, count * block)));
  const starts: number[] = [];
  const lengths: number[] = [];
  const last = shape[rank - 1];
  selection.starts.forEach((start, i) => {
    // Runs go on over the ends of rows.
    for (let at = start, end = start + selection.lengths[i]; at < end; ) {
      const row = Math.floor(at / last);
      const stop = Math.min(end, (row + 1) * last);
      pushCoordinates(starts, row, at - row * last, shape);
      lengths.push(stop - at);
      at = stop;
    }
  });
  return rowsOf(Float64Array.from(starts), lengths, rank);
}

function pushCoordinates(into: number[], row: number, last: number, shape: readonly number[]): void {
  const at = into.length;
  for (let d = 0; d < shape.length; d++) into.push(last);
  for (let d = shape.length - 2, rest = row; d >= 0; d--) {
    into[at + d] = rest % shape[d];
    rest = Math.floor(rest / shape[d]);
  }
}
