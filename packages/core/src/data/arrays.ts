/** What reading gives: the JavaScript types of element data, derived from HDF5's datatypes (names as in NumPy and Arrow). */
import type { AttributeReference, Reference, RegionReference } from "./reference.ts";

declare const kind: unique symbol;
declare const several: unique symbol;

/** Booleans, a byte each: 0 or 1. A `Uint8Array` whose single elements are given as `true` and `false`. */
export interface BoolArray extends Uint8Array<ArrayBuffer> {
  /** Never there: tells the compiler that these are booleans. */
  readonly [kind]?: "bool";
}

/** Complex numbers as pairs: element `i` stands at `2 * i` (real part) and `2 * i + 1` (imaginary part). */
export type ComplexArray<A> = A & { readonly [kind]?: "complex" };

/** Data of an array datatype: that of its elements, of which a row of a compound has several. */
export type ArrayData<A> = A & { readonly [several]?: true };

/** A single complex number, as `item()` gives it. */
export interface Complex {
  /** The real part. */
  readonly real: number;
  /** The imaginary part. */
  readonly imag: number;
}

/** Typed arrays whose elements are numbers. */
export type NumberArray =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** Typed arrays of 64-bit integers. */
export type BigIntArray = BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

/** Every typed array that data is read into. */
export type TypedArray = NumberArray | BigIntArray;

/** Columns of a compound datatype by member name. Has no prototype, so that any name is but a name. */
export interface CompoundData {
  readonly [name: string]: AnyData;
}

/** Data of any datatype: what `read` gives where the datatype was not asserted. `dtype` tells which it is. */
export type AnyData =
  | TypedArray
  | bigint[]
  | string[]
  | Uint8Array<ArrayBuffer>[]
  | Reference[]
  | RegionReference[]
  | AttributeReference[]
  | AnyData[]
  | CompoundData;

type KindOf<T> = typeof kind extends keyof T ? NonNullable<T[typeof kind]> : "plain";

/**
 * A single element of data: number, bigint, boolean, string, {@link Complex}, reference, bytes; for compounds an object
 * of its members; for variable-length sequences their data.
 */
export type Item<T> = T extends TypedArray
  ? KindOf<T> extends "bool"
    ? boolean
    : KindOf<T> extends "complex"
      ? Complex
      : T extends BigIntArray
        ? bigint
        : number
  : T extends readonly (infer E)[]
    ? E
    : T extends CompoundData
      ? string extends keyof T
        ? Row
        : { readonly [K in keyof T]: typeof several extends keyof T[K] ? T[K] : Item<T[K]> }
      : unknown;

/** One row of a compound of unknown members. */
export interface Row {
  readonly [name: string]: unknown;
}
