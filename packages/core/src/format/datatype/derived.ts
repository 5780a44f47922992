/** Types made of another one: enumerations (class 8), variable-length types (class 9) and arrays (class 10): section IV.A.2.d. */
import type { Fields } from "../../bytes/fields.ts";
import { MAX_RANK } from "../messages/dataspace.ts";
import type { ClassLayout } from "./class-layout.ts";
import type { ArrayType, Datatype, EnumMember, EnumType, VariableLengthType } from "./datatype.ts";
import { textBits, textFields } from "./strings.ts";

export const enumLayout: ClassLayout<EnumType> = {
  bits: (t) => t.members.length,
  properties: (f, head, v, nested) => {
    const base = nested(f, v?.base);
    if (f.reading && base.size !== head.size) f.fail("has a size other than its base type", head.size, `${base.size}`);
    return { class: "enum", size: head.size, version: head.version, base, members: members(f, head, base, v) };
  },
};

/** All names, then all values. */
function members(f: Fields, head: { version: number; bits: number }, base: Datatype, v?: EnumType): EnumMember[] {
  const count = head.bits & 0xffff;
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const start = f.position;
    names.push(f.cstring(v?.members[i].name));
    if (head.version < 3) f.pad(8, start);
  }
  // A copy: values outlive the block that they were read from.
  return names.map((name, i) => ({ name, value: f.bytes(v?.members[i].value, base.size).slice() }));
}

const STRING = 1;

export const variableLengthLayout: ClassLayout<VariableLengthType> = {
  bits: (t) => (t.kind === "string" ? STRING | (textBits(t) << 4) : 0),
  properties: (f, head, v, nested) => {
    const code = head.bits & 0x0f;
    if (code > STRING) f.fail("has an unknown variable-length type", code, "0 (sequence), 1 (string)");
    return {
      class: "vlen",
      size: head.size,
      version: head.version,
      kind: code === STRING ? "string" : "sequence",
      ...(code === STRING ? textFields(f, head.bits >> 4) : ({ padding: "nullterm", charset: "ascii" } as const)),
      base: nested(f, v?.base),
    };
  },
};

export const arrayLayout: ClassLayout<ArrayType> = {
  bits: () => 0,
  properties: (f, head, v, nested) => {
    const rank = f.u8(v?.dims.length);
    if (rank === 0 || rank > MAX_RANK) f.fail("has a wrong number of dimensions", rank, `1 to ${MAX_RANK}`);
    if (head.version < 3) f.reserved(3);
    const dims: number[] = [];
    for (let i = 0; i < rank; i++) dims.push(f.u32(v?.dims[i]));
    // Their order, which is always this one.
    if (head.version < 3) for (let i = 0; i < rank; i++) f.u32(i);
    const base = nested(f, v?.base);
    const size = dims.reduce((product, n) => product * n, base.size);
    if (f.reading && size !== head.size) f.fail("has a size other than its elements", head.size, `${size}`);
    return { class: "array", size: head.size, version: head.version, dims, base };
  },
};
