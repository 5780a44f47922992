/** Entries of a version 1 B-tree node while it is edited, in lists that grow. */
import type { ChunkNode } from "../../format/btree-v1/chunk-node.ts";

/** A key that bounds the last child of a node. */
export interface LastKey {
  readonly size: number;
  readonly mask: number;
  readonly offset: readonly number[];
  /** Byte within an element. */
  readonly byte: number;
}

export class ChunkEntries {
  readonly rank: number;
  readonly sizes: number[] = [];
  readonly masks: number[] = [];
  /** `rank` an entry. */
  readonly offsets: number[] = [];
  readonly children: number[] = [];

  constructor(rank: number) {
    this.rank = rank;
  }

  get count(): number {
    return this.children.length;
  }

  /** Adds entries `[from, to)` of a node. */
  addAll(node: ChunkNode, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.addKey(node, i);
      this.children.push(node.children[i]);
    }
  }

  /** Adds a child by the first key of the node that it is. */
  addNode(address: number, node: ChunkNode): void {
    this.addKey(node, 0);
    this.children.push(address);
  }

  private addKey(node: ChunkNode, i: number): void {
    this.sizes.push(node.sizes[i]);
    this.masks.push(node.masks[i]);
    for (let d = 0; d < this.rank; d++) this.offsets.push(node.offsets[i * this.rank + d]);
  }

  /** A node of entries `[from, to)`; the key of entry `to`, or `last` behind the end, bounds it. */
  node(from: number, to: number, last: LastKey, links: Pick<ChunkNode, "level" | "left" | "right">): ChunkNode {
    const { rank } = this;
    const count = to - from;
    const keys = to < this.count ? count + 1 : count;
    const sizes = new Float64Array(count + 1);
    const masks = new Uint32Array(count + 1);
    const offsets = new Float64Array((count + 1) * rank);
    for (let i = 0; i < keys; i++) {
      sizes[i] = this.sizes[from + i];
      masks[i] = this.masks[from + i];
    }
    for (let i = 0; i < keys * rank; i++) offsets[i] = this.offsets[from * rank + i];
    if (keys === count) {
      sizes[count] = last.size;
      masks[count] = last.mask;
      offsets.set(last.offset, count * rank);
    }
    const children = Float64Array.from({ length: count }, (_, i) => this.children[from + i]);
    return { ...links, count, sizes, masks, offsets, children, lastByte: keys === count ? last.byte : 0 };
  }
}

/** The last key of a node. */
export function lastKeyOf(node: ChunkNode, rank: number): LastKey {
  const { count } = node;
  return {
    size: node.sizes[count],
    mask: node.masks[count],
    offset: Array.from(node.offsets.subarray(count * rank, (count + 1) * rank)),
    byte: node.lastByte ?? 0,
  };
}

/** The node with another last key. */
export function withLastKey(node: ChunkNode, rank: number, last: LastKey): ChunkNode {
  const sizes = node.sizes.slice();
  const masks = node.masks.slice();
  const offsets = node.offsets.slice();
  sizes[node.count] = last.size;
  masks[node.count] = last.mask;
  offsets.set(last.offset, node.count * rank);
  return { ...node, sizes, masks, offsets, lastByte: last.byte };
}
