/** Floating-point numbers (class 1) and complex numbers made of them (class 11): section IV.A.2.d. */
import { named } from "../../bytes/choice.ts";
import type { Fields } from "../../bytes/fields.ts";
import { bitsWithin, type ClassLayout, type DatatypeHead } from "./class-layout.ts";
import type { ByteOrder, ComplexType, FloatType } from "./datatype.ts";

const BIG_ENDIAN = 0x01;
const VAX = 0x40;
const LOW_PAD = 0x02;
const HIGH_PAD = 0x04;
const INTERNAL_PAD = 0x08;
const NORMALIZATIONS = ["none", "msbset", "implied"] as const;

function order(f: Fields, head: DatatypeHead): ByteOrder {
  const big = (head.bits & BIG_ENDIAN) !== 0;
  // The bit has no meaning before version 3.
  if (head.version < 3 || (head.bits & VAX) === 0) return big ? "be" : "le";
  return big ? "vax" : f.fail("has an unknown byte order", "VAX bit without the other");
}

export const floatLayout: ClassLayout<FloatType> = {
  bits: (t) =>
    (t.order === "le" ? 0 : t.order === "be" ? BIG_ENDIAN : BIG_ENDIAN | VAX) |
    (t.lowPad ? LOW_PAD : 0) |
    (t.highPad ? HIGH_PAD : 0) |
    (t.internalPad ? INTERNAL_PAD : 0) |
    (NORMALIZATIONS.indexOf(t.normalization) << 4) |
    (t.signPosition << 8),
  properties: (f, head, v) => {
    const type: FloatType = {
      class: "float",
      size: head.size,
      version: head.version,
      order: order(f, head),
      normalization: named(f, NORMALIZATIONS, (head.bits >> 4) & 3, "normalization"),
      signPosition: (head.bits >> 8) & 0xff,
      bitOffset: f.u16(v?.bitOffset),
      precision: f.u16(v?.precision),
      exponentPosition: f.u8(v?.exponentPosition),
      exponentSize: f.u8(v?.exponentSize),
      mantissaPosition: f.u8(v?.mantissaPosition),
      mantissaSize: f.u8(v?.mantissaSize),
      exponentBias: f.u32(v?.exponentBias),
      ...(head.bits & LOW_PAD ? { lowPad: 1 } : {}),
      ...(head.bits & HIGH_PAD ? { highPad: 1 } : {}),
      ...(head.bits & INTERNAL_PAD ? { internalPad: 1 } : {}),
    };
    if (f.reading) check(f, head, type);
    return type;
  },
};

function check(f: Fields, head: DatatypeHead, t: FloatType): void {
  bitsWithin(f, "its value", t.bitOffset, t.precision, head);
  bitsWithin(f, "its sign", t.signPosition, 1, head);
  bitsWithin(f, "its exponent", t.exponentPosition, t.exponentSize, head);
  bitsWithin(f, "its mantissa", t.mantissaPosition, t.mantissaSize, head);
  const apart =
    t.exponentPosition + t.exponentSize <= t.mantissaPosition ||
    t.mantissaPosition + t.mantissaSize <= t.exponentPosition;
  if (!apart) f.fail("has an exponent that overlaps its mantissa");
}

const HOMOGENEOUS = 0x01;

export const complexLayout: ClassLayout<ComplexType> = {
  bits: () => HOMOGENEOUS,
  properties: (f, head, v, nested) => {
    const form = (head.bits >> 1) & 3;
    if ((head.bits & HOMOGENEOUS) === 0) f.fail("has parts of different types, which is not known");
    if (form !== 0) f.fail("has an unknown form", form, "0 (rectangular)");
    const base = nested(f, v?.base);
    if (base.class !== "float") return f.fail("has parts of a wrong class", base.class, "float");
    if (f.reading && base.size * 2 !== head.size) f.fail("has a wrong size", head.size, String(2 * base.size));
    return { class: "complex", size: head.size, version: head.version, base };
  },
};
