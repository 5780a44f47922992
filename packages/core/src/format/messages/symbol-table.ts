/** Symbol table message, type 0x0011 (HDF5 File Format Specification, section IV.A.2.r): marks an old-style group. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface SymbolTableMessage {
  /** Version 1 B-tree of the links. */
  readonly btree: Address;
  /** Local heap of their names. */
  readonly heap: Address;
}

export function symbolTableMessage(f: Fields, v?: SymbolTableMessage): SymbolTableMessage {
  return {
    btree: f.address(v?.btree) ?? f.fail("has no B-tree"),
    heap: f.address(v?.heap) ?? f.fail("has no local heap"),
  };
}
