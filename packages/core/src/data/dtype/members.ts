/** Values of an enumeration's members, from and to the bytes of its base type. */
import { DTypeError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";

/** Bits of a base type that make up the value. */
function bitsOf(base: Datatype): { offset: number; precision: number; signed: boolean; bigEndian: boolean } {
  const whole = { offset: 0, precision: base.size * 8, signed: false, bigEndian: false };
  switch (base.class) {
    case "integer":
      return { offset: base.bitOffset, precision: base.precision, signed: base.signed, bigEndian: base.order === "be" };
    case "bitfield":
      return { offset: base.bitOffset, precision: base.precision, signed: false, bigEndian: base.order === "be" };
    case "time":
      return { ...whole, bigEndian: base.order === "be" };
    default:
      return whole;
  }
}

/** Elements are read as bigint where their type has more than 32 bits. */
export const isWide = (base: Datatype): boolean => base.size > 4;

/** One value: number up to 32 bits, else bigint. A base that is no integer is taken as unsigned bits. */
export function memberValue(base: Datatype, bytes: Uint8Array): number | bigint {
  const { offset, precision, signed, bigEndian } = bitsOf(base);
  let bits = 0n;
  for (let k = 0; k < bytes.length; k++) {
    bits |= BigInt(bytes[bigEndian ? bytes.length - 1 - k : k]) << BigInt(8 * k);
  }
  bits >>= BigInt(offset);
  const value = signed ? BigInt.asIntN(precision, bits) : BigInt.asUintN(precision, bits);
  return isWide(base) ? value : Number(value);
}

/** The bytes of a value; DTypeError where the base type cannot hold it. */
export function memberBytes(base: Datatype, name: string, value: number | bigint): Uint8Array {
  const { offset, precision, signed, bigEndian } = bitsOf(base);
  const whole = typeof value === "bigint" || Number.isInteger(value);
  const wide = whole ? BigInt(value) : 0n;
  if (!whole || (signed ? BigInt.asIntN(precision, wide) : BigInt.asUintN(precision, wide)) !== wide) {
    throw new DTypeError(`has a member ${JSON.stringify(name)} whose value its base type cannot hold`, {
      structure: "enumeration",
      found: value,
      allowed: `${signed ? "signed" : "unsigned"} integers of ${precision} bits`,
    });
  }
  const bits = BigInt.asUintN(precision, wide) << BigInt(offset);
  return Uint8Array.from({ length: base.size }, (_, k) =>
    Number((bits >> BigInt(8 * (bigEndian ? base.size - 1 - k : k))) & 0xffn),
  );
}
