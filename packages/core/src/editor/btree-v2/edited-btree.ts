/**
 * Editing of version 2 B-trees, whatever their records: insertion with splits, removal with merging and redistribution.
 *
 * First the way to the record is read, with the neighbours that may be needed; then all nodes concerned are changed.
 */
import type { Address } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { type BtreeV2, openBtreeV2, type RecordKind } from "../../engine/btree-v2.ts";
import {
  BTREE_V2_HEADER,
  type BtreeV2Header,
  btreeV2Header,
  type NodeShape,
  nodeShapes,
} from "../../format/btree-v2/header.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import {
  descend,
  descendLast,
  leastRecords,
  type Neighbour,
  neighboursOf,
  type RecordOrder,
  type Step,
} from "./btree-way.ts";
import { EditedNode } from "./edited-node.ts";

export interface NewTree {
  readonly kind: RecordKind;
  readonly nodeSize: number;
  /** In percent; the reference library writes 100 and 40. */
  readonly splitPercent?: number;
  readonly mergePercent?: number;
}

/** Makes an empty tree; the address of its header. */
export function createBtreeV2(
  file: EditorFile,
  { kind, nodeSize, splitPercent = 100, mergePercent = 40 }: NewTree,
): Address {
  const recordSize = kind.bytes(file.structures.sizes);
  const header: BtreeV2Header = {
    type: kind.type,
    nodeSize,
    recordSize,
    depth: 0,
    splitPercent,
    mergePercent,
    root: null,
    rootRecords: 0,
    totalRecords: 0,
  };
  const address = file.allocator.allocate(sizeOf(btreeV2Header, header, file.structures.sizes), "metadata");
  putHeader(file, address, header);
  return address;
}

/** Adds a record, which the tree does not have. */
export function* insertRecord(
  file: EditorFile,
  address: Address,
  kind: RecordKind,
  record: Uint8Array,
  order: RecordOrder,
): Steps<void> {
  const tree = yield* openBtreeV2(file, address, kind);
  const way = yield* descend(file, tree, order);
  new TreeEdit(file, tree).insert(way, record);
}

/** Removes the record that compares equal; it, or `undefined` where there is none. */
export function* removeRecord(
  file: EditorFile,
  address: Address,
  kind: RecordKind,
  order: RecordOrder,
): Steps<Uint8Array | undefined> {
  const tree = yield* openBtreeV2(file, address, kind);
  const way = yield* descend(file, tree, order);
  const found = way.findIndex(({ equal }) => equal);
  if (found < 0) return undefined;
  const record = way[found].node.record(way[found].index).slice();
  // One that stands in an internal node is replaced by the one before it, which stands in a leaf.
  if (found === way.length - 1 && way[found].node.depth > 0) yield* descendLast(file, tree, way);
  const neighbours = yield* neighboursOf(file, tree, way);
  new TreeEdit(file, tree).remove(way, found, neighbours);
  return record;
}

/** Replaces the record that compares equal by one in the same place of the order. Whether there was one. */
export function* replaceRecord(
  file: EditorFile,
  address: Address,
  kind: RecordKind,
  record: Uint8Array,
  order: RecordOrder,
): Steps<boolean> {
  const tree = yield* openBtreeV2(file, address, kind);
  const last = (yield* descend(file, tree, order)).at(-1);
  if (last === undefined || !last.equal) return false;
  last.node.records[last.index] = record;
  last.node.put(file, tree.header, tree.shapes);
  return true;
}

/** The second half of an edit: changes what was read. */
class TreeEdit {
  private readonly file: EditorFile;
  private readonly tree: BtreeV2;
  private header: BtreeV2Header;
  private shapes: readonly NodeShape[];

  constructor(file: EditorFile, tree: BtreeV2) {
    this.file = file;
    this.tree = tree;
    this.header = tree.header;
    this.shapes = tree.shapes;
  }

  insert(way: readonly Step[], record: Uint8Array): void {
    if (way.length === 0) {
      this.finish(EditedNode.create(this.file, this.header, 0, [record.slice()], []), 1);
      return;
    }
    const leaf = way[way.length - 1];
    leaf.node.insert(leaf.index, record.slice());
    let root = way[0].node;
    for (let level = way.length - 1; level >= 0; level--) {
      const { node } = way[level];
      const split = node.count > this.shapes[node.depth].maxRecords ? this.split(node) : undefined;
      node.put(this.file, this.header, this.shapes);
      split?.right.put(this.file, this.header, this.shapes);
      if (level === 0) {
        if (split !== undefined) root = this.newRoot(node, split);
        break;
      }
      const parent = way[level - 1];
      parent.node.children[parent.index] = node.pointer;
      if (split === undefined) continue;
      parent.node.records.splice(parent.index, 0, split.middle);
      parent.node.children.splice(parent.index + 1, 0, split.right.pointer);
    }
    this.finish(root, this.header.totalRecords + 1);
  }

  private split(node: EditedNode): { readonly middle: Uint8Array; readonly right: EditedNode } {
    const half = node.records.length >> 1;
    const middle = node.records[half];
    const right = EditedNode.create(
      this.file,
      this.header,
      node.depth,
      node.records.slice(half + 1),
      node.children.slice(half + 1),
    );
    node.records = node.records.slice(0, half);
    if (node.depth > 0) node.children = node.children.slice(0, half + 1);
    return { middle, right };
  }

  private newRoot(
    left: EditedNode,
    { middle, right }: { readonly middle: Uint8Array; readonly right: EditedNode },
  ): EditedNode {
    this.header = { ...this.header, depth: this.header.depth + 1 };
    this.shapes = nodeShapes(this.header, this.file.structures.sizes);
    const root = EditedNode.create(this.file, this.header, left.depth + 1, [middle], [left.pointer, right.pointer]);
    root.put(this.file, this.header, this.shapes);
    return root;
  }

  remove(way: readonly Step[], found: number, neighbours: readonly (Neighbour | undefined)[]): void {
    const leaf = way[way.length - 1];
    const taken = leaf.node.remove(leaf.index);
    if (found < way.length - 1) way[found].node.records[way[found].index] = taken;
    for (let level = way.length - 1; level > 0; level--) {
      const { node } = way[level];
      const parent = way[level - 1];
      const neighbour = neighbours[level];
      if (neighbour !== undefined && node.count < leastRecords(this.tree, node.depth))
        this.balance(parent, node, neighbour);
      else {
        node.put(this.file, this.header, this.shapes);
        parent.node.children[parent.index] = node.pointer;
      }
    }
    this.finishRoot(way[0].node);
  }

  /** Joins a small node with its neighbour, if both fit in one; else divides their records evenly. */
  private balance(parent: Step, node: EditedNode, { node: other, side }: Neighbour): void {
    const [left, right] = side === "left" ? [other, node] : [node, other];
    const at = side === "left" ? parent.index - 1 : parent.index;
    const records = [...left.records, parent.node.records[at], ...right.records];
    const children = [...left.children, ...right.children];
    if (records.length <= this.shapes[node.depth].maxRecords) {
      left.records = records;
      left.children = children;
      right.free(this.file, this.header);
      parent.node.records.splice(at, 1);
      parent.node.children.splice(at, 2, left.pointer);
    } else {
      const half = records.length >> 1;
      left.records = records.slice(0, half);
      right.records = records.slice(half + 1);
      if (node.depth > 0) {
        left.children = children.slice(0, half + 1);
        right.children = children.slice(half + 1);
      }
      parent.node.records[at] = records[half];
      parent.node.children.splice(at, 2, left.pointer, right.pointer);
      right.put(this.file, this.header, this.shapes);
    }
    left.put(this.file, this.header, this.shapes);
  }

  /** A root without records goes: its only child takes its place, or the tree is empty. */
  private finishRoot(root: EditedNode): void {
    const total = this.header.totalRecords - 1;
    if (root.count > 0) {
      this.finish(root, total);
      return;
    }
    root.free(this.file, this.header);
    if (root.depth === 0) this.putHeader({ ...this.header, root: null, rootRecords: 0, totalRecords: 0 });
    else {
      const [only] = root.children;
      this.putHeader({
        ...this.header,
        depth: this.header.depth - 1,
        root: only.address,
        rootRecords: only.records,
        totalRecords: total,
      });
    }
  }

  private finish(root: EditedNode, total: number): void {
    root.put(this.file, this.header, this.shapes);
    this.putHeader({ ...this.header, root: root.address, rootRecords: root.count, totalRecords: total });
  }

  private putHeader(header: BtreeV2Header): void {
    putHeader(this.file, this.tree.address, header);
  }
}

/** Puts the header of a tree. */
export function putHeader(file: EditorFile, address: Address, header: BtreeV2Header): void {
  const room = sizeOf(btreeV2Header, header, file.structures.sizes);
  file.structures.put(BTREE_V2_HEADER, address, header, room, (f, v) => void btreeV2Header(f, v));
}
