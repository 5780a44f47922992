/** Dataspace message, type 0x0001 (HDF5 File Format Specification, section IV.A.2.b): the extent of a dataset or an attribute. */

import { codeOf, named } from "../../bytes/choice.ts";
import type { Fields } from "../../bytes/fields.ts";

/** `"null"` holds no element at all, `"scalar"` one without dimensions, `"simple"` an array. */
export interface Dataspace {
  readonly kind: "null" | "scalar" | "simple";
  /** Elements along each dimension; empty unless simple. */
  readonly dims: readonly number[];
  /** The most that each may grow to, `Infinity` if unlimited; equals `dims` where the file gives none. */
  readonly maxDims: readonly number[];
  /** Version of the encoding found, 1 or 2. */
  readonly version?: 1 | 2;
}

/** Most dimensions that the format allows. */
export const MAX_RANK = 32;

const KINDS = ["scalar", "simple", "null"] as const;
const HAS_MAX = 1;

/** Version 1 has no null dataspaces. Without a version the value is written as version 1 where it can be. */
export function dataspaceMessage(f: Fields, v?: Dataspace): Dataspace {
  const version = f.u8(v && (v.version ?? (v.kind === "null" ? 2 : 1)));
  if (version !== 1 && version !== 2) return f.fail("has a version that is not known", version, "1 or 2");
  const rank = f.u8(v?.dims.length);
  if (rank > MAX_RANK) f.fail("has too many dimensions", rank, `at most ${MAX_RANK}`);
  const flags = f.u8(v && (v.kind === "simple" ? HAS_MAX : 0));
  const kind = version === 2 ? kindField(f, rank, v) : oldKind(f, rank);
  const dims = sizes(f, rank, v?.dims);
  const maxDims = rank > 0 && (flags & HAS_MAX) !== 0 ? sizes(f, rank, v?.maxDims) : dims;
  if (f.reading) check(f, dims, maxDims);
  return { kind, dims, maxDims, version };
}

function kindField(f: Fields, rank: number, v?: Dataspace): Dataspace["kind"] {
  const kind = named(f, KINDS, f.u8(codeOf(KINDS, v?.kind)), "type of extent");
  if (kind !== "simple" && rank > 0) f.fail(`is ${kind} and has dimensions`, rank, "0");
  return kind;
}

function oldKind(f: Fields, rank: number): Dataspace["kind"] {
  f.reserved(5);
  return rank === 0 ? "scalar" : "simple";
}

function sizes(f: Fields, rank: number, values?: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < rank; i++) out.push(f.length(values?.[i]));
  return out;
}

function check(f: Fields, dims: readonly number[], maxDims: readonly number[]): void {
  let elements = 1;
  for (let i = 0; i < dims.length; i++) {
    if (!(dims[i] <= maxDims[i]) || dims[i] === Infinity) {
      f.fail("has a dimension larger than its maximum", dims[i], `at most ${maxDims[i]}`);
    }
    elements *= dims[i];
  }
  if (elements > Number.MAX_SAFE_INTEGER) f.fail("has too many elements", dims.join(" x "), "at most 2^53 - 1");
}
