/** Datatypes as JSON text, for the metadata of Arrow fields: NumPy's codes where there are some, else objects. */
import { DType, DTypeError, type DTypeLike, dtype, type FileDatatype } from "h5ts";

type Json = string | { readonly [kind: string]: unknown };

/** Key of field metadata that says which datatype a column has in HDF5. */
export const DTYPE_KEY = "h5ts:dtype";

/** The notation of a datatype; `undefined` of those that Arrow columns are not kept as: times, references. */
export function notationOf(type: DType): string | undefined {
  const json = toJson(type.datatype);
  return json === undefined ? undefined : JSON.stringify(json);
}

function toJson(type: FileDatatype): Json | undefined {
  const whole = new DType(type);
  if (whole.name === "bool") return "bool";
  switch (type.class) {
    case "integer":
    case "float":
      return codeOf(whole) ?? { [type.class]: withoutClass(type) };
    case "bitfield":
      return {
        bitfield: `u${type.size}`,
        bits: { order: type.order, bitOffset: type.bitOffset, precision: type.precision },
      };
    case "string":
      return { string: { length: type.size, encoding: whole.encoding, padding: paddingOf(type.padding) } };
    case "opaque":
      return whole.unit === undefined ? { opaque: type.size, tag: type.tag } : whole.toString();
    case "enum":
      return { enum: [...whole.members!].map(([name, value]) => [name, String(value)]), base: toJson(type.base) };
    case "vlen":
      return type.kind === "string" ? { string: { encoding: whole.encoding } } : { vlen: toJson(type.base) };
    case "array":
      return { array: toJson(type.base), shape: type.dims };
    case "complex":
      return { complex: toJson(type.base), native: true };
    case "compound":
      if (whole.fields === undefined) return { complex: toJson(whole.base!.datatype) };
      return { compound: type.members.map(({ name, type: member }) => [name, toJson(member)]) };
    default:
      return undefined;
  }
}

/** Files have text that fills its room and should end with NUL; written anew it would lose its last byte. */
const paddingOf = (padding: string): string => (padding === "nullterm" ? "nullpad" : padding);

const withoutClass = ({ class: _, version: __, ...bits }: FileDatatype): object => bits;

/** NumPy's code, where it says all. */
function codeOf(type: DType): string | undefined {
  const code = type.toString();
  try {
    return DType.from(code).equals(type) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** The datatype of a notation; `undefined` where it is none. */
export function datatypeOf(text: string | undefined): DType | undefined {
  if (text === undefined) return undefined;
  try {
    return fromJson(JSON.parse(text));
  } catch {
    // Written by others: columns are kept as their Arrow types are.
    return undefined;
  }
}

interface Notation {
  readonly [key: string]: unknown;
  readonly string?: Parameters<typeof dtype.string>[0];
  readonly bitfield?: "u1" | "u2" | "u4" | "u8";
  readonly bits?: object;
  readonly integer?: { readonly size: number };
  readonly float?: Parameters<typeof dtype.float>[0];
  readonly opaque?: number;
  readonly tag?: string;
  readonly enum?: readonly (readonly [string, string])[];
  readonly base?: unknown;
  readonly vlen?: unknown;
  readonly array?: unknown;
  readonly shape?: readonly number[];
  readonly complex?: unknown;
  readonly native?: boolean;
  readonly compound?: readonly (readonly [string, unknown])[];
}

function fromJson(json: unknown, depth = 0): DType {
  if (depth > 32) throw new DTypeError("is nested too deep", { structure: "notation of a datatype" });
  if (typeof json === "string") return DType.from(json);
  const of = json as Notation;
  const inner = (part: unknown): DType => fromJson(part, depth + 1);
  if (of.string !== undefined) return dtype.string(of.string);
  if (of.bitfield !== undefined) return dtype.bitfield(of.bitfield, of.bits);
  if (of.integer !== undefined) return dtype.integer(of.integer);
  if (of.float !== undefined) return dtype.float(of.float);
  if (of.opaque !== undefined) return dtype.opaque(of.opaque, of.tag);
  if (of.enum !== undefined) return enumOf(of.enum, inner(of.base));
  if (of.vlen !== undefined) return dtype.vlen(inner(of.vlen));
  if (of.array !== undefined) return dtype.array(inner(of.array), of.shape!);
  if (of.complex !== undefined) return complexOf(inner(of.complex), of.native === true);
  return dtype.compound(of.compound!.map(([name, part]): [string, DTypeLike] => [name, inner(part)]));
}

function enumOf(members: readonly (readonly [string, string])[], base: DType): DType {
  return dtype.enum(
    members.map(([name, value]): [string, bigint] => [name, BigInt(value)]),
    base,
  );
}

function complexOf(base: DType, native: boolean): DType {
  const { datatype } = base;
  if (datatype.class !== "float") throw new DTypeError("has no such parts", { structure: "complex", found: base.name });
  if (native) return new DType({ class: "complex", size: 2 * datatype.size, base: datatype });
  const member = (name: string, offset: number): { name: string; offset: number; type: FileDatatype } => ({
    name,
    offset,
    type: datatype,
  });
  return new DType({
    class: "compound",
    size: 2 * datatype.size,
    members: [member("r", 0), member("i", datatype.size)],
  });
}
