/** Values of an enumeration's members, from and to the bytes of its base type. */
import { DTypeError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { bitsOf, holds, readBits, writeBits } from "./bits.ts";

/** One value: number up to 32 bits, else bigint. A base that is no integer is taken as unsigned bits. */
export function memberValue(base: Datatype, bytes: Uint8Array): number | bigint {
  const value = readBits(bytes, 0, bitsOf(base));
  return base.size > 4 ? value : Number(value);
}

/** The bytes of a value; DTypeError where the base type cannot hold it. */
export function memberBytes(base: Datatype, name: string, value: number | bigint): Uint8Array {
  const bits = bitsOf(base);
  const whole = typeof value === "bigint" || Number.isInteger(value);
  if (!whole || !holds(bits, BigInt(value))) {
    throw new DTypeError(`has a member ${JSON.stringify(name)} whose value its base type cannot hold`, {
      structure: "enumeration",
      found: value,
      allowed: `${bits.signed ? "signed" : "unsigned"} integers of ${bits.precision} bits`,
    });
  }
  const bytes = new Uint8Array(base.size);
  writeBits(bytes, 0, bits, BigInt(value), 0n);
  return bytes;
}
