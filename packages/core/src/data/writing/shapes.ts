/** Shapes of what a caller passes: nested arrays, and NumPy's rules of broadcasting. */
import { ShapeError } from "../../errors.ts";

export type Shape = readonly number[];

export const countOf = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, i) => dim === b[i]);

export const inWords = (shape: Shape): string => `[${shape.join(", ")}]`;

/** A typed array of any kind; no DataView. */
export const isTypedArray = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

/** What has items of its own. */
export const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || isTypedArray(value);

/** Levels of nesting, by the deepest of the items: an empty list is one. `more` says how deep other items are. */
export function depthOf(value: unknown, more: (value: unknown) => number = () => 0): number {
  if (!Array.isArray(value)) return more(value);
  let deepest = 0;
  for (const item of value) {
    deepest = Math.max(deepest, depthOf(item, more));
    // Numbers and text: no need to look at each.
    if (deepest === 0) break;
  }
  return deepest + 1;
}

/** The shape of nested lists down to `rank` levels. */
export function nestedShape(value: unknown, rank: number): number[] {
  const shape: number[] = [];
  while (shape.length < rank) {
    if (!isList(value)) {
      shape.push(0);
      continue;
    }
    shape.push(value.length);
    value = value[0];
  }
  const empty = shape.indexOf(0);
  return empty < 0 ? shape : shape.slice(0, empty + 1);
}

/** Calls `leaf` for what stands `shape.length` levels deep, in row-major order. ShapeError where lists differ in length. */
export function eachLeaf(value: unknown, shape: Shape, leaf: (value: unknown) => void, axis = 0): void {
  if (axis === shape.length) {
    leaf(value);
    return;
  }
  const list = listOf(value, shape[axis], axis);
  for (let i = 0; i < list.length; i++) eachLeaf(list[i], shape, leaf, axis + 1);
}

/** The value, which must be a list of that length. */
export function listOf(value: unknown, length: number, axis: number): ArrayLike<unknown> {
  if (!isList(value) || value.length !== length) {
    throw new ShapeError(`has lists of different lengths along axis ${axis}`, {
      structure: "nested array",
      found: isList(value) ? value.length : typeof value,
      allowed: `${length}; sequences of variable length need a dtype.vlen`,
    });
  }
  return value;
}

/** The shape that two shapes are broadcast to. ShapeError where there is none. */
export function commonShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw cannotBroadcast(a, b);
    return x === 1 ? y : x;
  });
}

/** The axes of `from` beside those of `to`, 1 where it has none. ShapeError where it cannot be broadcast to them. */
export function aligned(from: Shape, to: Shape): Shape {
  const spare = from.length - to.length;
  const axes = to.map((_, axis) => from[axis + spare] ?? 1);
  const fits = axes.every((dim, axis) => dim === 1 || dim === to[axis]);
  // As NumPy and h5py do, leading axes of one element may be too many.
  if (!fits || from.slice(0, Math.max(spare, 0)).some((dim) => dim !== 1)) throw cannotBroadcast(from, to);
  return axes;
}

const cannotBroadcast = (from: Shape, to: Shape): ShapeError =>
  new ShapeError("cannot be broadcast", { structure: "value to write", found: inWords(from), allowed: inWords(to) });
