/** Datatypes by name: NumPy's short and long names, and those of formats that NumPy lacks. */
import { DTypeError } from "../../errors.ts";
import type { CompoundType, Datatype, FloatType } from "../../format/datatype/datatype.ts";
import { momentType } from "./meaning.ts";
import { BOOL_TYPE, FLOAT_FORMATS, floatType, integerType, textType } from "./standard.ts";

/** Bytes that an element can have: its size is a 32-bit field of the datatype message. */
const MAX_SIZE = 0xffff_ffff;
/** Widest integer that a name can ask for, in bytes. */
const MAX_INTEGER = 16;

/** Datatypes by name: the same each time, as what is known of a datatype is kept by it. */
const known = new Map<string, Datatype>();
const MOST_KNOWN = 256;

/** The datatype of that name; DTypeError where there is none. */
export function parseName(name: string): Datatype {
  let type = known.get(name);
  if (type === undefined) {
    type = parsed(name);
    if (known.size < MOST_KNOWN) known.set(name, type);
  }
  return type;
}

function parsed(name: string): Datatype {
  const [, sign, rest] = /^([<>=|]?)(.*)$/s.exec(name)!;
  const order = sign === ">" ? "be" : "le";
  const found = byWord(rest, order) ?? byCode(rest, order) ?? byMoment(rest, order);
  if (found !== undefined) return found;
  throw new DTypeError("is no name of a datatype", {
    found: name,
    allowed: "names such as f4, <i8, u1, bool, S20, c16, float32, bfloat16, string, datetime64[ns]",
  });
}

function byWord(word: string, order: "le" | "be"): Datatype | undefined {
  if (word === "bool" || word === "?" || word === "b1") return BOOL_TYPE;
  if (word === "string") return textType();
  if (FLOAT_FORMATS.has(word)) return floatType(word, order);
  const long = /^(int|uint|complex)(\d{1,3})$/.exec(word);
  if (long === null) return undefined;
  const bits = Number(long[2]);
  if (bits === 0 || bits % 8 !== 0) return undefined;
  return long[1] === "complex" ? byComplex(bits / 8, order) : byInteger(bits / 8, long[1] === "int", order);
}

function byCode(code: string, order: "le" | "be"): Datatype | undefined {
  const match = /^([iufcSV])(\d{1,10})$/.exec(code);
  if (match === null) return undefined;
  const size = Number(match[2]);
  if (size === 0 || size > MAX_SIZE) return undefined;
  switch (match[1]) {
    case "i":
    case "u":
      return byInteger(size, match[1] === "i", order);
    case "f":
      return byFloat(size, order);
    case "c":
      return byComplex(size, order);
    case "S":
      return { class: "string", size, padding: "nullpad", charset: "ascii" };
    default:
      return { class: "opaque", size, tag: "" };
  }
}

function byInteger(size: number, signed: boolean, order: "le" | "be"): Datatype | undefined {
  return size <= MAX_INTEGER ? integerType(size, signed, order) : undefined;
}

function byFloat(size: number, order: "le" | "be"): FloatType | undefined {
  const name = `float${size * 8}`;
  return FLOAT_FORMATS.has(name) ? floatType(name, order) : undefined;
}

function byComplex(size: number, order: "le" | "be"): CompoundType | undefined {
  const base = byFloat(size / 2, order);
  return base === undefined ? undefined : complexCompound(base);
}

/** h5py's complex number, which every HDF5 reads: a compound of members r and i. */
export function complexCompound(base: FloatType): CompoundType {
  return {
    class: "compound",
    size: base.size * 2,
    members: [
      { name: "r", offset: 0, type: base },
      { name: "i", offset: base.size, type: base },
    ],
  };
}

const UNIT = /^\d*(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic)$/;

function byMoment(word: string, order: "le" | "be"): Datatype | undefined {
  const match = /^(M8|m8|datetime64|timedelta64)(?:\[(\w+)\])?$/.exec(word);
  if (match === null) return undefined;
  const unit = match[2] ?? "generic";
  if (!UNIT.test(unit)) return undefined;
  const kind = match[1] === "M8" || match[1] === "datetime64" ? "datetime64" : "timedelta64";
  return momentType({ kind, unit, order });
}
