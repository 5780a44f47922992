/** Values of columns and of axes: pandas' kinds, each in the memory that suits it. */

import type { AnyNumbers, NumberName } from "../pytables/raw-column.ts";
import type { Unit } from "../python/values.ts";

/** Units of dates and durations in frames. */
export type FrameUnit = Extract<Unit, "s" | "ms" | "us" | "ns">;

/** Integers and floats, by NumPy's name of their type; `float16` stands in 32 bits. */
export interface NumberValues {
  /** Tells it from others. */
  readonly kind: "number";
  /** NumPy's name. */
  readonly dtype: NumberName;
  /** The numbers. */
  readonly data: AnyNumbers;
}
/** Truth values. */
export interface BoolValues {
  /** Tells it from others. */
  readonly kind: "bool";
  /** A byte a value: 1 where true, 0 where false. */
  readonly data: Uint8Array;
}
/** Pairs of a real and an imaginary part. */
export interface ComplexValues {
  /** Tells it from others. */
  readonly kind: "complex";
  /** NumPy's name. */
  readonly dtype: "complex64" | "complex128";
  /** Real and imaginary parts, by turns. */
  readonly data: Float32Array | Float64Array;
}
/** Text, null where it is missing. */
export interface TextValues {
  /** Tells it from others. */
  readonly kind: "text";
  /** pandas 3's `str`, the older extension `string`, or `object`. */
  readonly dtype: "object" | "str" | "string";
  /** The texts; null where one is missing. */
  readonly data: readonly (string | null)[];
}
/** Counts of `unit` since the epoch, in UTC; {@link NOT_A_TIME} where missing. */
export interface DatetimeValues {
  /** Tells it from others. */
  readonly kind: "datetime";
  /** What is counted. */
  readonly unit: FrameUnit;
  /** Time zone: IANA's name, or `UTC+05:30`. */
  readonly zone: string | null;
  /** Units since 1970-01-01 00:00 UTC, counted in `unit`. */
  readonly data: BigInt64Array;
}
/** Durations. */
export interface TimedeltaValues {
  /** Tells it from others. */
  readonly kind: "timedelta";
  /** What is counted. */
  readonly unit: FrameUnit;
  /** Durations, counted in `unit`. */
  readonly data: BigInt64Array;
}
/** Ordinals of periods: of months since 1970-01. */
export interface PeriodValues {
  /** Tells it from others. */
  readonly kind: "period";
  /** Length of a period, by pandas' name. */
  readonly freq: string;
  /** Ordinals: periods since the one that 1970-01-01 is in. */
  readonly data: BigInt64Array;
}
/** Numbers of categories, -1 where missing. */
export interface CategoricalValues {
  /** Tells it from others. */
  readonly kind: "categorical";
  /** Which of them each is; -1: missing. */
  readonly codes: Int8Array | Int16Array | Int32Array;
  /** The values that there are. */
  readonly categories: Values;
  /** Whether categories have an order. */
  readonly ordered: boolean;
}
/** Anything of Python's; see `python/values.ts`. */
export interface ObjectValues {
  /** Tells it from others. */
  readonly kind: "object";
  /** The values. */
  readonly data: readonly unknown[];
}

/** Equally many values of one kind. */
export type Values =
  | NumberValues
  | BoolValues
  | ComplexValues
  | TextValues
  | DatetimeValues
  | TimedeltaValues
  | PeriodValues
  | CategoricalValues
  | ObjectValues;

/** What stands for a missing date or duration. */
export const NOT_A_TIME: bigint = -(2n ** 63n);

/** How many values there are. */
export function lengthOf(values: Values): number {
  if (values.kind === "categorical") return values.codes.length;
  return values.kind === "complex" ? values.data.length / 2 : values.data.length;
}

/** The values at these places, in their order; a place of -1 is a missing value. */
export function takeValues(values: Values, places: ArrayLike<number>): Values {
  switch (values.kind) {
    case "categorical":
      return { ...values, codes: takeNumbers(values.codes, places, -1) };
    case "number":
      return { ...values, data: takeNumbers(values.data, places, missingNumber(values.data)) };
    case "bool":
      return { ...values, data: takeNumbers(values.data, places, 0) };
    case "complex": {
      const data = new (values.data.constructor as Float64ArrayConstructor)(2 * places.length);
      for (let i = 0; i < places.length; i++) {
        data[2 * i] = places[i] < 0 ? Number.NaN : values.data[2 * places[i]];
        data[2 * i + 1] = places[i] < 0 ? 0 : values.data[2 * places[i] + 1];
      }
      return { ...values, data };
    }
    case "text":
      return { ...values, data: Array.from(places, (place) => (place < 0 ? null : values.data[place])) };
    case "object":
      return { ...values, data: Array.from(places, (place) => (place < 0 ? null : values.data[place])) };
    default:
      return { ...values, data: takeNumbers(values.data, places, NOT_A_TIME) };
  }
}

const missingNumber = (data: AnyNumbers): number | bigint =>
  data instanceof BigInt64Array || data instanceof BigUint64Array ? 0n : Number.NaN;

function takeNumbers<A extends AnyNumbers>(data: A, places: ArrayLike<number>, missing: number | bigint): A {
  const out = new (data.constructor as new (length: number) => A)(places.length);
  for (let i = 0; i < places.length; i++) out[i] = places[i] < 0 ? missing : data[places[i]];
  return out;
}

/** Text where all are text, or missing among some; else as it is. */
export function narrowed(values: Values): Values {
  if (values.kind !== "object") return values;
  const { data } = values;
  let texts = 0;
  for (const value of data) {
    if (typeof value === "string") texts++;
    else if (!isGap(value)) return values;
  }
  if (texts === 0) return values;
  return { kind: "text", dtype: "object", data: data.map((value) => (typeof value === "string" ? value : null)) };
}

const isGap = (value: unknown): boolean =>
  value === null ||
  (typeof value === "number" && Number.isNaN(value)) ||
  (typeof value === "object" && value !== null && "kind" in value && (value.kind === "na" || value.kind === "nat"));
