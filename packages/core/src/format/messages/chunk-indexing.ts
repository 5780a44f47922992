/** "Indexing Type Information" of the data layout message, version 4 and 5 (HDF5 File Format Specification, section IV.A.2.i). */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

/** How the chunks are found (sections VIII.A to E of appendix C, and III.A.1 for `"btree-v1"`). */
export type ChunkIndexing =
  | { readonly kind: "btree-v1"; readonly address: Address | null }
  | {
      readonly kind: "single";
      readonly address: Address | null;
      readonly filtered?: { readonly size: number; readonly mask: number };
    }
  | { readonly kind: "implicit"; readonly address: Address | null }
  | { readonly kind: "fixed-array"; readonly address: Address | null; readonly pageBits: number }
  | {
      readonly kind: "extensible-array";
      readonly address: Address | null;
      readonly maxBits: number;
      readonly indexElements: number;
      readonly minPointers: number;
      readonly minElements: number;
      readonly pageBits: number;
    }
  | {
      readonly kind: "btree-v2";
      readonly address: Address | null;
      readonly nodeSize: number;
      readonly splitPercent: number;
      readonly mergePercent: number;
    };

const SINGLE = 1;
const IMPLICIT = 2;
const FIXED_ARRAY = 3;
const EXTENSIBLE_ARRAY = 4;
const BTREE_V2 = 5;

const TYPES: Record<Exclude<ChunkIndexing["kind"], "btree-v1">, number> = {
  single: SINGLE,
  implicit: IMPLICIT,
  "fixed-array": FIXED_ARRAY,
  "extensible-array": EXTENSIBLE_ARRAY,
  "btree-v2": BTREE_V2,
};

/** Type, information and address. `filtered`: the flag of the message that a single chunk's size and mask follow. */
export function chunkIndexing(f: Fields, filtered: boolean, v?: ChunkIndexing): ChunkIndexing {
  if (v?.kind === "btree-v1") f.fail("needs a version below 4 for this chunk index", v.kind);
  const type = f.u8(v === undefined ? undefined : TYPES[v.kind as keyof typeof TYPES]);
  switch (type) {
    case SINGLE:
      return single(f, filtered, v as Of<"single"> | undefined);
    case IMPLICIT:
      return { kind: "implicit", address: f.address(v?.address) };
    case FIXED_ARRAY:
      return fixedArray(f, v as Of<"fixed-array"> | undefined);
    case EXTENSIBLE_ARRAY:
      return extensibleArray(f, v as Of<"extensible-array"> | undefined);
    case BTREE_V2:
      return btreeV2(f, v as Of<"btree-v2"> | undefined);
    default:
      return f.fail("has an unknown chunk indexing type", type, "1 to 5");
  }
}

type Of<K extends ChunkIndexing["kind"]> = Extract<ChunkIndexing, { kind: K }>;

function single(f: Fields, filtered: boolean, v?: Of<"single">): ChunkIndexing {
  const info = filtered ? { size: f.length(v?.filtered?.size), mask: f.u32(v?.filtered?.mask) } : undefined;
  if (info?.size === Infinity) f.fail("has an undefined size of its single chunk");
  const address: Address | null = f.address(v?.address);
  return info === undefined ? { kind: "single", address } : { kind: "single", address, filtered: info };
}

function fixedArray(f: Fields, v?: Of<"fixed-array">): ChunkIndexing {
  const pageBits = f.u8(v?.pageBits);
  if (pageBits === 0) f.fail("has a fixed array with pages of no elements", pageBits, "at least 1");
  return { kind: "fixed-array", pageBits, address: f.address(v?.address) };
}

function extensibleArray(f: Fields, v?: Of<"extensible-array">): ChunkIndexing {
  const parameters = {
    maxBits: f.u8(v?.maxBits),
    indexElements: f.u8(v?.indexElements),
    minPointers: f.u8(v?.minPointers),
    minElements: f.u8(v?.minElements),
    pageBits: f.u8(v?.pageBits),
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (value === 0) f.fail(`has an extensible array whose ${name} is zero`, value, "at least 1");
  }
  return { kind: "extensible-array", ...parameters, address: f.address(v?.address) };
}

function btreeV2(f: Fields, v?: Of<"btree-v2">): ChunkIndexing {
  return {
    kind: "btree-v2",
    nodeSize: f.u32(v?.nodeSize),
    splitPercent: f.u8(v?.splitPercent),
    mergePercent: f.u8(v?.mergePercent),
    address: f.address(v?.address),
  };
}
