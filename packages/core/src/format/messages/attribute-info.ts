/**
 * Attribute info message, type 0x0015 (HDF5 File Format Specification, section IV.A.2.v): where an object's attributes stand
 * when they do not stand in its header.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface AttributeInfoMessage {
  readonly orderTracked: boolean;
  readonly orderIndexed: boolean;
  /** The next creation order to give away; where it is tracked. */
  readonly maxCreationOrder?: number;
  /** Fractal heap of the attributes; `null`: they are messages of the header. */
  readonly heap: Address | null;
  /** Version 2 B-tree by hash of name. */
  readonly nameIndex: Address | null;
  /** Version 2 B-tree by creation order; where it is indexed. */
  readonly orderIndex?: Address | null;
}

export function attributeInfoMessage(f: Fields, v?: AttributeInfoMessage): AttributeInfoMessage {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const flags = f.u8(v && (v.orderTracked ? 1 : 0) | (v.orderIndexed ? 2 : 0));
  if (flags > 3) f.fail("has unknown flags", flags, "0 to 3");
  const orderTracked = (flags & 1) !== 0;
  const orderIndexed = (flags & 2) !== 0;
  return {
    orderTracked,
    orderIndexed,
    ...(orderTracked ? { maxCreationOrder: f.u16(v?.maxCreationOrder) } : {}),
    heap: f.address(v?.heap),
    nameIndex: f.address(v?.nameIndex),
    ...(orderIndexed ? { orderIndex: f.address(v?.orderIndex) } : {}),
  };
}
