/** When datatypes are the same, and when a stored one can be read as the one asked for. */
import type { CompoundType, Datatype } from "../../format/datatype/datatype.ts";
import { isBool } from "./meaning.ts";
import { nameOf } from "./name.ts";
import { sameFormat } from "./standard.ts";

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((v, i) => v === b[i]);

type Field = string | number | undefined;

/** Bits outside the value count too, as they do in libhdf5; the version of the encoding does not. */
function sameBits(a: Datatype, b: Datatype): boolean {
  const fields = (t: Datatype): readonly Field[] =>
    t.class === "integer" || t.class === "bitfield" || t.class === "float"
      ? [
          t.order,
          t.bitOffset,
          t.precision,
          t.lowPad ?? 0,
          t.highPad ?? 0,
          t.class === "float" ? (t.internalPad ?? 0) : 0,
          t.class === "integer" ? Number(t.signed) : 0,
        ]
      : t.class === "time"
        ? [t.order, t.precision]
        : [];
  const other = fields(b);
  return fields(a).every((value, i) => value === other[i]);
}

/** Whether two datatypes are equal: the same elements in the same bytes. */
export function sameType(a: Datatype, b: Datatype): boolean {
  if (a === b) return true;
  if (a.size !== b.size || a.class !== b.class) return false;
  switch (a.class) {
    case "integer":
    case "bitfield":
    case "time":
      return sameBits(a, b);
    case "float":
      return sameBits(a, b) && sameFormat(a, b as typeof a);
    case "string": {
      const other = b as typeof a;
      return a.padding === other.padding && a.charset === other.charset;
    }
    case "opaque":
      return a.tag === (b as typeof a).tag;
    case "reference":
      return a.kind === (b as typeof a).kind;
    case "compound":
      return sameMembers(a, b as CompoundType, sameType, true);
    case "enum": {
      const other = b as typeof a;
      if (!sameType(a.base, other.base) || a.members.length !== other.members.length) return false;
      return a.members.every((m, i) => m.name === other.members[i].name && sameBytes(m.value, other.members[i].value));
    }
    case "vlen": {
      const other = b as typeof a;
      if (a.kind !== other.kind) return false;
      return a.kind === "string"
        ? a.padding === other.padding && a.charset === other.charset
        : sameType(a.base, other.base);
    }
    case "array": {
      const other = b as typeof a;
      return sameDims(a.dims, other.dims) && sameType(a.base, other.base);
    }
    case "complex":
      return sameType(a.base, (b as typeof a).base);
  }
}

const sameDims = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dim, i) => dim === b[i]);

function sameMembers(
  a: CompoundType,
  b: CompoundType,
  same: (a: Datatype, b: Datatype) => boolean,
  offsets: boolean,
): boolean {
  if (a.members.length !== b.members.length) return false;
  return a.members.every((member, i) => {
    const other = b.members[i];
    return member.name === other.name && (!offsets || member.offset === other.offset) && same(member.type, other.type);
  });
}

/**
 * Whether data stored as `stored` is read as `asked` says: the same class and width, in any order of bytes. Enumerations,
 * bit fields and times pass for the integers that they are read as; the type "string" for text of any kind; members of
 * compounds and values of enumerations must be the same.
 */
export function matches(stored: Datatype, asked: Datatype): boolean {
  if (isText(asked)) return isText(stored) || stored.class === "string";
  if (asked.class === "compound" && stored.class === "compound" && nameOf(asked) === "compound") {
    return sameMembers(stored, asked, matches, false);
  }
  if (asked.class === "array") {
    return stored.class === "array" && sameDims(stored.dims, asked.dims) && matches(stored.base, asked.base);
  }
  if (asked.class === "vlen") return stored.class === "vlen" && !isText(stored) && matches(stored.base, asked.base);
  if (asked.class === "enum" && !isBool(asked)) return stored.class === "enum" && sameEnum(stored, asked);
  if (asked.class === "opaque" && nameOf(asked) === "opaque") {
    return stored.class === "opaque" && stored.size === asked.size && (asked.tag === "" || stored.tag === asked.tag);
  }
  return nameOf(stored) === nameOf(asked);
}

const isText = (type: Datatype): boolean => type.class === "vlen" && type.kind === "string";

function sameEnum(stored: Datatype & { class: "enum" }, asked: Datatype & { class: "enum" }): boolean {
  if (!matches(stored.base, asked.base) || stored.members.length !== asked.members.length) return false;
  const swapped =
    stored.base.class === "integer" && asked.base.class === "integer" && stored.base.order !== asked.base.order;
  return stored.members.every((member, i) => {
    const value = swapped ? member.value.slice().reverse() : member.value;
    return member.name === asked.members[i].name && sameBytes(value, asked.members[i].value);
  });
}
