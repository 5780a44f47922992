/**
 * Shared message table message, type 0x000F (HDF5 File Format Specification, section IV.A.2.p): where the file keeps messages
 * that several headers share. Stands in the superblock extension.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface SharedMessageTableMessage {
  readonly table: Address;
  readonly indexes: number;
}

/** Most indexes that a file may have. */
export const MAX_SHARED_INDEXES = 8;

export function sharedMessageTableMessage(f: Fields, v?: SharedMessageTableMessage): SharedMessageTableMessage {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const table = f.address(v?.table) ?? f.fail("has no table");
  const indexes = f.u8(v?.indexes);
  if (indexes === 0 || indexes > MAX_SHARED_INDEXES) f.fail("has a wrong number of indexes", indexes, "1 to 8");
  return { table, indexes };
}
