/** Views: other ways to read the same elements, and the datatypes of what they give. */
import { DTypeError } from "../../errors.ts";
import type { CompoundMember, CompoundType, Datatype } from "../../format/datatype/datatype.ts";
import { complexParts } from "../dtype/meaning.ts";
import { nameOf } from "../dtype/name.ts";
import { floatType, integerType } from "../dtype/standard.ts";
import { isBigint, numberCodec } from "./numbers.ts";

/** What an array type is made by: `Float16Array`, say, in place of the one that its datatype has. */
export interface ArrayMaker {
  /** Bytes of an element. */
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): unknown;
}

/**
 * What elements are read as: another datatype; `"number"`, 64-bit integers as numbers, checked; `"bytes"`, the file's
 * own bytes.
 */
export type ReadAs = Datatype | "number" | "bytes";

/** How to read elements; the result's type depends on the view alone. */
export interface ElementView {
  /** Members of a compound: several give columns, a single name gives that column itself. */
  readonly fields?: string | readonly string[];
  readonly as?: ReadAs;
  /** The array for `as`, whose elements have as many bytes. */
  readonly array?: ArrayMaker;
}

/** Whether elements hold all their bytes: not the address of a heap object. */
export function isFlat(type: Datatype): boolean {
  switch (type.class) {
    case "vlen":
      return false;
    case "compound":
      return type.members.every((member) => isFlat(member.type));
    case "array":
      return isFlat(type.base);
    default:
      return true;
  }
}

const bytesType = (size: number): Datatype => ({ class: "array", size, dims: [size], base: integerType(1, false) });

/** Members one behind the other. */
function packed(type: CompoundType, typeOf: (member: CompoundMember) => Datatype): CompoundType {
  let size = 0;
  const members = type.members.map((m): CompoundMember => {
    const moved = { name: m.name, offset: size, type: typeOf(m) };
    size += moved.type.size;
    return moved;
  });
  return { class: "compound", size, members };
}

/** The datatype of elements that are read so. */
export function typeAs(type: Datatype, as: ReadAs | undefined): Datatype {
  if (as === undefined) return type;
  if (as === "bytes") return isFlat(type) ? bytesType(type.size) : within(type, as);
  if (as !== "number") return type.class === "array" && as.class !== "array" ? within(type, as) : as;
  const codec = numberCodec(type);
  if (codec !== undefined) return isBigint(codec.array) ? floatType("float64") : type;
  return complexParts(type) === undefined ? within(type, as) : type;
}

/** The same around other elements. */
function within(type: Datatype, as: ReadAs): Datatype {
  switch (type.class) {
    case "array": {
      const base = typeAs(type.base, as);
      return { ...type, base, size: type.dims.reduce((product, dim) => product * dim, base.size) };
    }
    case "vlen":
      if (type.kind === "sequence") return { ...type, base: typeAs(type.base, as) };
      return as === "bytes" ? { ...type, kind: "sequence", base: integerType(1, false) } : type;
    case "compound":
      return packed(type, (member) => typeAs(member.type, as));
    default:
      return type;
  }
}

/** The member of that name; DTypeError where there is none, or no compound. */
export function memberOf(type: Datatype, name: string): CompoundMember {
  if (type.class !== "compound") {
    throw new DTypeError("has no members", { structure: nameOf(type), found: name, allowed: "compounds" });
  }
  const member = type.members.find((one) => one.name === name);
  if (member !== undefined) return member;
  const names = type.members.map((one) => JSON.stringify(one.name)).slice(0, 20);
  throw new DTypeError("has no member of that name", { structure: "compound", found: name, allowed: names.join(", ") });
}

/** Only these members, at the offsets that they have in the whole. */
export function pick(type: Datatype, names: readonly string[]): CompoundType {
  if (new Set(names).size < names.length) {
    throw new DTypeError("was asked for a member twice", { structure: "compound", found: names.join(", ") });
  }
  if (names.length === 0) throw new DTypeError("was asked for no member", { structure: "compound" });
  return { class: "compound", size: type.size, members: names.map((name) => memberOf(type, name)) };
}

/** The datatype of what a view gives. */
export function viewType(type: Datatype, view: ElementView = {}): Datatype {
  const { fields, as } = view;
  if (fields === undefined) return typeAs(type, as);
  if (typeof fields === "string") return typeAs(memberOf(type, fields).type, as);
  return packed(pick(type, fields), (member) =>
    typeAs(member.type, typeof as === "object" ? memberOf(as, member.name).type : as),
  );
}
