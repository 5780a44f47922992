/**
 * Version 1 B-tree node of type 1, for chunks of raw data (HDF5 File Format Specification, section III.A.1). Pointed at
 * by the data layout message, versions 1 to 3, and by nodes one level above.
 *
 * Keys and children are kept as flat arrays: a large dataset has a million of them.
 */
import { type Address, asAddress } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface ChunkNode {
  /** 0: children are chunks; above: nodes one level lower. */
  readonly level: number;
  /** Children. */
  readonly count: number;
  readonly left: Address | null;
  readonly right: Address | null;
  /** Stored bytes of the chunk at each of the `count + 1` keys. */
  readonly sizes: Float64Array;
  /** Filter mask of the chunk at each key. */
  readonly masks: Uint32Array;
  /** Coordinates of each key in elements, `rank` a key; the last key bounds the last child. */
  readonly offsets: Float64Array;
  /** Address of each child. */
  readonly children: Float64Array;
}

/** What the node does not say itself. */
export interface ChunkNodeContext {
  /** Dimensions of the dataset; a key has one more, which is always zero. */
  readonly rank: number;
  /** Half the most children that a node may have ("indexed storage internal node K"); absent: not known. */
  readonly k?: number;
}

/** Type of node: 0 is for groups. */
const CHUNK_TYPE = 1;
/** Children that a node has room for where nobody chose otherwise: 2K with K = 32. */
const USUAL_CHILDREN = 64;
const HEADER = 8;

const keyBytes = (rank: number): number => 8 + 8 * (rank + 1);

/** The node up to its last key; behind it the block is unused up to the size that K gives it. */
export function chunkNode(f: Fields, v: ChunkNode | undefined, context: ChunkNodeContext): ChunkNode {
  f.signature("TREE");
  const type = f.u8(CHUNK_TYPE);
  if (type !== CHUNK_TYPE) f.fail("is of a wrong type", type, String(CHUNK_TYPE));
  const level = f.u8(v?.level);
  const count = f.u16(v?.count);
  checkCount(f, count, context.k);
  const left = f.address(v?.left);
  const right = f.address(v?.right);
  return { level, count, left, right, ...entries(f, v, count, context.rank) };
}

function checkCount(f: Fields, count: number, k: number | undefined): void {
  if (k !== undefined && count > 2 * k) f.fail("has too many entries", count, `at most ${2 * k}`);
}

type Entries = Pick<ChunkNode, "sizes" | "masks" | "offsets" | "children">;

function entries(f: Fields, v: ChunkNode | undefined, count: number, rank: number): Entries {
  if (count * (keyBytes(rank) + f.sizes.offsets) + keyBytes(rank) > f.remaining)
    f.fail("has more entries than bytes", count, `${f.remaining} bytes left`);
  const sizes = v?.sizes ?? new Float64Array(count + 1);
  const masks = v?.masks ?? new Uint32Array(count + 1);
  const offsets = v?.offsets ?? new Float64Array((count + 1) * rank);
  const children = v?.children ?? new Float64Array(count);
  for (let i = 0; i <= count; i++) {
    sizes[i] = f.u32(v?.sizes[i]);
    masks[i] = f.u32(v?.masks[i]);
    for (let d = 0; d < rank; d++) offsets[i * rank + d] = f.u64(v?.offsets[i * rank + d]);
    f.reserved(8);
    if (i === count) break;
    const child = f.address(v && asAddress(v.children[i]));
    children[i] = child ?? f.fail("has an undefined child address");
  }
  return { sizes, masks, offsets, children };
}

export const CHUNK_NODE: Structure<ChunkNode, ChunkNodeContext> = {
  title: "Version 1 B-tree node (raw data chunks)",
  guess: ({ rank, k }) => {
    const children = k === undefined ? USUAL_CHILDREN : 2 * k;
    return HEADER + 16 + children * (keyBytes(rank) + 8) + keyBytes(rank);
  },
  extent: (head, { rank, k }) => {
    head.seek(6);
    const count = head.u16();
    checkCount(head, count, k);
    const { offsets } = head.sizes;
    return HEADER + 2 * offsets + count * (keyBytes(rank) + offsets) + keyBytes(rank);
  },
  decode: (from: Decoder, context) => chunkNode(from, undefined, context),
};
