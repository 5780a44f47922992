/** A node of a version 2 B-tree while it is edited: its records and children as lists. */
import type { Address } from "../../bytes/address.ts";
import type { BtreeV2Header, NodeShape } from "../../format/btree-v2/header.ts";
import { BTREE_V2_NODE, type BtreeV2Child, type BtreeV2Node, writeBtreeV2Node } from "../../format/btree-v2/node.ts";
import type { EditorFile } from "../editor-file.ts";

export class EditedNode {
  readonly address: Address;
  /** 0: a leaf. */
  readonly depth: number;
  records: Uint8Array[];
  /** One more than records; none in leaves. */
  children: BtreeV2Child[];

  constructor(address: Address, depth: number, records: Uint8Array[], children: BtreeV2Child[]) {
    this.address = address;
    this.depth = depth;
    this.records = records;
    this.children = children;
  }

  static of(node: BtreeV2Node, address: Address, depth: number, recordSize: number): EditedNode {
    const records: Uint8Array[] = [];
    for (let i = 0; i < node.count; i++) records.push(node.records.subarray(i * recordSize, (i + 1) * recordSize));
    return new EditedNode(address, depth, records, [...node.children]);
  }

  /** Makes a node in new space. */
  static create(
    file: EditorFile,
    header: BtreeV2Header,
    depth: number,
    records: Uint8Array[],
    children: BtreeV2Child[],
  ): EditedNode {
    return new EditedNode(file.allocator.allocate(header.nodeSize, "metadata"), depth, records, children);
  }

  /** Records here and below. */
  get total(): number {
    return this.children.reduce((sum, child) => sum + child.total, this.records.length);
  }

  /** How the parent points at it. */
  get pointer(): BtreeV2Child {
    return { address: this.address, records: this.records.length, total: this.total };
  }

  put(file: EditorFile, header: BtreeV2Header, shapes: readonly NodeShape[]): void {
    const { recordSize, type, nodeSize } = header;
    const count = this.records.length;
    const bytes = new Uint8Array(count * recordSize);
    this.records.forEach((record, i) => {
      bytes.set(record, i * recordSize);
    });
    const value: BtreeV2Node = {
      count,
      records: bytes,
      view: new DataView(bytes.buffer),
      children: [...this.children],
    };
    const context = { type, recordSize, depth: this.depth, shape: shapes[this.depth], count };
    file.structures.put(BTREE_V2_NODE, this.address, value, nodeSize, (f, v) => writeBtreeV2Node(f, v, context));
  }

  free(file: EditorFile, header: BtreeV2Header): void {
    file.structures.forget(this.address);
    file.allocator.free(this.address, header.nodeSize, "metadata");
    file.pages.invalidate(this.address, header.nodeSize);
  }
}
