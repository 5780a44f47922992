/** Compound types (class 6): section IV.A.2.d. Versions 1 to 3 of the message write members in three ways. */
import type { Fields } from "../../bytes/fields.ts";
import type { ClassLayout, DatatypeHead, Nested } from "./class-layout.ts";
import type { ArrayType, CompoundMember, CompoundType, Datatype } from "./datatype.ts";

/** Bytes of a member's offset from version 3 on: as many as the size of the compound needs. */
const offsetWidth = (size: number): number => (size < 0x100 ? 1 : size < 0x1_0000 ? 2 : size < 0x100_0000 ? 3 : 4);

export const compoundLayout: ClassLayout<CompoundType> = {
  bits: (t) => t.members.length,
  properties: (f, head, v, nested) => {
    const count = head.bits & 0xffff;
    if (count === 0) f.fail("has no members");
    const members: CompoundMember[] = [];
    for (let i = 0; i < count; i++) members.push(member(f, head, v?.members[i], nested));
    if (f.reading) check(f, head.size, members);
    return { class: "compound", size: head.size, version: head.version, members };
  },
};

function member(f: Fields, head: DatatypeHead, v: CompoundMember | undefined, nested: Nested): CompoundMember {
  const start = f.position;
  const name = f.cstring(v?.name);
  if (head.version < 3) f.pad(8, start);
  const offset = f.uint(v?.offset, head.version < 3 ? 4 : offsetWidth(head.size));
  return { name, offset, type: head.version === 1 ? oldMemberType(f, v?.type, nested) : nested(f, v?.type) };
}

const OLD_RANK = 4;

/** Version 1 has up to four dimensions in the member itself; they are read as an array type without a version. */
function oldMemberType(f: Fields, v: Datatype | undefined, nested: Nested): Datatype {
  const array = v?.class === "array" && v.version === undefined ? v : undefined;
  const rank = f.u8(v && (array?.dims.length ?? 0));
  if (rank > OLD_RANK) f.fail("has a member of too many dimensions", rank, `at most ${OLD_RANK}`);
  // Reserved, and an order of the dimensions that was never used.
  f.reserved(11);
  const dims: number[] = [];
  for (let i = 0; i < OLD_RANK; i++) dims.push(f.u32(v && (array?.dims[i] ?? 0)));
  const base = nested(f, array?.base ?? v);
  return rank === 0 ? base : arrayOf(f, dims.slice(0, rank), base);
}

function arrayOf(f: Fields, dims: readonly number[], base: Datatype): ArrayType {
  const size = dims.reduce((product, n) => product * n, base.size);
  if (size === 0 || size > 0xffff_ffff) f.fail("has a member of a wrong size", size, "1 to 2^32 - 1");
  return { class: "array", dims, base, size };
}

/** Members must lie within the element, and apart from each other. */
function check(f: Fields, size: number, members: readonly CompoundMember[]): void {
  let end = 0;
  let ascending = true;
  for (const { name, offset, type } of members) {
    if (offset + type.size > size)
      f.fail(`has a member ${JSON.stringify(name)} past its end`, offset + type.size, `${size}`);
    if (offset < end) ascending = false;
    end = offset + type.size;
  }
  if (ascending) return;
  const sorted = [...members].sort((a, b) => a.offset - b.offset);
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i].offset < sorted[i - 1].offset + sorted[i - 1].type.size) {
      f.fail(`has overlapping members ${JSON.stringify(sorted[i - 1].name)} and ${JSON.stringify(sorted[i].name)}`);
    }
  }
}
