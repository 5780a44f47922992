/** Numbers and booleans: typed arrays on both sides, mostly the same memory. */
import type { Data, DataType } from "apache-arrow";
import type { AnyData, DType, TypedArray } from "h5ts";
import { arrowData, packBits, unpackBits } from "../arrow.ts";
import type { Codec, CodecContext } from "../codec.ts";
import { fromHalf, toHalf } from "./half.ts";

/** The same typed array on both sides. */
export function numberCodec({ arrow }: CodecContext, type: DataType, dtype: DType): Codec {
  return {
    type,
    dtype,
    encode: (data) => wholeValues(data),
    decode: (values, count, valid) => arrowData(arrow, type, count, { values: values as TypedArray, valid }),
  };
}

/** The numbers of a column, without those behind its end. */
export function wholeValues(data: Data): TypedArray {
  const values = data.values as TypedArray;
  const length = data.length * data.stride;
  return (values.length === length ? values : values.subarray(0, length)) as TypedArray;
}

/** Booleans: bytes in HDF5, bits in Arrow. */
export function boolCodec({ arrow }: CodecContext, dtype: DType): Codec {
  const type = new arrow.Bool();
  return {
    type,
    dtype,
    encode: ({ values, offset, length }) => unpackBits(values as Uint8Array, offset, length),
    decode: (values, count, valid) =>
      arrowData(arrow, type, count, { values: packBits(values as Uint8Array, count).bits, valid }),
  };
}

/** Floats of 16 bits: h5ts reads them as 32 bits, Arrow has their bits. */
export function halfCodec({ arrow }: CodecContext, dtype: DType): Codec {
  const type = new arrow.Float16();
  return {
    type,
    dtype,
    encode: (data) => fromHalf(wholeValues(data) as Uint16Array),
    decode: (values, count, valid) =>
      arrowData(arrow, type, count, { values: toHalf(values as Float32Array, count), valid }),
  };
}

/** Numbers that stand in HDF5 in another width than in Arrow: `widen` and `narrow` convert whole columns. */
export function convertedCodec(
  { arrow }: CodecContext,
  type: DataType,
  dtype: DType,
  widen: (values: TypedArray) => AnyData,
  narrow: (values: AnyData) => TypedArray,
): Codec {
  return {
    type,
    dtype,
    encode: (data) => widen(wholeValues(data)),
    decode: (values, count, valid) => arrowData(arrow, type, count, { values: narrow(values), valid }),
  };
}
