/** Patterns of access: what is read at a time, by name or as a selection. */
import { type AxisInput, slice } from "h5ts";
import { UsageError } from "../command.ts";

export interface Pattern {
  readonly name: string;
  /** Elements along each axis of one read. */
  readonly extent: readonly number[];
  /** The reads of a run, one after the other: where each begins and ends on every axis, and the same as a selection. */
  readonly ranges: readonly (readonly Range[])[];
  readonly reads: readonly AxisInput[][];
}

type Range = readonly [from: number, to: number];

/** Reads of a run at most. */
const MOST = 16;

const selected = (ranges: readonly Range[]): AxisInput[] => ranges.map(([from, to]) => slice(from, to));

const NAMED: Readonly<Record<string, (shape: readonly number[]) => number[]>> = {
  all: (shape) => [...shape],
  rows: (shape) => shape.map((n, axis) => (axis < shape.length - 1 ? 1 : n)),
  columns: (shape) => shape.map((n, axis) => (axis === 0 ? n : 1)),
  frames: (shape) => shape.map((n, axis) => (axis === 0 && shape.length > 1 ? 1 : n)),
  tiles: (shape) => shape.map((n, axis) => (axis < shape.length - 2 ? 1 : Math.min(n, 128))),
  points: (shape) => shape.map(() => 1),
};

export const PATTERN_NAMES: readonly string[] = Object.keys(NAMED);

/** Of `rows`, or `[:, 64:192, 64:192]`. UsageError where it is neither, or does not fit the shape. */
export function patternOf(text: string, shape: readonly number[]): Pattern {
  const named = NAMED[text];
  if (named !== undefined) return scattered(text, named(shape), shape);
  const axes = /^\[(.*)\]$/.exec(text.trim())?.[1].split(",") ?? [];
  if (axes.length !== shape.length)
    throw new UsageError(
      `--pattern must be one of ${PATTERN_NAMES.join(", ")}, or [:, 64:192] with each axis, not ${text}`,
    );
  const ranges = axes.map((axis, i) => rangeOf(axis.trim(), shape[i], text));
  return { name: text, extent: ranges.map(([from, to]) => to - from), ranges: [ranges], reads: [selected(ranges)] };
}

function rangeOf(text: string, size: number, pattern: string): Range {
  const [, single, from, to] = /^(?:(\d+)|(\d*):(\d*))$/.exec(text) ?? [];
  const range: Range =
    single === undefined ? [Number(from || 0), Number(to || size)] : [Number(single), Number(single) + 1];
  if ((single ?? to) !== undefined && range[0] < range[1] && range[1] <= size) return range;
  throw new UsageError(`--pattern ${pattern}: ${text} is no part of an axis of ${size}`);
}

/** Reads of that extent all over the dataset, at places that are always the same. */
function scattered(name: string, extent: readonly number[], shape: readonly number[]): Pattern {
  const places = shape.reduce((product, n, i) => product * (n - extent[i] + 1), 1);
  let x = 12345;
  const at = (most: number): number => {
    x = (Math.imul(1664525, x) + 1013904223) >>> 0;
    return (x >>> 8) % (most + 1);
  };
  const ranges = Array.from({ length: Math.min(MOST, places) }, () =>
    shape.map((n, i): Range => {
      const from = at(n - extent[i]);
      return [from, from + extent[i]];
    }),
  );
  return { name, extent, ranges, reads: ranges.map(selected) };
}
