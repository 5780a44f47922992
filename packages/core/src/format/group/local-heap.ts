/**
 * Local heap (HDF5 File Format Specification, section III.D): the names of an old-style group, or those of external raw
 * files. Pointed at by symbol table and external data files messages.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface LocalHeap {
  /** Bytes of the data segment. */
  readonly size: number;
  /** Offset of the first free block in the data segment; 1: there is none. */
  readonly freeList: number;
  /** The data segment. */
  readonly data: Address;
}

export function localHeap(f: Fields, v?: LocalHeap): LocalHeap {
  f.signature("HEAP");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  f.reserved(3);
  return {
    size: f.length(v?.size),
    freeList: f.length(v?.freeList),
    data: f.address(v?.data) ?? f.fail("has no data segment"),
  };
}

export const LOCAL_HEAP: Structure<LocalHeap> = {
  title: "Local heap",
  guess: () => 32,
  extent: (head) => 8 + 2 * head.sizes.lengths + head.sizes.offsets,
  decode: (from) => localHeap(from),
};

/** A free block of the data segment: its first bytes, the rest is whatever was there. */
export interface LocalHeapFreeBlock {
  /** Offset of the next one; 1: this is the last. */
  readonly next: number;
  /** Bytes, these fields included. */
  readonly size: number;
}

export function localHeapFreeBlock(f: Fields, v?: LocalHeapFreeBlock): LocalHeapFreeBlock {
  return { next: f.length(v?.next), size: f.length(v?.size) };
}
