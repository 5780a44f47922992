/** The data type that a new dataset has whose elements are a typed array. */
import type { AnyData } from "../arrays.ts";

/** Typed arrays in memory of any kind. */
export type GivenArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** `Float32Array` for `Float32Array`, whatever its memory; `Uint8Array` for the clamped one. */
export type WrittenData<D> = D extends Uint8Array | Uint8ClampedArray
  ? Uint8Array<ArrayBuffer>
  : D extends Int8Array
    ? Int8Array<ArrayBuffer>
    : D extends Int16Array
      ? Int16Array<ArrayBuffer>
      : D extends Uint16Array
        ? Uint16Array<ArrayBuffer>
        : D extends Int32Array
          ? Int32Array<ArrayBuffer>
          : D extends Uint32Array
            ? Uint32Array<ArrayBuffer>
            : D extends Float32Array
              ? Float32Array<ArrayBuffer>
              : D extends Float64Array
                ? Float64Array<ArrayBuffer>
                : D extends BigInt64Array
                  ? BigInt64Array<ArrayBuffer>
                  : D extends BigUint64Array
                    ? BigUint64Array<ArrayBuffer>
                    : AnyData;
