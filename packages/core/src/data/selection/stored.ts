/** Selections of region references and virtual datasets, made definite against a shape. */
import { SelectionError } from "../../errors.ts";
import type {
  BlocksSelection,
  HyperslabSelection,
  StoredSelection,
} from "../../format/selection/dataspace-selection.ts";
import { hyperslabAxis, range } from "./axis.ts";
import { axes, runs, wholeSelection } from "./make.ts";
import type { Selection } from "./selection.ts";

/** Runs that a selection may consist of. */
const MAX_RUNS = 2 ** 27;

/**
 * The elements that a stored selection stands for. A regular hyperslab gives a result of its shape, all others one of a
 * single axis (as h5py). SelectionError where it does not fit the shape.
 */
export function storedSelection(stored: StoredSelection, shape: readonly number[]): Selection {
  switch (stored.kind) {
    case "none":
      return runs([], []);
    case "all":
      return wholeSelection(shape);
    case "points":
      checkRank(stored.rank, shape);
      return points(stored.points, shape);
    case "hyperslab":
      checkRank(stored.rank, shape);
      return hyperslab(stored, shape);
    case "blocks":
      checkRank(stored.rank, shape);
      return blocks(stored, shape);
  }
}

function checkRank(rank: number, shape: readonly number[]): void {
  if (rank === shape.length) return;
  throw new SelectionError("has another rank than the dataset", {
    structure: "dataspace selection",
    found: rank,
    allowed: String(shape.length),
  });
}

/** Unlimited counts and blocks go on to the end of the extent. */
function hyperslab(stored: HyperslabSelection, shape: readonly number[]): Selection {
  return axes(
    shape.map((extent, axis) => {
      const { start, stride, count, block } = stored;
      const length = block[axis] === Infinity ? Math.max(0, extent - start[axis]) : block[axis];
      const limited = count[axis] === Infinity ? {} : { count: block[axis] === Infinity ? 1 : count[axis] };
      const slab = { start: start[axis], stride: Math.max(stride[axis], 1), block: length, ...limited };
      return hyperslabAxis(slab, axis, extent, `start ${slab.start}, stride ${slab.stride}, block ${slab.block}`);
    }),
  );
}

/** Number of an element, row-major. */
function elementNumber(coordinates: Float64Array, at: number, shape: readonly number[]): number {
  let number = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const index = coordinates[at + axis];
    if (!(index < shape[axis])) outside(axis, index, shape[axis]);
    number = number * shape[axis] + index;
  }
  return number;
}

function outside(axis: number, found: number, extent: number): never {
  throw new SelectionError(`selects beyond the extent along axis ${axis}`, {
    structure: "dataspace selection",
    found,
    allowed: `less than ${extent}`,
  });
}

/** In the order in which they are stored. */
function points(coordinates: Float64Array, shape: readonly number[]): Selection {
  const starts: number[] = [];
  const lengths: number[] = [];
  for (let at = 0; at < coordinates.length; at += shape.length) {
    addRun(starts, lengths, elementNumber(coordinates, at, shape), 1);
  }
  return runs(starts, lengths);
}

/** Goes on with the last run where the new one follows it. */
function addRun(starts: number[], lengths: number[], start: number, length: number): void {
  const last = starts.length - 1;
  if (last >= 0 && starts[last] + lengths[last] === start) lengths[last] += length;
  else {
    starts.push(start);
    lengths.push(length);
  }
}

/** Blocks side by side or apart, in row-major order of their elements, each once. */
function blocks(stored: BlocksSelection, shape: readonly number[]): Selection {
  const { rank, corners } = stored;
  const count = corners.length / (2 * rank);
  if (count === 1) {
    return axes(
      shape.map((extent, axis) => {
        if (!(corners[rank + axis] < extent)) outside(axis, corners[rank + axis], extent);
        return range(corners[axis], corners[rank + axis] - corners[axis] + 1);
      }),
    );
  }
  const all: [number, number][] = [];
  for (let i = 0; i < count; i++) blockRuns(corners, i * 2 * rank, shape, all);
  return runs(...merged(all));
}

/** The rows of one block. */
function blockRuns(corners: Float64Array, at: number, shape: readonly number[], into: [number, number][]): void {
  const rank = shape.length;
  elementNumber(corners, at + rank, shape);
  const position = corners.slice(at, at + rank);
  const length = corners[at + 2 * rank - 1] - corners[at + rank - 1] + 1;
  for (;;) {
    into.push([elementNumber(position, 0, shape), length]);
    if (into.length > MAX_RUNS) {
      throw new SelectionError("has too many rows", { structure: "dataspace selection", allowed: `${MAX_RUNS}` });
    }
    let axis = rank - 2;
    for (; axis >= 0 && ++position[axis] > corners[at + rank + axis]; axis--) position[axis] = corners[at + axis];
    if (axis < 0) return;
  }
}

/** Sorted, joined where they touch or overlap. */
function merged(all: [number, number][]): [number[], number[]] {
  all.sort(([a], [b]) => a - b);
  const starts: number[] = [];
  const lengths: number[] = [];
  for (const [start, length] of all) {
    const last = starts.length - 1;
    const end = last < 0 ? -1 : starts[last] + lengths[last];
    if (start <= end) lengths[last] = Math.max(end, start + length) - starts[last];
    else {
      starts.push(start);
      lengths.push(length);
    }
  }
  return [starts, lengths];
}
