/** Whether values of one datatype can be kept in another without loss: NumPy's `can_cast`, rule "safe". */

import type { DatasetInfo } from "../../contract.ts";
import { complexParts } from "../../data/dtype/meaning.ts";
import { sameType } from "../../data/dtype/same.ts";

type Datatype = DatasetInfo["datatype"];

/** A number as NumPy ranks it. */
interface Rank {
  readonly kind: "bool" | "unsigned" | "signed" | "float" | "complex";
  /** Bits, of complex numbers those of a part. */
  readonly bits: number;
}

/** Bits of the floats that hold all integers of so many bits; as NumPy, 64 have those of 32 and 64. */
const FLOAT_FOR = (bits: number): number => (bits <= 8 ? 16 : bits <= 16 ? 32 : 64);

export function canCast(from: Datatype, to: Datatype): boolean {
  if (sameType(from, to)) return true;
  const [a, b] = [rankOf(from), rankOf(to)];
  if (a !== undefined && b !== undefined) return fits(a, b);
  if (isVariableText(to)) return isVariableText(from) || from.class === "string";
  if (from.class === "string" && to.class === "string") return from.size <= to.size;
  if (from.class === "compound" && to.class === "compound") {
    return (
      from.members.length === to.members.length &&
      from.members.every(({ name, type }, i) => name === to.members[i].name && canCast(type, to.members[i].type))
    );
  }
  if (from.class === "array" && to.class === "array") {
    return from.dims.join() === to.dims.join() && canCast(from.base, to.base);
  }
  if (from.class === "vlen" && to.class === "vlen" && from.kind === to.kind) return canCast(from.base, to.base);
  return from.class === "reference" && to.class === "reference" && from.kind === to.kind;
}

const isVariableText = (type: Datatype): boolean => type.class === "vlen" && type.kind === "string";

function rankOf(type: Datatype): Rank | undefined {
  switch (type.class) {
    case "integer":
      return { kind: type.signed ? "signed" : "unsigned", bits: type.size * 8 };
    case "bitfield":
      return { kind: "unsigned", bits: type.size * 8 };
    case "float":
      return { kind: "float", bits: type.size * 8 };
    case "enum":
      return isBool(type) ? { kind: "bool", bits: 1 } : rankOf(type.base);
    default: {
      const parts = complexParts(type);
      return parts === undefined ? undefined : { kind: "complex", bits: parts.base.size * 8 };
    }
  }
}

const isBool = (type: Datatype & { readonly class: "enum" }): boolean =>
  type.members.length === 2 && type.members[0].name === "FALSE" && type.members[1].name === "TRUE";

function fits(a: Rank, b: Rank): boolean {
  if (a.kind === b.kind) return a.bits <= b.bits;
  switch (b.kind) {
    case "bool":
      return false;
    case "unsigned":
      return a.kind === "bool";
    case "signed":
      return a.kind === "bool" || (a.kind === "unsigned" && a.bits < b.bits);
    case "float":
      return a.kind === "bool" || (a.kind !== "complex" && FLOAT_FOR(a.bits) <= b.bits);
    case "complex":
      return a.kind === "bool" || (a.kind === "float" ? a.bits : FLOAT_FOR(a.bits)) <= b.bits;
  }
}
