/** Fixed-point numbers (class 0), bit fields (class 4) and times (class 2): section IV.A.2.d. */
import type { Fields } from "../../bytes/fields.ts";
import { bitsWithin, type ClassLayout, type DatatypeHead } from "./class-layout.ts";
import type { BitfieldType, IntegerType, TimeType } from "./datatype.ts";

const BIG_ENDIAN = 0x01;
const LOW_PAD = 0x02;
const HIGH_PAD = 0x04;
const SIGNED = 0x08;

interface Bits {
  readonly order: "le" | "be";
  readonly bitOffset: number;
  readonly precision: number;
  readonly lowPad?: 0 | 1;
  readonly highPad?: 0 | 1;
}

const commonBits = (t: Bits): number =>
  (t.order === "be" ? BIG_ENDIAN : 0) | (t.lowPad ? LOW_PAD : 0) | (t.highPad ? HIGH_PAD : 0);

function commonFields(f: Fields, head: DatatypeHead, v?: Bits): Bits {
  const bitOffset = f.u16(v?.bitOffset);
  const precision = f.u16(v?.precision);
  bitsWithin(f, "its value", bitOffset, precision, head);
  return {
    order: head.bits & BIG_ENDIAN ? "be" : "le",
    bitOffset,
    precision,
    ...(head.bits & LOW_PAD ? { lowPad: 1 } : {}),
    ...(head.bits & HIGH_PAD ? { highPad: 1 } : {}),
  };
}

export const integerLayout: ClassLayout<IntegerType> = {
  bits: (t) => commonBits(t) | (t.signed ? SIGNED : 0),
  properties: (f, head, v) => ({
    class: "integer",
    size: head.size,
    version: head.version,
    signed: (head.bits & SIGNED) !== 0,
    ...commonFields(f, head, v),
  }),
};

export const bitfieldLayout: ClassLayout<BitfieldType> = {
  bits: commonBits,
  properties: (f, head, v) => ({
    class: "bitfield",
    size: head.size,
    version: head.version,
    ...commonFields(f, head, v),
  }),
};

export const timeLayout: ClassLayout<TimeType> = {
  bits: (t) => (t.order === "be" ? BIG_ENDIAN : 0),
  properties: (f, head, v) => {
    const precision = f.u16(v?.precision);
    bitsWithin(f, "its value", 0, precision, head);
    return {
      class: "time",
      size: head.size,
      version: head.version,
      order: head.bits & BIG_ENDIAN ? "be" : "le",
      precision,
    };
  },
};
