/** What HDF5's classes stand for by convention: booleans, complex numbers and NumPy's dates. */
import type { CompoundType, Datatype, FloatType, OpaqueType } from "../../format/datatype/datatype.ts";
import { sameFormat } from "./standard.ts";

/** Whether it is h5py's boolean: members FALSE = 0 and TRUE = 1, in a byte. */
export function isBool(type: Datatype): boolean {
  if (type.class !== "enum" || type.size !== 1 || type.members.length !== 2) return false;
  const [no, yes] = type.members;
  return no.name === "FALSE" && no.value[0] === 0 && yes.name === "TRUE" && yes.value[0] === 1;
}

/** Parts of a complex number in an element: both of one type, at these offsets. */
export interface ComplexParts {
  readonly base: FloatType;
  readonly real: number;
  readonly imag: number;
}

/** Of the complex class, or of h5py's compound of members "r" and "i" of one floating-point type. */
export function complexParts(type: Datatype): ComplexParts | undefined {
  if (type.class === "complex") return { base: type.base, real: 0, imag: type.base.size };
  return type.class === "compound" ? compoundParts(type) : undefined;
}

function compoundParts(type: CompoundType): ComplexParts | undefined {
  if (type.members.length !== 2) return undefined;
  const [r, i] = type.members;
  if (r.name !== "r" || i.name !== "i" || r.type.class !== "float" || i.type.class !== "float") return undefined;
  const same = r.type.order === i.type.order && sameFormat(r.type, i.type);
  return same ? { base: r.type, real: r.offset, imag: i.offset } : undefined;
}

/** NumPy's dates and durations: 64-bit counts of a unit, dates since 1970. The lowest value is "not a time". */
export interface Moment {
  readonly kind: "datetime64" | "timedelta64";
  /** As NumPy writes it: `"ns"`, `"D"`, `"25s"`; `"generic"` where none is given. */
  readonly unit: string;
  readonly order: "le" | "be";
}

const MOMENT = /^NUMPY:([<>=|]?)([mM])8(?:\[([^\]]+)\])?$/;

/** The tag `NUMPY:<M8[ns]` of h5py's `opaque_dtype`. */
export function momentOf(type: Datatype): Moment | undefined {
  if (type.class !== "opaque" || type.size !== 8) return undefined;
  const match = MOMENT.exec(type.tag);
  if (match === null) return undefined;
  const [, order, letter, unit] = match;
  const kind = letter === "M" ? "datetime64" : "timedelta64";
  return { kind, unit: unit ?? "generic", order: order === ">" ? "be" : "le" };
}

/** The opaque type of a date or duration. */
export function momentType(moment: Moment): OpaqueType {
  const unit = moment.unit === "generic" ? "" : `[${moment.unit}]`;
  const tag = `NUMPY:${moment.order === "be" ? ">" : "<"}${moment.kind === "datetime64" ? "M8" : "m8"}${unit}`;
  return { class: "opaque", size: 8, tag };
}
