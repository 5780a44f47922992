/**
 * Python's values as pickles and attributes give them. An `int` is a bigint and a `float` a number, so that they stay apart; `None` is
 * null, a list an array, a tuple a `PickleTuple`, a dict a `PickleDict`, bytes a `Uint8Array`; everything else is one of these.
 */
import type { PickleTuple } from "@h5ts/pickle";

/** Units of pandas' dates and durations; those beyond are NumPy's alone. */
export type Unit = "s" | "ms" | "us" | "ns" | "m" | "h" | "D" | "W" | "M" | "Y";

/** A value of Python's that JavaScript has no like of. */
export type PythonObject =
  | { readonly kind: "nat" | "na" }
  /** ISO 8601, as `isoformat()` gives it. */
  | { readonly kind: "date" | "datetime" | "time"; readonly iso: string }
  | { readonly kind: "pytimedelta"; readonly microseconds: bigint }
  | { readonly kind: "timestamp"; readonly unit: Unit; readonly value: bigint; readonly zone: string | null }
  | { readonly kind: "timedelta"; readonly unit: Unit; readonly value: bigint }
  | { readonly kind: "period"; readonly freq: string; readonly value: bigint }
  | { readonly kind: "decimal"; readonly text: string }
  /** An offset of pandas': `"D"`, `"2h"`, `"QE-NOV"`. */
  | { readonly kind: "frequency"; readonly name: string }
  | { readonly kind: "zone"; readonly name: string }
  | { readonly kind: "complex"; readonly real: number; readonly imag: number }
  | { readonly kind: "record"; readonly fields: ReadonlyMap<string, unknown> }
  | NumpyArray;

/** An array of NumPy's, its elements as values in C order. */
export class NumpyArray {
  readonly kind = "ndarray" as const;
  /** NumPy's `dtype.str`: `"<i8"`, `"|O"`, `"<M8[s]"`; of structured arrays `"record"`. */
  dtype = "|O";
  shape: readonly number[] = [0];
  values: readonly unknown[] = [];
}

/** Makes an array of NumPy's. */
export function numpyArray(dtype: string, shape: readonly number[], values: readonly unknown[]): NumpyArray {
  return Object.assign(new NumpyArray(), { dtype, shape, values });
}

/** Labels of rows and columns, and names of axes: what pandas allows is anything that can be hashed. */
export type Label = string | number | bigint | boolean | null | PythonObject | PickleTuple | Uint8Array;

/** Whether a value is one of Python's that JavaScript has no like of. */
export const isPythonObject = (value: unknown): value is PythonObject =>
  typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";

/** Whether pandas takes a value for missing. */
export const isMissing = (value: unknown): boolean =>
  value === null ||
  (typeof value === "number" && Number.isNaN(value)) ||
  (isPythonObject(value) && (value.kind === "nat" || value.kind === "na"));
