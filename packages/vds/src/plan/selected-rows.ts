/** A selection row by row along the last axis: for mappings that are no products of ranges, or not of the source's shape. */
import type { AxesSelection, AxisSelection, RunsSelection, Selection } from "@h5ts/core";

/** Takes the elements from `result` on: `length` neighbours along the last axis, from the element at `position` on. */
export type RowVisitor = (result: number, position: Float64Array, length: number) => void;

/** Coordinates, the highest one exclusive, outside of which rows are of no interest. */
export interface Box {
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** Shows the rows of a selection of a dataset of that extent; those outside of the box may be left out. */
export function visitRows(selection: Selection, dims: readonly number[], box: Box, visit: RowVisitor): void {
  if (selection.kind === "axes") visitAxes(selection, box, visit);
  else visitRuns(selection, dims, visit);
}

/** Neighbours along one axis within the box: the first coordinate, its number in the result, how many. */
interface Stretch {
  readonly coordinate: number;
  readonly number: number;
  length: number;
}

function stretches(axis: AxisSelection, low: number, high: number): Stretch[] {
  const found: Stretch[] = [];
  const add = (coordinate: number, number: number, length: number): void => {
    const before = Math.max(0, low - coordinate);
    const some = Math.min(coordinate + length, high) - coordinate - before;
    if (some <= 0) return;
    const last = found[found.length - 1];
    const ends = last !== undefined && last.coordinate + last.length === coordinate + before;
    if (ends && last.number + last.length === number + before) last.length += some;
    else found.push({ coordinate: coordinate + before, number: number + before, length: some });
  };
  if (axis.kind === "list") {
    for (let i = 0; i < axis.indices.length; i++) add(axis.indices[i], i, 1);
    return found;
  }
  const { start, count, stride, block } = axis;
  if (stride === block) {
    add(start, 0, count * block);
    return found;
  }
  const first = count === 1 ? 0 : Math.max(0, Math.floor((low - start - block) / stride) + 1);
  for (let turn = first; turn < count && start + turn * stride < high; turn++)
    add(start + turn * stride, turn * block, block);
  return found;
}

function visitAxes({ axes, count }: AxesSelection, { low, high }: Box, visit: RowVisitor): void {
  const counts = axes.map((axis) => (axis.kind === "list" ? axis.indices.length : axis.count * axis.block));
  const along = axes.map((axis, d) => stretches(axis, low[d], high[d]));
  if (count === 0 || along.some((found) => found.length === 0)) return;
  const position = new Float64Array(axes.length);
  const last = axes.length - 1;
  const descend = (d: number, base: number): void => {
    for (const { coordinate, number, length } of along[d]) {
      if (d === last) {
        position[d] = coordinate;
        visit(base + number, position, length);
        continue;
      }
      for (let k = 0; k < length; k++) {
        position[d] = coordinate + k;
        descend(d + 1, (base + number + k) * counts[d + 1]);
      }
    }
  };
  if (last < 0) visit(0, position, 1);
  else descend(0, 0);
}

function visitRuns({ starts, lengths }: RunsSelection, dims: readonly number[], visit: RowVisitor): void {
  const last = dims[dims.length - 1];
  const position = new Float64Array(dims.length);
  let result = 0;
  for (let i = 0; i < starts.length; i++) {
    for (let at = starts[i], end = at + lengths[i]; at < end; ) {
      const row = Math.floor(at / last);
      const stop = Math.min(end, (row + 1) * last);
      position[dims.length - 1] = at - row * last;
      for (let d = dims.length - 2, rest = row; d >= 0; d--) {
        position[d] = rest % dims[d];
        rest = Math.floor(rest / dims[d]);
      }
      visit(result, position, stop - at);
      result += stop - at;
      at = stop;
    }
  }
}
