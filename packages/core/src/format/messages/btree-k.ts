/**
 * B-tree 'K' values message, type 0x0013 (HDF5 File Format Specification, section IV.A.2.t): ranks of version 1 B-trees.
 * Stands in the superblock extension; old superblocks have fields for it.
 */
import type { Fields } from "../../bytes/fields.ts";

export interface BtreeK {
  readonly chunkInternalK: number;
  readonly groupInternalK: number;
  readonly groupLeafK: number;
}

export function btreeKMessage(f: Fields, v?: BtreeK): BtreeK {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const value = {
    chunkInternalK: f.u16(v?.chunkInternalK),
    groupInternalK: f.u16(v?.groupInternalK),
    groupLeafK: f.u16(v?.groupLeafK),
  };
  if (Math.min(value.chunkInternalK, value.groupInternalK, value.groupLeafK) === 0) f.fail("has a B-tree rank of 0");
  return value;
}
