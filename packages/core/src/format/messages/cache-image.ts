/**
 * Metadata cache image message, type 0x0018 (HDF5 File Format Specification, section IV.A.2.y): metadata that stands in a
 * block of its own and replaces what stands at its addresses. In the superblock extension.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface CacheImageMessage {
  /** `null`: there is none. */
  readonly address: Address | null;
  readonly length: number;
}

export function cacheImageMessage(f: Fields, v?: CacheImageMessage): CacheImageMessage {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  return { address: f.address(v?.address), length: f.length(v?.length) };
}
