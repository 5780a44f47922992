/** Datatypes as JSON: sizes and offsets are those in the file. */
import type { FileDatatype } from "h5ts";
import { integerOf } from "./canonical-integer.ts";
import type { DatatypeJson } from "./schema.ts";
import { shownText } from "./text.ts";

type Of<C extends FileDatatype["class"]> = Extract<FileDatatype, { class: C }>;
type Bits = Of<"integer"> | Of<"bitfield">;

const orderOf = (type: { readonly size: number; readonly order: string }): string =>
  type.size === 1 ? "le" : type.order;

function partOf({ size, precision, bitOffset }: Bits): object {
  return precision === 8 * size && bitOffset === 0 ? {} : { precision, offset: bitOffset };
}

export function datatypeJson(type: FileDatatype): DatatypeJson {
  const { size } = type;
  switch (type.class) {
    case "integer":
      return { class: "int", size, order: orderOf(type), signed: type.signed, ...partOf(type) };
    case "bitfield":
      return { class: "bitfield", size, order: orderOf(type), ...partOf(type) };
    case "time":
      // The schema knows times in one order only, and takes their bytes as they stand.
      return { class: "time", size, order: "le", ...partOf({ ...type, bitOffset: 0 } as Of<"bitfield"> & Of<"time">) };
    case "float":
      return floatJson(type);
    case "string":
      return { class: "string", size, strpad: type.padding, cset: type.charset };
    case "opaque":
      return { class: "opaque", size, tag: shownText(type.tag) };
    case "enum":
      return { class: "enum", size, base: datatypeJson(type.base), members: type.members.map(memberJson(type.base)) };
    case "complex":
      return { class: "complex", size, base: datatypeJson(type.base) };
    default:
      return compositeJson(type);
  }
}

function compositeJson(type: Of<"compound" | "array" | "vlen" | "reference">): DatatypeJson {
  switch (type.class) {
    case "compound": {
      const members = type.members.map(({ name, offset, type }) => {
        return { name: shownText(name), offset, type: datatypeJson(type) };
      });
      return { class: "compound", size: type.size, members };
    }
    case "array":
      return { class: "array", dims: type.dims, base: datatypeJson(type.base) };
    case "vlen":
      return type.kind === "string"
        ? { class: "string", vlen: true, strpad: type.padding, cset: type.charset }
        : { class: "vlen", base: datatypeJson(type.base) };
    case "reference":
      return { class: "ref", kind: type.kind === "standard" ? "std" : type.kind };
  }
}

/** Sign, exponent, mantissa and bias of the formats of IEEE 754 by their size. */
const IEEE: Readonly<Record<number, readonly number[]>> = {
  2: [15, 10, 5, 0, 10, 15],
  4: [31, 23, 8, 0, 23, 127],
  8: [63, 52, 11, 0, 52, 1023],
};

/** Whether an element has the bits of a float16, float32 or float64, in any order of bytes. */
export function isIeee(type: Of<"float">): boolean {
  const { size, precision, bitOffset, normalization, order } = type;
  const fields = [
    type.signPosition,
    type.exponentPosition,
    type.exponentSize,
    type.mantissaPosition,
    type.mantissaSize,
    type.exponentBias,
  ];
  const whole = precision === 8 * size && bitOffset === 0 && normalization === "implied" && order !== "vax";
  return whole && IEEE[size]?.every((value, i) => value === fields[i]) === true;
}

function floatJson(type: Of<"float">): DatatypeJson {
  const common = { class: "float", size: type.size, order: orderOf(type) };
  if (isIeee(type)) return common;
  return {
    ...common,
    precision: type.precision,
    offset: type.bitOffset,
    spos: type.signPosition,
    epos: type.exponentPosition,
    esize: type.exponentSize,
    mpos: type.mantissaPosition,
    msize: type.mantissaSize,
    ebias: type.exponentBias,
    norm: type.normalization,
  };
}

const memberJson =
  (base: FileDatatype) =>
  ({ name, value }: Of<"enum">["members"][number]): object => ({
    name: shownText(name),
    value: base.class === "integer" || base.class === "bitfield" ? String(integerOf(base, value, 0)) : "0",
  });
