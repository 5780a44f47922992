/**
 * Numbers to other numbers, as NumPy casts them: floats become integers by cutting off the fraction, integers become
 * floats by rounding. What the new type cannot hold is an error; it never wraps around.
 */
import { DTypeError } from "../../errors.ts";
import type { FloatType } from "../../format/datatype/datatype.ts";
import type { TypedArray } from "../arrays.ts";
import { FloatDecoder } from "./float.ts";
import { FloatEncoder } from "./float-encoder.ts";
import { type ArrayName, isBigint } from "./numbers.ts";

/** What numbers are converted to. */
export interface Goal {
  readonly array: ArrayName;
  /** In words, for errors: a datatype's name, or "number". */
  readonly name: string;
  /** Least and greatest value, where there is a bound. */
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  /** Anything but zero is 1. */
  readonly bool?: boolean;
  /** Rounds to a format that the array does not have itself. */
  readonly round?: (value: number) => number;
}

/** Converts a value at a time; `index` is for errors. */
type Convert = (value: number | bigint, index: number) => number | bigint;

/** The conversion of single values of one kind to a goal. */
export function converter(from: "number" | "bigint", goal: Goal): Convert {
  const check = boundCheck(goal);
  if (goal.bool === true) return (value) => (Number(value) === 0 ? 0 : 1);
  if (isBigint(goal.array)) {
    return from === "bigint" ? check : (value, i) => check(BigInt(whole(value as number, i, goal)), i);
  }
  if (goal.array.startsWith("Float")) {
    const { round } = goal;
    const checked: Convert = from === "bigint" ? (value, i) => Number(check(value, i)) : check;
    return round === undefined ? checked : (value, i) => round(checked(value, i) as number);
  }
  return from === "bigint"
    ? (value, i) => Number(check(value, i))
    : (value, i) => check(whole(value as number, i, goal), i);
}

function whole(value: number, index: number, goal: Goal): number {
  return Number.isFinite(value) ? Math.trunc(value) : outOfRange(value, index, goal);
}

function boundCheck(goal: Goal): Convert {
  const { min, max } = goal;
  if (min === undefined || max === undefined) return (value) => value;
  return (value, index) => (value >= min && value <= max ? value : outOfRange(value, index, goal));
}

function outOfRange(value: number | bigint, index: number, goal: Goal): never {
  const bounds = goal.min === undefined ? "" : `, ${goal.min} to ${goal.max}`;
  throw new DTypeError(`cannot hold the value of element ${index}`, {
    structure: goal.name,
    found: value,
    allowed: `values of ${goal.name}${bounds}`,
  });
}

/** Converts `count` values to `index` and those that follow. */
export function convertInto(
  from: TypedArray | bigint[],
  count: number,
  to: TypedArray | bigint[],
  index: number,
  convert: Convert,
): void {
  const source = from as { readonly [i: number]: number | bigint };
  const target = to as { [i: number]: number | bigint };
  for (let i = 0; i < count; i++) target[index + i] = convert(source[i], index + i);
}

/** Rounds numbers to a floating-point format. */
export function roundTo(type: FloatType): (value: number) => number {
  const plain: FloatType = { ...type, order: "le" };
  const encoder = new FloatEncoder(plain);
  const decoder = new FloatDecoder(plain);
  const bytes = new Uint8Array(type.size);
  return (value) => {
    bytes.fill(0);
    encoder.encode(value, bytes);
    return decoder.decode(bytes, 0);
  };
}
