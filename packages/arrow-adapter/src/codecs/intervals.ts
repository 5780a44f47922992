/** Intervals of the calendar, and complex numbers: a few numbers a row, members of a compound in HDF5. */
import type { DataType } from "apache-arrow";
import type { CompoundData, DType, TypedArray } from "h5ts";
import { arrowData } from "../arrow.ts";
import type { Codec, CodecContext } from "../codec.ts";
import { wholeValues } from "./numbers.ts";

/** Days and milliseconds. */
export function dayTimeCodec({ arrow }: CodecContext, type: DataType, dtype: DType): Codec {
  return {
    type,
    dtype,
    encode: (data) => {
      const words = wholeValues(data) as Int32Array;
      return record({ days: everyNth(words, 2, 0), milliseconds: everyNth(words, 2, 1) });
    },
    decode: (values, count, valid) => {
      const { days, milliseconds } = values as CompoundData as Record<string, Int32Array>;
      const words = new Int32Array(count * 2);
      for (let i = 0; i < count; i++) words.set([days[i], milliseconds[i]], i * 2);
      return arrowData(arrow, type, count, { values: words, valid });
    },
  };
}

/** Months, days and nanoseconds: words of 32 bits, the last two of which make one number. */
export function monthDayNanoCodec({ arrow }: CodecContext, type: DataType, dtype: DType): Codec {
  return {
    type,
    dtype,
    encode: (data) => {
      const words = wholeValues(data) as Int32Array;
      const nanoseconds = BigInt64Array.from({ length: data.length }, (_, i) =>
        BigInt.asIntN(64, (BigInt(words[4 * i + 3]) << 32n) | BigInt(words[4 * i + 2] >>> 0)),
      );
      return record({ months: everyNth(words, 4, 0), days: everyNth(words, 4, 1), nanoseconds });
    },
    decode: (values, count, valid) => {
      const { months, days, nanoseconds } = values as CompoundData as unknown as {
        months: Int32Array;
        days: Int32Array;
        nanoseconds: BigInt64Array;
      };
      const words = new Int32Array(count * 4);
      for (let i = 0; i < count; i++) {
        const nanos = nanoseconds[i];
        words.set([months[i], days[i], Number(nanos & 0xffffffffn), Number(nanos >> 32n)], i * 4);
      }
      return arrowData(arrow, type, count, { values: words, valid });
    },
  };
}

function record(columns: Record<string, TypedArray>): CompoundData {
  return Object.assign(Object.create(null), columns);
}

function everyNth(words: Int32Array, step: number, first: number): Int32Array<ArrayBuffer> {
  const column = new Int32Array(words.length / step);
  for (let i = 0; i < column.length; i++) column[i] = words[i * step + first];
  return column;
}

/** Complex numbers: pairs in h5ts, a struct of `r` and `i` in Arrow. */
export function complexCodec({ arrow }: CodecContext, part: Codec, dtype: DType): Codec {
  const type = new arrow.Struct([new arrow.Field("r", part.type, false), new arrow.Field("i", part.type, false)]);
  return {
    type,
    dtype,
    encode: ({ children, length }) => {
      const [real, imag] = children.map((child) => part.encode(child.slice(0, length)) as Float64Array);
      const pairs = real instanceof Float32Array ? new Float32Array(length * 2) : new Float64Array(length * 2);
      for (let i = 0; i < length; i++) {
        pairs[2 * i] = real[i];
        pairs[2 * i + 1] = imag[i];
      }
      return pairs;
    },
    decode: (values, count, valid) => {
      const pairs = values as Float64Array<ArrayBuffer>;
      const children = [0, 1].map((first) => part.decode(everySecond(pairs, first), count));
      return arrowData(arrow, type, count, { children, valid });
    },
  };
}

function everySecond(pairs: Float64Array | Float32Array, first: number): Float64Array<ArrayBuffer> {
  const Maker = pairs.constructor as new (length: number) => Float64Array<ArrayBuffer>;
  const column = new Maker(pairs.length / 2);
  for (let i = 0; i < column.length; i++) column[i] = pairs[2 * i + first];
  return column;
}
