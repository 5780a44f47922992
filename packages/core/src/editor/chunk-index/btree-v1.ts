/**
 * Version 1 B-trees of chunks while they are edited: many chunks are put in at once, leaf by leaf, so that a new tree is
 * built from below. Nodes split as needed; those that become empty are freed, and others are never merged, as the
 * reference library does. The root stays where it is.
 */
import { type Address, asAddress } from "../../bytes/address.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { withinLimit } from "../../engine/limits.ts";
import {
  CHUNK_NODE,
  type ChunkNode,
  type ChunkNodeContext,
  chunkNode,
  chunkNodeRoom,
} from "../../format/btree-v1/chunk-node.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { ChunkEntries, type LastKey, lastKeyOf, withLastKey } from "./chunk-entries.ts";
import { ChunkTreeWay } from "./chunk-tree-way.ts";
import { type ChangedPlaces, type EditedIndex, freeStructure } from "./edited-index.ts";

export const btreeV1: EditedIndex = {
  *set(file, grid, changed) {
    const { address } = grid.layout.index;
    const edit = new TreeEdit(file, grid, changed);
    if (address !== null) yield* edit.way.load(address);
    const root = edit.apply(address);
    return address === null ? { kind: "btree-v1", address: root } : undefined;
  },
  *free(file, grid) {
    const { address } = grid.layout.index;
    if (address !== null) yield* freeBelow(file, contextOf(file, grid), address, 1);
  },
};

const contextOf = (file: EditorFile, grid: ChunkGrid): ChunkNodeContext => ({
  rank: grid.rank,
  k: file.ranks.chunkInternalK,
});

const roomOf = (file: EditorFile, { rank }: ChunkNodeContext): number =>
  chunkNodeRoom(rank, file.ranks.chunkInternalK, file.structures.sizes);

function* freeBelow(file: EditorFile, context: ChunkNodeContext, address: Address, depth: number): Steps<void> {
  withinLimit(file.limits, "treeDepth", depth, CHUNK_NODE.title);
  const node = yield* file.structures.get(CHUNK_NODE, address, context);
  if (node.level > 0) for (const child of node.children) yield* freeBelow(file, context, asAddress(child), depth + 1);
  freeStructure(file, address, roomOf(file, context));
}

const EMPTY_LAST: LastKey = { size: 0, mask: 0, offset: [], byte: 0 };

class TreeEdit {
  private readonly file: EditorFile;
  private readonly grid: ChunkGrid;
  private readonly changed: ChangedPlaces;
  private readonly context: ChunkNodeContext;
  private readonly rank: number;
  /** Most children of a node. */
  private readonly most: number;
  readonly way: ChunkTreeWay;
  /** Nodes in hand: read, and changed from then on. */
  private readonly nodes: Map<Address, ChunkNode>;
  private readonly touched = new Set<Address>();

  constructor(file: EditorFile, grid: ChunkGrid, changed: ChangedPlaces) {
    const { rank } = grid;
    this.file = file;
    this.grid = grid;
    this.changed = changed;
    this.context = contextOf(file, grid);
    this.rank = rank;
    this.most = 2 * file.ranks.chunkInternalK;
    this.way = new ChunkTreeWay(file, grid, changed, this.context);
    this.nodes = this.way.nodes;
  }

  /** Changes the tree; the address of its root. */
  apply(root: Address | null): Address {
    const { count } = this.changed;
    const node = root === null ? this.emptyNode() : this.nodes.get(root)!;
    const entries = node.level === 0 ? this.leafEntries(node, 0, count) : this.innerEntries(node, 0, count);
    const last = this.lastKey(node, entries);
    const address = root ?? this.allocate();
    this.putRoot(address, entries.count === 0 ? 0 : node.level, entries, last);
    for (const changed of this.touched) this.put(changed);
    return address;
  }

  private emptyNode(): ChunkNode {
    return new ChunkEntries(this.rank).node(
      0,
      0,
      { ...EMPTY_LAST, offset: new Array<number>(this.rank).fill(0) },
      { level: 0, left: null, right: null },
    );
  }

  /** The root takes all entries, or the nodes among which they are divided. */
  private putRoot(address: Address, level: number, entries: ChunkEntries, last: LastKey): void {
    let above = entries;
    let height = level;
    while (above.count > this.most) {
      const pieces = this.divide(above, last, { level: height, left: null, right: null }, undefined);
      above = new ChunkEntries(this.rank);
      for (const piece of pieces) above.addNode(piece, this.nodes.get(piece)!);
      height++;
    }
    this.change(address, above.node(0, above.count, last, { level: height, left: null, right: null }));
  }

  /** Changes a node below the root, and all below it: the addresses of the nodes that stand in its place. */
  private edit(address: Address, from: number, to: number): Address[] {
    const node = this.nodes.get(address)!;
    const entries = node.level === 0 ? this.leafEntries(node, from, to) : this.innerEntries(node, from, to);
    const now = this.nodes.get(address)!;
    const last = this.lastKey(now, entries);
    if (entries.count === 0) {
      this.unlink(address, now);
      return [];
    }
    const pieces = this.divide(entries, last, now, address);
    this.linkLeft(now, entries);
    return pieces;
  }

  /** Entries of a leaf with the changes merged in. */
  private leafEntries(node: ChunkNode, from: number, to: number): ChunkEntries {
    const { changed, rank } = this;
    const { addresses, sizes, masks } = changed.places;
    const entries = new ChunkEntries(rank);
    let old = 0;
    for (let i = from; i < to; i++) {
      const first = old;
      while (old < node.count && this.way.compare(i, node.offsets, old) > 0) old++;
      entries.addAll(node, first, old);
      if (old < node.count && this.way.compare(i, node.offsets, old) === 0) old++;
      if (addresses[i] === ABSENT) continue;
      entries.sizes.push(sizes[i]);
      entries.masks.push(masks[i]);
      for (let d = 0; d < rank; d++) entries.offsets.push(this.way.keys[i * rank + d]);
      entries.children.push(addresses[i]);
    }
    entries.addAll(node, old, node.count);
    return entries;
  }

  private innerEntries(node: ChunkNode, from: number, to: number): ChunkEntries {
    const entries = new ChunkEntries(this.rank);
    let old = 0;
    for (const part of this.way.parts(node, from, to)) {
      entries.addAll(node, old, part.child);
      for (const piece of this.edit(asAddress(node.children[part.child]), part.from, part.to))
        entries.addNode(piece, this.nodes.get(piece)!);
      old = part.child + 1;
    }
    entries.addAll(node, old, node.count);
    return entries;
  }

  /** The key that bounds the last child: beyond all chunks below it. */
  private lastKey(node: ChunkNode, entries: ChunkEntries): LastKey {
    const { rank } = this;
    const last = entries.count - 1;
    if (last < 0) return lastKeyOf(node, rank);
    if (node.level > 0) {
      const child = this.nodes.get(asAddress(entries.children[last]));
      return child === undefined ? lastKeyOf(node, rank) : lastKeyOf(child, rank);
    }
    const key = lastKeyOf(node, rank);
    const offset = entries.offsets.slice(last * rank);
    const order = key.offset.findIndex((at, d) => at !== offset[d]);
    const beyond = order < 0 ? key.byte > 0 : key.offset[order] > offset[order];
    if (beyond && node.count > 0) return key;
    return { size: 0, mask: 0, offset: offset.map((at, d) => at + this.grid.chunk[d]), byte: this.grid.elementSize };
  }

  /** Divides entries among nodes, the first of which stands at `first` if that is given. */
  private divide(
    entries: ChunkEntries,
    last: LastKey,
    { level, left, right }: Pick<ChunkNode, "level" | "left" | "right">,
    first: Address | undefined,
  ): Address[] {
    const { most } = this;
    const pieces = Math.ceil(entries.count / most);
    // At the right end chunks are added as the dataset grows: nodes are filled there, and divided evenly elsewhere.
    const size = right === null ? most : Math.ceil(entries.count / pieces);
    const addresses = Array.from({ length: pieces }, (_, i) => (i === 0 ? first : undefined) ?? this.allocate());
    for (let i = 0; i < pieces; i++) {
      const links = { level, left: i === 0 ? left : addresses[i - 1], right: addresses[i + 1] ?? right };
      this.change(addresses[i], entries.node(i * size, Math.min((i + 1) * size, entries.count), last, links));
    }
    const neighbour = right === null || pieces === 1 ? undefined : this.nodes.get(right);
    if (right !== null && neighbour !== undefined) this.change(right, { ...neighbour, left: addresses[pieces - 1] });
    return addresses;
  }

  /** The left neighbour's last key is the first of this node, which may have changed. */
  private linkLeft({ left }: ChunkNode, entries: ChunkEntries): void {
    const neighbour = left === null ? undefined : this.nodes.get(left);
    if (left === null || neighbour === undefined) return;
    const offset = entries.offsets.slice(0, this.rank);
    const key = { size: entries.sizes[0], mask: entries.masks[0], offset, byte: 0 };
    const old = lastKeyOf(neighbour, this.rank);
    if (old.byte === 0 && old.offset.every((at, d) => at === offset[d])) return;
    this.change(left, withLastKey(neighbour, this.rank, key));
  }

  /** Frees a node that has become empty. */
  private unlink(address: Address, { left, right, ...node }: ChunkNode): void {
    const before = left === null ? undefined : this.nodes.get(left);
    if (left !== null && before !== undefined) {
      const bounded = withLastKey(before, this.rank, lastKeyOf({ left, right, ...node }, this.rank));
      this.change(left, { ...bounded, right });
    }
    const after = right === null ? undefined : this.nodes.get(right);
    if (right !== null && after !== undefined) this.change(right, { ...after, left });
    this.nodes.delete(address);
    this.touched.delete(address);
    freeStructure(this.file, address, roomOf(this.file, this.context));
  }

  private allocate(): Address {
    return this.file.allocator.allocate(roomOf(this.file, this.context), "metadata");
  }

  private change(address: Address, node: ChunkNode): void {
    this.nodes.set(address, node);
    this.touched.add(address);
  }

  private put(address: Address): void {
    const { file, context } = this;
    const node = this.nodes.get(address)!;
    file.structures.put(CHUNK_NODE, address, node, roomOf(file, context), (f, v) => void chunkNode(f, v, context));
  }
}
