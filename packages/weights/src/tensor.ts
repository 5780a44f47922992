/** A tensor in a file of weights, and its elements once they are read. */
import { UnsupportedError } from "h5ts";
import { ELEMENT_TYPES, type ElementType } from "./dtypes.ts";
import { widen } from "./small-floats.ts";

/** What is known of a tensor before it is read. */
export interface TensorInfo {
  /** Name in the model: `"layer1.0.weight"`, `"dense_1/kernel:0"`. */
  readonly name: string;
  /** Type of its elements. */
  readonly dtype: ElementType;
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** Bytes of its elements, packed, in C order. */
  readonly bytes: number;
  /** Where it stands in an HDF5 file. */
  readonly path?: string;
  /** Layer that it belongs to, of Keras models. */
  readonly layer?: string;
  /** `"model"`; `"optimizer"`, `"metrics"` ... of what is no part of the model itself. */
  readonly group?: string;
  /** Name of the first tensor with the same storage, where there is one. */
  readonly sharedWith?: string;
}

/** Calls that can be cancelled. */
export interface ReadOptions {
  /** Stops the read at its next access to the storage. */
  readonly signal?: AbortSignal;
}

/** How a tensor is read in pieces. */
export interface PieceOptions extends ReadOptions {
  /** Bytes of a piece, about: the last may be smaller. */
  readonly bytes?: number;
}

/** Arrays that hold elements of numbers. */
export type TensorArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** A class of arrays. */
interface ArrayClass {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): TensorArray;
}

/** Arrays that hold elements of a type as they are. */
export const ARRAYS: Readonly<Partial<Record<ElementType, ArrayClass>>> = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
};

/** A tensor that was read. */
export class Tensor implements TensorInfo {
  readonly name: string;
  /** Type of its elements. */
  readonly dtype: ElementType;
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** All elements: little-endian, in C order, packed. */
  readonly data: Uint8Array;

  constructor(name: string, dtype: ElementType, shape: readonly number[], data: Uint8Array) {
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  get bytes(): number {
    return this.data.length;
  }

  /**
   * The elements as numbers: a view of {@link data} where that is aligned for it. Half and small floats become a
   * `Float32Array`, complex numbers are interleaved, bool is 0 or 1. UnsupportedError of types below a byte.
   */
  array(): TensorArray {
    const { dtype, data } = this;
    const made = ARRAYS[dtype];
    if (made === undefined) {
      if (ELEMENT_TYPES[dtype].bits < 8)
        throw new UnsupportedError("elements below a byte have no array: see `data`", {
          structure: "Tensor",
          found: dtype,
        });
      return widen(data, dtype);
    }
    const width = made.BYTES_PER_ELEMENT;
    const bytes = data.byteOffset % width === 0 ? data : data.slice();
    return new made(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length / width);
  }
}
