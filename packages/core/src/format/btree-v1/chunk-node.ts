/**
 * Version 1 B-tree node of type 1, for chunks of raw data (HDF5 File Format Specification, section III.A.1). Pointed at
 * by the data layout message, versions 1 to 3, and by nodes one level above.
 *
 * Keys and children are kept as flat arrays: a large dataset has a million of them.
 */
import { type Address, asAddress, type Sizes } from "../../bytes/address.ts";
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
  /** Byte within an element of the last key, which has it behind its coordinates; of the others it is 0. Absent: 0. */
  readonly lastByte?: number;
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

/** Bytes of a node, full or not. */
export const chunkNodeRoom = (rank: number, k: number, { offsets }: Sizes): number =>
  HEADER + 2 * offsets + 2 * k * (keyBytes(rank) + offsets) + keyBytes(rank);

const keyBytes = (rank: number): number => 8 + 8 * (rank + 1);

/** The node up to its last key; behind it the block is unused up to the size that K gives it. */
export function chunkNode(f: Fields, v: ChunkNode | undefined, context: ChunkNodeContext): ChunkNode {
  const head = chunkNodeHead(f, v, context.k);
  return { ...head, ...entries(f, v, head.count, context.rank) };
}

function chunkNodeHead(f: Fields, v: ChunkNode | undefined, k: number | undefined): Omit<ChunkNode, keyof Entries> {
  f.signature("TREE");
  const type = f.u8(CHUNK_TYPE);
  if (type !== CHUNK_TYPE) f.fail("is of a wrong type", type, String(CHUNK_TYPE));
  const level = f.u8(v?.level);
  const count = f.u16(v?.count);
  checkCount(f, count, k);
  return { level, count, left: f.address(v?.left), right: f.address(v?.right) };
}

function checkCount(f: Fields, count: number, k: number | undefined): void {
  if (k !== undefined && count > 2 * k) f.fail("has too many entries", count, `at most ${2 * k}`);
}

type Entries = Pick<ChunkNode, "sizes" | "masks" | "offsets" | "children" | "lastByte">;

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
    if (i === count) break;
    const within = f.u64(0);
    if (within !== 0) beginsInside(f, within);
    const child = f.address(v && asAddress(v.children[i]));
    children[i] = child ?? f.fail("has an undefined child address");
  }
  return { sizes, masks, offsets, children, lastByte: f.u64(v && (v.lastByte ?? 0)) };
}

/** The look-ups of libhdf5 miss such a chunk, and give the fill value. */
function beginsInside(f: Fields, within: number): never {
  return f.fail("has a chunk that begins inside an element", within, "0");
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
  decode: readNode,
};

/** Reads a node: its entries by plain loops where addresses are as usual, since large datasets have tens of thousands of nodes. */
function readNode(from: Decoder, context: ChunkNodeContext): ChunkNode {
  if (from.sizes.offsets !== 8 || from.sizes.regions !== undefined) return chunkNode(from, undefined, context);
  const head = chunkNodeHead(from, undefined, context.k);
  return { ...head, ...readEntries(from, head.count, context.rank) };
}

const TWO_32 = 0x1_0000_0000;

function readEntries(from: Decoder, count: number, rank: number): Entries {
  const bytes = from.bytes(undefined, count * (keyBytes(rank) + 8) + keyBytes(rank));
  const { view } = from;
  const sizes = new Float64Array(count + 1);
  const masks = new Uint32Array(count + 1);
  const offsets = new Float64Array((count + 1) * rank);
  const children = new Float64Array(count);
  let at = bytes.byteOffset - from.block.byteOffset;
  let highest = 0;
  let within = 0;
  for (let i = 0; i <= count; i++) {
    sizes[i] = view.getUint32(at, true);
    masks[i] = view.getUint32(at + 4, true);
    at += 8;
    for (let d = 0; d < rank; d++, at += 8) {
      const high = view.getUint32(at + 4, true);
      if (high > highest) highest = high;
      offsets[i * rank + d] = high * TWO_32 + view.getUint32(at, true);
    }
    within = view.getUint32(at, true) | view.getUint32(at + 4, true);
    at += 8;
    if (i === count) break;
    if (within !== 0) beginsInside(from, within);
    const high = view.getUint32(at + 4, true);
    if (high > highest) highest = high;
    children[i] = high * TWO_32 + view.getUint32(at, true);
    at += 8;
  }
  if (highest > 0x1f_ffff) from.fail("holds a number beyond 2^53, or an undefined child address");
  return { sizes, masks, offsets, children, lastByte: within >>> 0 };
}
