/**
 * Link info message, type 0x0002 (HDF5 File Format Specification, section IV.A.2.c): marks a new-style group, and says where
 * its links stand when they do not stand in its header.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface LinkInfoMessage {
  readonly orderTracked: boolean;
  readonly orderIndexed: boolean;
  /** The next creation order to give away; where it is tracked. */
  readonly maxCreationOrder?: number;
  /** Fractal heap of the links; `null`: they are link messages of the header. */
  readonly heap: Address | null;
  /** Version 2 B-tree by hash of name. */
  readonly nameIndex: Address | null;
  /** Version 2 B-tree by creation order; where it is indexed. */
  readonly orderIndex?: Address | null;
}

export function linkInfoMessage(f: Fields, v?: LinkInfoMessage): LinkInfoMessage {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const flags = f.u8(v && (v.orderTracked ? 1 : 0) | (v.orderIndexed ? 2 : 0));
  const orderTracked = (flags & 1) !== 0;
  const orderIndexed = (flags & 2) !== 0;
  return {
    orderTracked,
    orderIndexed,
    ...(orderTracked ? { maxCreationOrder: f.u64(v?.maxCreationOrder) } : {}),
    heap: f.address(v?.heap),
    nameIndex: f.address(v?.nameIndex),
    ...(orderIndexed ? { orderIndex: f.address(v?.orderIndex) } : {}),
  };
}
