/**
 * Version 1 B-tree node of a group (HDF5 File Format Specification, section III.A.1, node type 0): its children are symbol
 * table nodes, at the lowest level, or further nodes. Pointed at by symbol table messages and by each other.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface GroupBtreeNode {
  /** 0: children are symbol table nodes. */
  readonly level: number;
  readonly left: Address | null;
  readonly right: Address | null;
  /**
   * Offsets of names in the local heap, one more than children: child `i` holds the names greater than key `i`, up to
   * key `i + 1`.
   */
  readonly keys: readonly number[];
  readonly children: readonly Address[];
}

/** `internalK`, of the superblock, bounds the children at twice itself; the node takes the room of all of them. */
export interface GroupBtreeContext {
  readonly internalK: number;
}

export function groupBtreeNode(f: Fields, v: GroupBtreeNode | undefined, c: GroupBtreeContext): GroupBtreeNode {
  f.signature("TREE");
  const type = f.u8(0);
  if (type !== 0) f.fail("is of a wrong type", type, "0 (group)");
  const level = f.u8(v?.level);
  const count = f.u16(v?.children.length);
  if (count > 2 * c.internalK) f.fail("has too many children", count, `at most ${2 * c.internalK}`);
  const left = f.address(v?.left);
  const right = f.address(v?.right);
  const keys = [f.length(v?.keys[0])];
  const children: Address[] = [];
  for (let i = 0; i < count; i++) {
    children.push(f.address(v?.children[i]) ?? f.fail("has a child without an address"));
    keys.push(f.length(v?.keys[i + 1]));
  }
  if (!f.reading) f.reserved((2 * c.internalK - count) * (f.sizes.lengths + f.sizes.offsets));
  return { level, left, right, keys, children };
}

export const GROUP_BTREE_NODE: Structure<GroupBtreeNode, GroupBtreeContext> = {
  title: "Version 1 B-tree node",
  guess: (c) => 32 + 32 * c.internalK,
  extent: (head) => {
    head.seek(6);
    const { offsets, lengths } = head.sizes;
    return 8 + 2 * offsets + lengths + head.u16() * (offsets + lengths);
  },
  decode: (from, c) => groupBtreeNode(from, undefined, c),
};
