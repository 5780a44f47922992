/**
 * Many records put into a version 2 B-tree at once, node by node. First all nodes concerned are read; then each takes its
 * share, and is divided as evenly as can be where that is too much.
 */
import type { Address } from "../../bytes/address.ts";
import { type BtreeV2, openBtreeV2, type RecordKind, readNode, rootOf } from "../../engine/btree-v2.ts";
import { type BtreeV2Header, type NodeShape, nodeShapes } from "../../format/btree-v2/header.ts";
import type { BtreeV2Child } from "../../format/btree-v2/node.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import type { RecordOrder } from "./btree-way.ts";
import { putHeader } from "./edited-btree.ts";
import { EditedNode } from "./edited-node.ts";

/** A record to be put in; or in the place of one that compares equal. */
export interface NewRecord {
  readonly record: Uint8Array;
  readonly order: RecordOrder;
}

/** The records come in their order, and no two of them are equal. */
export function* insertRecords(
  file: EditorFile,
  address: Address,
  kind: RecordKind,
  records: readonly NewRecord[],
): Steps<void> {
  const tree = yield* openBtreeV2(file, address, kind);
  const insertion = new Insertion(file, tree, records);
  for (const root of rootOf(tree)) yield* insertion.load(root, tree.header.depth, 0, records.length);
  insertion.apply();
}

/** A child, and the new records `[from, to)` that belong below it. */
interface Part {
  readonly child: number;
  readonly from: number;
  readonly to: number;
}

/** Nodes that stand in the place of one, and the records between them. */
interface Pieces {
  readonly nodes: readonly EditedNode[];
  readonly between: readonly Uint8Array[];
}

class Insertion {
  private readonly file: EditorFile;
  private readonly tree: BtreeV2;
  private readonly added: readonly NewRecord[];
  private readonly nodes = new Map<Address, EditedNode>();
  private header: BtreeV2Header;
  private shapes: readonly NodeShape[];
  private replaced = 0;

  constructor(file: EditorFile, tree: BtreeV2, records: readonly NewRecord[]) {
    this.file = file;
    this.tree = tree;
    this.added = records;
    this.header = tree.header;
    this.shapes = tree.shapes;
  }

  *load(child: BtreeV2Child, depth: number, from: number, to: number): Steps<void> {
    const { file, tree } = this;
    const read = yield* readNode(file, tree, child, depth);
    const node = EditedNode.of(read, child.address, depth, tree.header.recordSize);
    this.nodes.set(child.address, node);
    if (depth === 0) return;
    for (const part of this.parts(node, from, to))
      yield* this.load(node.children[part.child], depth - 1, part.from, part.to);
  }

  /** Order of new record `i` and a record of the tree. */
  private compare(i: number, record: Uint8Array): number {
    return this.added[i].order.compare(new DataView(record.buffer, record.byteOffset, record.byteLength));
  }

  /** Which children new records belong below; those that are in the node itself are left out. */
  private parts(node: EditedNode, from: number, to: number): Part[] {
    const parts: Part[] = [];
    let next = from;
    for (let child = 0; child <= node.records.length && next < to; child++) {
      const first = next;
      const record = node.records[child];
      let order = -1;
      while (next < to && (record === undefined || (order = this.compare(next, record)) < 0)) next++;
      if (next > first) parts.push({ child, from: first, to: next });
      if (next < to && order === 0) next++;
    }
    return parts;
  }

  /** Changes the tree. */
  apply(): void {
    const { added, header } = this;
    const [root] = rootOf(this.tree);
    let pieces: Pieces =
      root === undefined
        ? this.divide(
            undefined,
            0,
            added.map(({ record }) => record.slice()),
            [],
          )
        : this.edit(this.nodes.get(root.address)!, 0, added.length);
    for (let { depth } = header; pieces.nodes.length > 1; ) {
      depth++;
      this.header = { ...this.header, depth };
      this.shapes = nodeShapes(this.header, this.file.structures.sizes);
      const pointers = pieces.nodes.map((node) => node.pointer);
      pieces = this.divide(undefined, depth, [...pieces.between], pointers);
    }
    const [top] = pieces.nodes;
    putHeader(this.file, this.tree.address, {
      ...this.header,
      root: top.address,
      rootRecords: top.records.length,
      totalRecords: header.totalRecords + added.length - this.replaced,
    });
  }

  private edit(node: EditedNode, from: number, to: number): Pieces {
    return node.depth === 0 ? this.editLeaf(node, from, to) : this.editInner(node, from, to);
  }

  private editLeaf(node: EditedNode, from: number, to: number): Pieces {
    const records: Uint8Array[] = [];
    let old = 0;
    for (let i = from; i < to; i++) {
      let order = -1;
      while (old < node.records.length && (order = this.compare(i, node.records[old])) > 0)
        records.push(node.records[old++]);
      if (old < node.records.length && order === 0) {
        old++;
        this.replaced++;
      }
      records.push(this.added[i].record.slice());
    }
    for (; old < node.records.length; old++) records.push(node.records[old]);
    return this.divide(node, 0, records, []);
  }

  private editInner(node: EditedNode, from: number, to: number): Pieces {
    const records = [...node.records];
    for (let i = from, child = 0; i < to && child < records.length; child++) {
      let order = -1;
      while (i < to && (order = this.compare(i, records[child])) < 0) i++;
      if (i < to && order === 0) {
        records[child] = this.added[i].record.slice();
        this.replaced++;
      }
    }
    const merged: Uint8Array[] = [];
    const children: BtreeV2Child[] = [];
    const parts = this.parts(node, from, to);
    let next = 0;
    for (let child = 0; child < node.children.length; child++) {
      const part = parts[next]?.child === child ? parts[next++] : undefined;
      if (part === undefined) children.push(node.children[child]);
      else {
        const pieces = this.edit(this.nodes.get(node.children[child].address)!, part.from, part.to);
        merged.push(...pieces.between);
        children.push(...pieces.nodes.map((piece) => piece.pointer));
      }
      if (child < records.length) merged.push(records[child]);
    }
    return this.divide(node, node.depth, merged, children);
  }

  /** Divides records among nodes of one depth, the first of which is `first` if there is one. */
  private divide(
    first: EditedNode | undefined,
    depth: number,
    records: Uint8Array[],
    children: BtreeV2Child[],
  ): Pieces {
    const { file, header, shapes } = this;
    const count = Math.ceil((records.length + 1) / (shapes[depth].maxRecords + 1));
    const own = records.length - (count - 1);
    const nodes: EditedNode[] = [];
    const between: Uint8Array[] = [];
    for (let i = 0, at = 0; i < count; i++) {
      const end = at + Math.floor((own * (i + 1)) / count) - Math.floor((own * i) / count);
      const node = i === 0 && first !== undefined ? first : EditedNode.create(file, header, depth, [], []);
      node.records = records.slice(at, end);
      node.children = children.slice(at, end + 1);
      node.put(file, header, shapes);
      nodes.push(node);
      if (end < records.length) between.push(records[end]);
      at = end + 1;
    }
    return { nodes, between };
  }
}
