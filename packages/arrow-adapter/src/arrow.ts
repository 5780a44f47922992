/** The peer dependency apache-arrow: loaded when it is first used. */
import type { Data, DataType, Vector } from "apache-arrow";
import { UnsupportedError } from "h5ts";

/** What apache-arrow exports. */
export type Arrow = typeof import("apache-arrow");

/** The module apache-arrow; UnsupportedError where it is not installed. */
export async function loadArrow(): Promise<Arrow> {
  try {
    return await import("apache-arrow");
  } catch (cause) {
    throw new UnsupportedError("needs the package apache-arrow, which could not be loaded: npm install apache-arrow", {
      cause,
    });
  }
}

/** Memory of a column, as Arrow's columnar format lays it out. */
export interface ArrowParts {
  readonly offsets?: Int32Array | BigInt64Array;
  readonly values?: ArrayBufferView;
  /** A byte a row, 0 where the value is null. Absent: none is. */
  readonly valid?: Uint8Array;
  readonly typeIds?: Int8Array;
  readonly children?: Data[];
  readonly dictionary?: Vector;
}

/** A column of `length` rows over memory that is not copied. */
export function arrowData(arrow: Arrow, type: DataType, length: number, parts: ArrowParts): Data {
  const { offsets, values, valid, typeIds, children, dictionary } = parts;
  const packed = valid === undefined ? undefined : packBits(valid, length);
  const missing = packed === undefined ? 0 : length - packed.ones;
  const bitmap = missing === 0 ? new Uint8Array(0) : packed!.bits;
  return new arrow.Data(type, 0, length, missing, [offsets, values, bitmap, typeIds], children, dictionary);
}

/** Bits from bytes that are 0 or not, the lowest first, and how many are set. */
export function packBits(bytes: Uint8Array, length: number): { bits: Uint8Array; ones: number } {
  const bits = new Uint8Array((length + 7) >> 3);
  let ones = 0;
  for (let place = 0, i = 0; i < length; place++) {
    const end = Math.min(i + 8, length);
    let byte = 0;
    for (let shift = 0; i < end; i++, shift++) {
      // 1 of all but 0, without a branch that nobody could predict.
      const bit = (bytes[i] | -bytes[i]) >>> 31;
      byte |= bit << shift;
      ones += bit;
    }
    bits[place] = byte;
  }
  return { bits, ones };
}

/** A byte a bit, 0 or 1, of `length` bits from bit `from` on. */
export function unpackBits(bits: Uint8Array, from: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0, at = from; i < length; i++, at++) bytes[i] = (bits[at >> 3] >> (at & 7)) & 1;
  return bytes;
}

/** A byte a row, 0 where it is null; `undefined` where none is. */
export function validityOf(data: Data): Uint8Array<ArrayBuffer> | undefined {
  if (data.nullCount === 0 || data.nullBitmap === undefined || data.nullBitmap.length === 0) return undefined;
  return unpackBits(data.nullBitmap, data.offset, data.length);
}
