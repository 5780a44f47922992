/**
 * Metadata cache image block (HDF5 File Format Specification, section IV.A.2.y, and "Metadata Cache Image" of the reference
 * library): what its cache held when the file was closed. Pointed at by the metadata cache image message of the
 * superblock extension. Until it is laid over the file, what stands at the addresses of its entries may be stale.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export const CACHE_IMAGE_TITLE = "Metadata cache image";

export interface CacheImageEntry {
  /** Kind of metadata, by the reference library's own numbers. */
  readonly type: number;
  /** Bit 0: what stands in the file is stale; the others are of the cache. */
  readonly flags: number;
  readonly ring: number;
  readonly age: number;
  /** Entries that must be written before this one, and how many of them are stale. */
  readonly children: number;
  readonly dirtyChildren: number;
  /** Place among the recently used; -1 without one. */
  readonly rank: number;
  readonly address: Address;
  /** Entries before which this one must be written. */
  readonly parents: readonly Address[];
  readonly image: Uint8Array;
}

export interface CacheImage {
  readonly entries: readonly CacheImageEntry[];
}

const ENTRY_BYTES = (sizes: Sizes): number => 14 + sizes.offsets + sizes.lengths;

/** The block, checksum and all; `length` as the message says. */
export function cacheImage(f: Fields, v: CacheImage | undefined, length: number): CacheImage {
  f.signature("MDCI");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const flags = f.u8(0);
  if ((flags & 1) !== 0) f.fail("has the status of a cache's resizing, which is not known", flags);
  const dataLength = f.length(length);
  if (dataLength !== length) f.fail("has another length than its message says", dataLength, String(length));
  const count = f.u32(v?.entries.length);
  if (count === 0) f.fail("has no entries");
  if (count * ENTRY_BYTES(f.sizes) > f.remaining) f.fail("has more entries than bytes", count);
  const entries: CacheImageEntry[] = [];
  for (let i = 0; i < count; i++) entries.push(entry(f, v?.entries[i]));
  f.checksum();
  return { entries };
}

function entry(f: Fields, v?: CacheImageEntry): CacheImageEntry {
  const type = f.u8(v?.type);
  const flags = f.u8(v?.flags);
  const ring = f.u8(v?.ring);
  const age = f.u8(v?.age);
  const children = f.u16(v?.children);
  const dirtyChildren = f.u16(v?.dirtyChildren);
  const parentCount = f.u16(v?.parents.length);
  const rank = f.i32(v?.rank);
  const address = f.address(v?.address) ?? f.fail("has an entry without an address");
  const size = f.length(v?.image.length);
  if (size === 0) f.fail("has an entry of no bytes");
  const parents: Address[] = [];
  for (let i = 0; i < parentCount; i++) {
    parents.push(f.address(v?.parents[i]) ?? f.fail("has an entry with a parent without an address"));
  }
  const image = f.bytes(v?.image, size);
  return { type, flags, ring, age, children, dirtyChildren, rank, address, parents, image };
}
