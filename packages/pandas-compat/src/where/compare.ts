/** Comparisons of whole columns with one value. */
import type { FixedBytes } from "../pytables/raw-column.ts";
import { withoutNuls } from "../python/numpy.ts";
import type { Comparison } from "./parse.ts";

type Numbers = ArrayLike<number> | ArrayLike<bigint>;

/** Sets the bytes of a mask where a number compares so with the value; NaN is unlike everything. */
export function compareNumbers(data: Numbers, comparison: Comparison, value: number | bigint, mask: Uint8Array): void {
  const wide = data instanceof BigInt64Array || data instanceof BigUint64Array;
  const wanted = wide && Number.isInteger(value) ? BigInt(value) : wide ? value : Number(value);
  const numbers = data as ArrayLike<number>;
  const other = wanted as number;
  switch (comparison) {
    case "==":
      for (let i = 0; i < mask.length; i++) if (numbers[i] === other) mask[i] = 1;
      break;
    case "!=":
      for (let i = 0; i < mask.length; i++) if (numbers[i] !== other) mask[i] = 1;
      break;
    case "<":
      for (let i = 0; i < mask.length; i++) if (numbers[i] < other) mask[i] = 1;
      break;
    case "<=":
      for (let i = 0; i < mask.length; i++) if (numbers[i] <= other) mask[i] = 1;
      break;
    case ">":
      for (let i = 0; i < mask.length; i++) if (numbers[i] > other) mask[i] = 1;
      break;
    case ">=":
      for (let i = 0; i < mask.length; i++) if (numbers[i] >= other) mask[i] = 1;
      break;
  }
}

/** The same of text as bytes, in the order of these. */
export function compareBytes(
  { bytes, width }: FixedBytes,
  comparison: Comparison,
  value: Uint8Array,
  mask: Uint8Array,
): void {
  const wanted = withoutNuls(value);
  for (let i = 0; i < mask.length; i++) if (holds(comparison, order(bytes, i * width, width, wanted))) mask[i] = 1;
}

/** Below, above or like: NULs behind a text do not count. */
export function order(bytes: Uint8Array, at: number, width: number, wanted: Uint8Array): number {
  const most = Math.max(width, wanted.length);
  for (let k = 0; k < most; k++) {
    const difference = (k < width ? bytes[at + k] : 0) - (k < wanted.length ? wanted[k] : 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function holds(comparison: Comparison, difference: number): boolean {
  switch (comparison) {
    case "==":
      return difference === 0;
    case "!=":
      return difference !== 0;
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}
