/** Text: strings in HDF5, UTF-8 in Arrow. */
import type { Data, DataType } from "apache-arrow";
import { type DType, DTypeError } from "h5ts";
import { type Arrow, arrowData, validityOf } from "../arrow.ts";
import type { Codec, CodecContext } from "../codec.ts";
import { decodeTexts, encodeTexts } from "./text-memory.ts";

/** Text with offsets of 32 bits. */
export function textCodec({ arrow, options }: CodecContext, dtype: DType): Codec {
  const type = new arrow.Utf8();
  return {
    type,
    dtype,
    fixedText: dtype.length !== undefined,
    encode: (data) => {
      const texts = decodeTexts(data.values, data.valueOffsets, data.length, validityOf(data));
      if (dtype.length !== undefined) checkLengths(data, dtype.length);
      return texts;
    },
    decode: (values, count, valid) => {
      const { offsets, bytes } = encodeTexts(values as string[], options.badText);
      return arrowData(arrow, type, count, { offsets, values: bytes, valid });
    },
  };
}

/** DTypeError for text that is longer than elements of fixed length, which the metadata of its field asks for. */
function checkLengths({ valueOffsets, length }: Data, room: number): void {
  for (let i = 0; i < length; i++) {
    const found = valueOffsets[i + 1] - valueOffsets[i];
    if (found <= room) continue;
    throw new DTypeError("is longer than the text of fixed length that its field's h5ts:dtype says", {
      structure: "text",
      found: `${found} bytes`,
      allowed: `${room} bytes`,
    });
  }
}

/** Text with offsets of 64 bits. */
export function largeTextCodec({ arrow, options }: CodecContext, dtype: DType): Codec {
  const type = new arrow.LargeUtf8();
  return {
    type,
    dtype,
    encode: (data) => decodeTexts(data.values, floatOffsets(data), data.length, validityOf(data)),
    decode: (values, count, valid) => {
      const { offsets, bytes } = encodeTexts(values as string[], options.badText);
      return arrowData(arrow, type, count, { offsets: BigInt64Array.from(offsets, BigInt), values: bytes, valid });
    },
  };
}

/** Offsets of 64 bits as numbers. */
export function floatOffsets(data: Data): Float64Array {
  return Float64Array.from(data.valueOffsets as unknown as BigInt64Array, Number);
}

/** Text or bytes that Arrow keeps as views: value by value. */
export function viewCodec({ arrow }: CodecContext, type: DataType, dtype: DType, blank: string | Uint8Array): Codec {
  return {
    type,
    dtype,
    encode: (data) => valuesOf(arrow, data).map((value) => value ?? blank) as string[],
    decode: (values, count, valid) => {
      const shown = (values as unknown[]).map((value, i) => (valid?.[i] === 0 ? null : value));
      return count === 0 ? noRows(arrow, type) : arrow.vectorFromArray(shown, type).data[0];
    },
  };
}

/** Arrow's own values, `null` where there is none. */
export function valuesOf(arrow: Arrow, data: Data): unknown[] {
  const vector = new arrow.Vector([data]);
  return Array.from({ length: data.length }, (_, i) => vector.get(i));
}

const noRows = (arrow: Arrow, type: DataType): Data =>
  new arrow.Data(type, 0, 0, 0, [undefined, new Uint8Array(0), new Uint8Array(0)]);
