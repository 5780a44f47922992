/** The significant bits of fixed-point numbers (HDF5 File Format Specification, section IV.A.2.d, classes 0, 2, 4), one element at a time. */
import type { Datatype } from "../../format/datatype/datatype.ts";

/** What a fixed-point class says of its bits. */
export interface Bits {
  readonly size: number;
  readonly little: boolean;
  readonly signed: boolean;
  readonly bitOffset: number;
  readonly precision: number;
}

/** Of classes that are no fixed-point numbers: all bits, unsigned. */
export function bitsOf(type: Datatype): Bits {
  const { size } = type;
  const little = !("order" in type) || type.order === "le";
  if (type.class === "integer" || type.class === "bitfield") {
    const { bitOffset, precision } = type;
    return { size, little, signed: type.class === "integer" && type.signed, bitOffset, precision };
  }
  const precision = type.class === "time" ? type.precision : size * 8;
  return { size, little, signed: false, bitOffset: 0, precision };
}

/** The value of the element at `source[at]`. */
export function readBits(source: Uint8Array, at: number, bits: Bits): bigint {
  const { size, little, signed, bitOffset, precision } = bits;
  // Bytes beyond the value do not count, however many there are.
  const needed = Math.ceil((bitOffset + precision) / 8);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  let value = 0n;
  let k = needed;
  for (; k % 8 !== 0; k--) value = (value << 8n) | BigInt(source[little ? at + k - 1 : at + size - k]);
  for (; k > 0; k -= 8) {
    value = (value << 64n) | (little ? view.getBigUint64(at + k - 8, true) : view.getBigUint64(at + size - k, false));
  }
  value >>= BigInt(bitOffset);
  return signed ? BigInt.asIntN(precision, value) : BigInt.asUintN(precision, value);
}

/** Whether the bits can hold the value. */
export function holds({ signed, precision }: Bits, value: bigint): boolean {
  return (signed ? BigInt.asIntN(precision, value) : BigInt.asUintN(precision, value)) === value;
}

/** Writes an element with that value, and `outside` in the bits around it. */
export function writeBits(target: Uint8Array, at: number, bits: Bits, value: bigint, outside: bigint): void {
  const { size, little, bitOffset, precision } = bits;
  let all = (BigInt.asUintN(precision, value) << BigInt(bitOffset)) | outside;
  for (let k = 0; k < size; k++) {
    target[little ? at + k : at + size - 1 - k] = Number(all & 0xffn);
    all >>= 8n;
  }
}
