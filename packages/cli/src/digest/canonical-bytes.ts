/** The canonical encoding of elements from the bytes that they are in the file. */
import type { FileDatatype } from "h5ts";
import { doubleBits } from "./canonical-float.ts";
import { bitsOf, type IntegerLike, integerOf } from "./canonical-integer.ts";
import type { CanonicalOut } from "./canonical-out.ts";
import { isIeee } from "./datatype-json.ts";

/** Puts the element at `source[at]`. */
export type BytesEncoder = (out: CanonicalOut, source: Uint8Array, at: number) => void;

type Of<C extends FileDatatype["class"]> = Extract<FileDatatype, { class: C }>;

/** For types whose elements hold all that they say: no heap objects, no references but to objects. */
export function bytesEncoder(type: FileDatatype): BytesEncoder {
  const { size } = type;
  switch (type.class) {
    case "integer":
    case "bitfield":
      return integerEncoder(type);
    case "time":
    case "opaque":
      return (out, source, at) => out.put(source, at, at + size);
    case "enum":
      return bytesEncoder(type.base);
    case "float":
      return floatEncoder(type);
    case "complex":
      return repeated(type.base, 2);
    case "string":
      return stringEncoder(type);
    case "compound":
      return compoundEncoder(type);
    case "array":
      return repeated(
        type.base,
        type.dims.reduce((product, dim) => product * dim, 1),
      );
    case "reference":
      return (out, source, at) => out.u64(bitsOf(source, at, size, "le"));
    case "vlen":
      throw new TypeError("elements of variable length are not in the bytes of the element");
  }
}

const isWhole = (type: IntegerLike): boolean => type.precision === 8 * type.size && type.bitOffset === 0;

const ordered = (size: number, order: "le" | "be" | "vax"): BytesEncoder =>
  order === "le" || size === 1
    ? (out, source, at) => out.put(source, at, at + size)
    : (out, source, at) => out.putReversed(source, at, at + size);

function integerEncoder(type: IntegerLike): BytesEncoder {
  if (isWhole(type)) return ordered(type.size, type.order);
  return (out, source, at) => out.integer(integerOf(type, source, at), type.size);
}

function floatEncoder(type: Of<"float">): BytesEncoder {
  if (isIeee(type)) return ordered(type.size, type.order);
  return (out, source, at) => out.u64(doubleBits(type, bitsOf(source, at, type.size, type.order)));
}

function repeated(base: FileDatatype, count: number): BytesEncoder {
  const one = bytesEncoder(base);
  return (out, source, at) => {
    for (let i = 0; i < count; i++) one(out, source, at + i * base.size);
  };
}

function compoundEncoder(type: Of<"compound">): BytesEncoder {
  const members = type.members.map(({ offset, type }) => ({ offset, one: bytesEncoder(type) }));
  return (out, source, at) => {
    for (const { offset, one } of members) one(out, source, at + offset);
  };
}

function stringEncoder(type: Of<"string">): BytesEncoder {
  const { size, padding } = type;
  if (padding === "nullpad" || padding === "spacepad") {
    const pad = padding === "nullpad" ? 0 : 0x20;
    return (out, source, at) => {
      let end = at + size;
      while (end > at && source[end - 1] === pad) end--;
      out.sized(source, at, end);
    };
  }
  return (out, source, at) => {
    const end = source.indexOf(0, at);
    out.sized(source, at, end < 0 || end > at + size ? at + size : end);
  };
}

/** Whether the canonical encoding is the bytes themselves. */
export function isCanonical(type: FileDatatype): boolean {
  switch (type.class) {
    case "opaque":
    case "time":
      return true;
    case "integer":
    case "bitfield":
      return isWhole(type) && (type.order === "le" || type.size === 1);
    case "enum":
    case "array":
    case "complex":
      return isCanonical(type.base);
    case "float":
      return isIeee(type) && type.order === "le";
    case "reference":
      return type.size === 8;
    default:
      return false;
  }
}
