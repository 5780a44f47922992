/** A node of a version 2 B-tree while it is edited: its records and children as lists. */
import type { Address } from "../../bytes/address.ts";
import type { BtreeV2Header, NodeShape } from "../../format/btree-v2/header.ts";
import { BTREE_V2_NODE, type BtreeV2Child, type BtreeV2Node, writeBtreeV2Node } from "../../format/btree-v2/node.ts";
import type { EditorFile } from "../editor-file.ts";

export class EditedNode {
  readonly address: Address;
  /** 0: a leaf. */
  readonly depth: number;
  /** One more than records; none in leaves. */
  children: BtreeV2Child[];
  /** The records as the file has them, until somebody wants to change them. */
  private stored: BtreeV2Node | undefined = undefined;
  private recordSize = 0;
  private list: Uint8Array[];

  constructor(address: Address, depth: number, records: Uint8Array[], children: BtreeV2Child[]) {
    this.address = address;
    this.depth = depth;
    this.list = records;
    this.children = children;
  }

  static of(node: BtreeV2Node, address: Address, depth: number, recordSize: number): EditedNode {
    const made = new EditedNode(address, depth, [], [...node.children]);
    made.stored = node;
    made.recordSize = recordSize;
    return made;
  }

  get records(): Uint8Array[] {
    const { stored } = this;
    if (stored !== undefined) {
      for (let i = 0; i < stored.count; i++) this.list.push(this.record(i));
      this.stored = undefined;
    }
    return this.list;
  }

  set records(value: Uint8Array[]) {
    this.stored = undefined;
    this.list = value;
  }

  /** Number of records. */
  get count(): number {
    return this.stored?.count ?? this.list.length;
  }

  record(i: number): Uint8Array {
    const { stored, recordSize } = this;
    return stored === undefined ? this.list[i] : stored.records.subarray(i * recordSize, (i + 1) * recordSize);
  }

  /** A view of record `i`. */
  viewOf(i: number): DataView {
    const { stored, recordSize } = this;
    const { buffer, byteOffset, byteLength } = stored?.records ?? this.list[i];
    return stored === undefined
      ? new DataView(buffer, byteOffset, byteLength)
      : new DataView(buffer, byteOffset + i * recordSize, recordSize);
  }

  /** Puts a record before record `i`. */
  insert(i: number, record: Uint8Array): void {
    const { stored, recordSize } = this;
    if (stored === undefined) {
      this.list.splice(i, 0, record);
      return;
    }
    const bytes = new Uint8Array(stored.records.length + recordSize);
    bytes.set(stored.records.subarray(0, i * recordSize));
    bytes.set(record, i * recordSize);
    bytes.set(stored.records.subarray(i * recordSize), (i + 1) * recordSize);
    this.store(bytes);
  }

  /** Takes record `i` out. */
  remove(i: number): Uint8Array {
    const { stored, recordSize } = this;
    if (stored === undefined) return this.list.splice(i, 1)[0];
    const taken = this.record(i);
    const bytes = new Uint8Array(stored.records.length - recordSize);
    bytes.set(stored.records.subarray(0, i * recordSize));
    bytes.set(stored.records.subarray((i + 1) * recordSize), i * recordSize);
    this.store(bytes);
    return taken;
  }

  private store(records: Uint8Array<ArrayBuffer>): void {
    const count = records.length / this.recordSize;
    this.stored = { count, records, view: new DataView(records.buffer), children: [] };
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
    return this.children.reduce((sum, child) => sum + child.total, this.count);
  }

  /** How the parent points at it. */
  get pointer(): BtreeV2Child {
    return { address: this.address, records: this.count, total: this.total };
  }

  put(file: EditorFile, header: BtreeV2Header, shapes: readonly NodeShape[]): void {
    const { recordSize, type, nodeSize } = header;
    const { count } = this;
    const value: BtreeV2Node = { count, ...this.joined(recordSize), children: [...this.children] };
    const context = { type, recordSize, depth: this.depth, shape: shapes[this.depth], count };
    file.structures.put(BTREE_V2_NODE, this.address, value, nodeSize, (f, v) => writeBtreeV2Node(f, v, context));
  }

  private joined(recordSize: number): Pick<BtreeV2Node, "records" | "view"> {
    if (this.stored !== undefined) return { records: this.stored.records, view: this.stored.view };
    const records = new Uint8Array(this.list.length * recordSize);
    this.list.forEach((record, i) => {
      records.set(record, i * recordSize);
    });
    return { records, view: new DataView(records.buffer) };
  }

  free(file: EditorFile, header: BtreeV2Header): void {
    file.structures.forget(this.address);
    file.allocator.free(this.address, header.nodeSize, "metadata");
    file.pages.invalidate(this.address, header.nodeSize);
  }
}
