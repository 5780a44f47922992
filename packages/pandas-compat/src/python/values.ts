/**
 * Python's values as pickles and attributes give them. An `int` is a bigint and a `float` a number, so that they stay apart; `None` is
 * null, a list an array, a tuple a `PickleTuple`, a dict a `PickleDict`, bytes a `Uint8Array`; everything else is one of these.
 */
import type { PickleTuple } from "@h5ts/pickle";

/** Units of pandas' dates and durations; those beyond are NumPy's alone. */
export type Unit = "s" | "ms" | "us" | "ns" | "m" | "h" | "D" | "W" | "M" | "Y";

/** A value of Python's that JavaScript has no like of; `kind` says which. */
export type PythonObject =
  | { readonly kind: "nat" | "na" }
  | {
      readonly kind: "date" | "datetime" | "time";
      /** ISO 8601, as `isoformat()` gives it. */
      readonly iso: string;
    }
  | {
      readonly kind: "pytimedelta";
      /** The whole duration of a `datetime.timedelta`. */
      readonly microseconds: bigint;
    }
  | {
      readonly kind: "timestamp";
      /** Of `value`. */
      readonly unit: Unit;
      /** Units since 1970-01-01 00:00 UTC. */
      readonly value: bigint;
      /** The time zone's name as pandas has it; null: none. */
      readonly zone: string | null;
    }
  | {
      readonly kind: "timedelta";
      /** Of `value`. */
      readonly unit: Unit;
      /** Units. */
      readonly value: bigint;
    }
  | {
      readonly kind: "period";
      /** pandas' name of how long it is: `"M"`, `"Q-DEC"`. */
      readonly freq: string;
      /** Its ordinal: such periods since 1970. */
      readonly value: bigint;
    }
  | {
      readonly kind: "decimal";
      /** As Python writes it, every digit kept. */
      readonly text: string;
    }
  | {
      readonly kind: "frequency";
      /** An offset of pandas': `"D"`, `"2h"`, `"QE-NOV"`. */
      readonly name: string;
    }
  | {
      readonly kind: "zone";
      /** Of the time zone: `"Europe/Berlin"`, `"UTC+01:00"`. */
      readonly name: string;
    }
  | {
      readonly kind: "complex";
      /** The real part. */
      readonly real: number;
      /** The imaginary part. */
      readonly imag: number;
    }
  | {
      readonly kind: "record";
      /** Values by the names of a structured array's fields, in their order. */
      readonly fields: ReadonlyMap<string, unknown>;
    }
  | NumpyArray;

/** An array of NumPy's, its elements as values in C order. */
export class NumpyArray {
  readonly kind = "ndarray" as const;
  /** NumPy's `dtype.str`: `"<i8"`, `"|O"`, `"<M8[s]"`; of structured arrays `"record"`. */
  dtype = "|O";
  /** Elements along each axis. */
  shape: readonly number[] = [0];
  /** The elements: numbers, bigints, text and {@link PythonObject}s by the dtype. */
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
