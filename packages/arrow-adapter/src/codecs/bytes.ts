/** Bytes: sequences of integers or opaque elements in HDF5. */
import type { Data, DataType } from "apache-arrow";
import { type DType, DTypeError, LimitError } from "h5ts";
import { type Arrow, arrowData, validityOf } from "../arrow.ts";
import type { Codec, CodecContext } from "../codec.ts";
import { floatOffsets } from "./text.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of any number: `large` with offsets of 64 bits. */
export function binaryCodec({ arrow }: CodecContext, large: boolean, dtype: DType): Codec {
  const type: DataType = large ? new arrow.LargeBinary() : new arrow.Binary();
  return {
    type,
    dtype,
    encode: (data) => cut(data, large ? floatOffsets(data) : data.valueOffsets),
    decode: (values, count, valid) => {
      const { offsets, bytes } = joined(values as Bytes[]);
      const counts = large ? BigInt64Array.from(offsets, BigInt) : offsets;
      return arrowData(arrow, type, count, { offsets: counts, values: bytes, valid });
    },
  };
}

function cut(data: Data, offsets: Int32Array | Float64Array): Bytes[] {
  const valid = validityOf(data);
  const bytes = data.values as Bytes;
  return Array.from({ length: data.length }, (_, i) =>
    valid?.[i] === 0 ? bytes.subarray(0, 0) : bytes.subarray(offsets[i], offsets[i + 1]),
  );
}

function joined(parts: readonly Bytes[]): { offsets: Int32Array; bytes: Bytes } {
  const offsets = new Int32Array(parts.length + 1);
  let total = 0;
  for (let i = 0; i < parts.length; i++) {
    total += parts[i].length;
    if (total >= 2 ** 31) {
      throw new LimitError("has more bytes than offsets of 32 bits can count: take fewer rows at once", {
        structure: "column of bytes",
        found: total,
      });
    }
    offsets[i + 1] = total;
  }
  const bytes = new Uint8Array(total);
  parts.forEach((part, i) => {
    bytes.set(part, offsets[i]);
  });
  return { offsets, bytes };
}

/** Bytes of a fixed number: opaque elements. */
export function fixedBytesCodec({ arrow }: CodecContext, type: DataType, dtype: DType): Codec {
  const width = dtype.itemsize;
  return {
    type,
    dtype,
    encode: (data) => pieces(bytesOf(data, width), width),
    decode: (values, count, valid) =>
      arrowData(arrow, type, count, { values: wordsOf(arrow, type, joinFixed(values as Bytes[], width)), valid }),
  };
}

function bytesOf(data: Data, width: number): Bytes {
  const { buffer, byteOffset } = data.values as Bytes;
  return new Uint8Array(buffer, byteOffset, data.length * width);
}

const pieces = (bytes: Bytes, width: number): Bytes[] =>
  Array.from({ length: bytes.length / width }, (_, i) => bytes.subarray(i * width, (i + 1) * width));

/** Elements one behind the other; those that lie so already are not copied. */
function joinFixed(parts: readonly Bytes[], width: number): Bytes {
  const [first] = parts;
  if (first === undefined) return new Uint8Array(0);
  const { buffer, byteOffset } = first;
  const adjacent = parts.every((part, i) => part.buffer === buffer && part.byteOffset === byteOffset + i * width);
  if (adjacent) return new Uint8Array(buffer, byteOffset, parts.length * width);
  const bytes = new Uint8Array(parts.length * width);
  parts.forEach((part, i) => {
    bytes.set(part, i * width);
  });
  return bytes;
}

/** Bytes as the array that the type has: of decimals words of 32 bits. */
function wordsOf(arrow: Arrow, type: DataType, bytes: Bytes): ArrayBufferView {
  if (!arrow.DataType.isDecimal(type)) return bytes;
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

/** Integers beyond 64 bits: decimals without a fraction. */
export function bigIntegerCodec({ arrow }: CodecContext, dtype: DType): Codec {
  const type = new arrow.Decimal(0, 76, 256);
  return {
    type,
    dtype,
    encode: (data) => Array.from({ length: data.length }, (_, i) => wordsToBigint(data.values, i * 8)),
    decode: (values, count, valid) => {
      const words = new Uint32Array(count * 8);
      (values as bigint[]).forEach((value, i) => {
        bigintToWords(value, words, i * 8);
      });
      return arrowData(arrow, type, count, { values: words, valid });
    },
  };
}

const WORD = 32n;

function wordsToBigint(words: Uint32Array, at: number): bigint {
  let value = 0n;
  for (let i = 7; i >= 0; i--) value = (value << WORD) | BigInt(words[at + i]);
  return BigInt.asIntN(256, value);
}

const LARGEST = 10n ** 76n;

function bigintToWords(value: bigint, words: Uint32Array, at: number): void {
  if (value >= LARGEST || value <= -LARGEST) {
    throw new DTypeError("has a value beyond 76 decimal digits, which Arrow has no type for", { found: value });
  }
  for (let i = 0; i < 8; i++) words[at + i] = Number((value >> (WORD * BigInt(i))) & 0xffffffffn);
}
