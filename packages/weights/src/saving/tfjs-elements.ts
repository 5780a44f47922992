/** Elements as TensorFlow.js has them: it knows float32, int32, bool and complex64; all others become one of these, as its converter has it. */
import { LimitError, UnsupportedError } from "h5ts";
import { ELEMENT_TYPES, type ElementType } from "../dtypes.ts";
import type { StoredTensor } from "../model-file.ts";
import { piecesOf } from "../pieces.ts";
import { widen } from "../small-floats.ts";
import { ARRAYS, type TensorArray } from "../tensor.ts";

export type TfjsType = "float32" | "int32" | "bool" | "complex64";

const AS: Readonly<Partial<Record<ElementType, TfjsType>>> = {
  float32: "float32",
  float64: "float32",
  float16: "float32",
  bfloat16: "float32",
  float8_e4m3fn: "float32",
  float8_e5m2: "float32",
  float8_e4m3fnuz: "float32",
  float8_e5m2fnuz: "float32",
  float8_e8m0fnu: "float32",
  int8: "int32",
  uint8: "int32",
  int16: "int32",
  uint16: "int32",
  int32: "int32",
  uint32: "int32",
  int64: "int32",
  uint64: "int32",
  bool: "bool",
  complex64: "complex64",
  complex128: "complex64",
};

/**
 * The tensor as TensorFlow.js can have it: wide floats are rounded, integers must be within 32 bits (a LimitError when one is read that is
 * not). UnsupportedError of elements below a byte.
 */
export function tfjsTensor(tensor: StoredTensor): StoredTensor & { readonly dtype: TfjsType } {
  const { name, dtype, bytes } = tensor;
  const as = AS[dtype];
  if (as === undefined)
    throw new UnsupportedError("has elements that TensorFlow.js cannot hold", {
      structure: "Tensor",
      path: name,
      found: dtype,
    });
  if (as === dtype) return tensor as StoredTensor & { readonly dtype: TfjsType };
  const cast = (piece: Uint8Array): Uint8Array => castElements(piece, dtype, as, name);
  const ratio = ELEMENT_TYPES[as].bits / ELEMENT_TYPES[dtype].bits;
  return {
    ...tensor,
    dtype: as,
    bytes: bytes * ratio,
    read: async (signal) => cast(await tensor.read(signal)),
    async *pieces(most, signal) {
      for await (const piece of piecesOf(tensor, Math.floor(most / ratio), signal)) yield cast(piece);
    },
  };
}

function castElements(bytes: Uint8Array, from: ElementType, to: TfjsType, name: string): Uint8Array {
  const values = valuesOf(bytes, from);
  const array = to === "int32" ? toInt32(values, name) : new Float32Array(values as Float64Array);
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
}

function valuesOf(bytes: Uint8Array, dtype: ElementType): TensorArray {
  const made = ARRAYS[dtype];
  if (made === undefined) return widen(bytes, dtype);
  const aligned = bytes.byteOffset % made.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new made(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / made.BYTES_PER_ELEMENT);
}

function toInt32(values: TensorArray, name: string): Int32Array {
  const output = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (value !== (value | 0))
      throw new LimitError("has an integer that TensorFlow.js cannot hold", {
        structure: "Tensor",
        path: name,
        found: String(values[i]),
        allowed: "32 bits with a sign",
      });
    output[i] = value;
  }
  return output;
}
