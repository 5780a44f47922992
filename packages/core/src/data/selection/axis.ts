/** Selections along one axis, made definite. */
import { SelectionError } from "../../errors.ts";
import type { AxisInput, Mask } from "./input.ts";
import type { AxisSelection, RangeAxis } from "./selection.ts";
import { type Hyperslab, Slice } from "./slice.ts";

/** Longest list of indices that a selection is turned into. */
const MAX_LIST = 2 ** 27;

export const range = (start: number, count: number, stride = 1, block = 1): RangeAxis => ({
  kind: "range",
  start,
  count,
  stride: count <= 1 ? 1 : stride,
  block,
});

/** The whole axis. */
export const wholeAxis = (extent: number): RangeAxis => range(0, extent);

/** Elements that an axis selects. */
export const axisCount = (axis: AxisSelection): number =>
  axis.kind === "list" ? axis.indices.length : axis.count * axis.block;

function fail(axis: number, reason: string, found: unknown, allowed: string): never {
  throw new SelectionError(`${reason} along axis ${axis}`, { structure: "selection", found, allowed });
}

/** An index from either end of an axis. */
function indexOf(index: number | bigint, axis: number, extent: number): number {
  const place = Number(index);
  const found = place < 0 ? place + extent : place;
  if (Number.isInteger(place) && found >= 0 && found < extent) return found;
  const allowed = extent === 0 ? "none: the extent is 0" : `-${extent} to ${extent - 1}: the extent is ${extent}`;
  return fail(
    axis,
    Number.isInteger(place) ? "has an index out of range" : "has an index that is no integer",
    index,
    allowed,
  );
}

/** What one entry selects of an axis. */
export function axisSelection(input: AxisInput, axis: number, extent: number): AxisSelection {
  if (input === null) return wholeAxis(extent);
  if (typeof input === "number") return range(indexOf(input, axis, extent), 1);
  if (input instanceof Slice) {
    return input.hyperslab === undefined
      ? pythonSlice(input, axis, extent)
      : hyperslabAxis(input.hyperslab, axis, extent, input);
  }
  if (isMask(input)) return maskAxis(input.data, axis, extent);
  if (Array.isArray(input) && typeof input[0] === "boolean") return maskAxis(input as boolean[], axis, extent);
  if (typeof input === "object" && typeof input.length === "number")
    return list(input as ArrayLike<number>, axis, extent);
  return fail(axis, "has an entry of an unknown kind", input, "an index, null, a slice, a list of indices, a mask");
}

export const isMask = (input: unknown): input is Mask =>
  typeof input === "object" && input !== null && "data" in input && "shape" in input;

/** As Python's `slice.indices`. */
function pythonSlice(slice: Slice, axis: number, extent: number): AxisSelection {
  const step = slice.step ?? 1;
  for (const part of [slice.start, slice.stop, step]) {
    if (part !== null && !Number.isInteger(part))
      fail(axis, "has a slice that is not of integers", slice, "integers or null");
  }
  if (step === 0) fail(axis, "has a slice with step 0", slice, "any other step");
  const down = step < 0;
  const clamp = (place: number): number => {
    const from = place < 0 ? place + extent : place;
    return down ? Math.min(Math.max(from, -1), extent - 1) : Math.min(Math.max(from, 0), extent);
  };
  const start = slice.start === null ? (down ? extent - 1 : 0) : clamp(slice.start);
  const stop = slice.stop === null ? (down ? -1 : extent) : clamp(slice.stop);
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (!down) return range(count === 0 ? 0 : start, count, step);
  if (count <= 1) return range(count === 0 ? 0 : start, count);
  bounded(count, axis);
  return { kind: "list", indices: Float64Array.from({ length: count }, (_, i) => start + i * step) };
}

function bounded(count: number, axis: number): void {
  if (count > MAX_LIST) fail(axis, "has too many indices", count, `at most ${MAX_LIST}`);
}

/** A hyperslab along one axis; it lies within the extent. */
export function hyperslabAxis(slab: Hyperslab, axis: number, extent: number, shown: unknown): RangeAxis {
  const { start = 0, block = 1 } = slab;
  const { stride = Math.max(block, 1) } = slab;
  const room = extent - start - block;
  const { count = block > 0 && room >= 0 ? Math.floor(room / stride) + 1 : 0 } = slab;
  for (const part of [start, block, stride, count]) {
    if (!Number.isInteger(part) || part < 0)
      fail(axis, "has a hyperslab with a wrong number", shown, "integers from 0 on");
  }
  if (stride < 1 || (count > 1 && stride < block))
    fail(axis, "has a hyperslab whose blocks overlap", shown, "a stride of at least the block");
  if (count === 0 || block === 0) return range(0, 0);
  const end = start + (count - 1) * stride + block;
  if (end > extent) fail(axis, "has a hyperslab that runs past the extent", shown, `up to ${extent}, not ${end}`);
  return stride === block || count === 1 ? range(start, count * block) : range(start, count, stride, block);
}

function maskAxis(data: ArrayLike<unknown>, axis: number, extent: number): AxisSelection {
  if (data.length !== extent) fail(axis, "has a mask of a wrong length", data.length, `${extent}, the extent`);
  const indices: number[] = [];
  for (let i = 0; i < extent; i++) if (isSet(data[i], axis)) indices.push(i);
  return listOrRange(Float64Array.from(indices));
}

function isSet(value: unknown, axis: number): boolean {
  if (typeof value === "boolean") return value;
  return typeof value === "number" ? value !== 0 : fail(axis, "has a mask that is not of booleans", value, "booleans");
}

function list(input: ArrayLike<number | bigint>, axis: number, extent: number): AxisSelection {
  bounded(input.length, axis);
  const indices = new Float64Array(input.length);
  for (let i = 0; i < indices.length; i++) {
    const index: unknown = input[i];
    if (typeof index !== "number" && typeof index !== "bigint")
      fail(axis, "has a list that is not of indices", index, "integers");
    indices[i] = indexOf(index as number, axis, extent);
  }
  return listOrRange(indices);
}

/** Lists that go up by ones are ranges, which are read faster. */
function listOrRange(indices: Float64Array): AxisSelection {
  for (let i = 1; i < indices.length; i++) if (indices[i] !== indices[0] + i) return { kind: "list", indices };
  return range(indices.length === 0 ? 0 : indices[0], indices.length);
}
