/** Integers of any width, offset and precision, from their bytes. */
import type { FileDatatype } from "h5ts";

export type IntegerLike = Extract<FileDatatype, { class: "integer" | "bitfield" }>;

/** The bytes `bytes[at, at + size)` as one unsigned number. */
export function bitsOf(bytes: Uint8Array, at: number, size: number, order: "le" | "be" | "vax"): bigint {
  let bits = 0n;
  for (let i = 0; i < size; i++) {
    const byte = order === "be" ? i : order === "le" ? size - 1 - i : i ^ 1;
    bits = (bits << 8n) | BigInt(bytes[at + byte] ?? 0);
  }
  return bits;
}

/** The value of the integer at `bytes[at]`: of its significant bits alone. */
export function integerOf(type: IntegerLike, bytes: Uint8Array, at: number): bigint {
  const bits = bitsOf(bytes, at, type.size, type.order) >> BigInt(type.bitOffset);
  const signed = type.class === "integer" && type.signed;
  return signed ? BigInt.asIntN(type.precision, bits) : BigInt.asUintN(type.precision, bits);
}
