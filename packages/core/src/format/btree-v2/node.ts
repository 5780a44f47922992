/**
 * Version 2 B-tree internal node and leaf node (HDF5 File Format Specification, section III.A.2). Pointed at by the tree's
 * header and by each other. Records stay bytes here: their kinds have layouts of their own, and few are looked at.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";
import { NODE_OVERHEAD, type NodeShape } from "./header.ts";

export interface BtreeV2Child {
  readonly address: Address;
  readonly records: number;
  /** With those below it. */
  readonly total: number;
}

export interface BtreeV2Node {
  readonly count: number;
  /** `count` records, one behind the other. */
  readonly records: Uint8Array;
  readonly view: DataView;
  /** One more than records; none in leaves. */
  readonly children: readonly BtreeV2Child[];
}

/** What must be known of a node before it can be read. */
export interface NodeContext {
  readonly type: number;
  readonly recordSize: number;
  /** 0: a leaf. */
  readonly depth: number;
  readonly shape: NodeShape;
  /** Records in the node, as its parent says. */
  readonly count: number;
}

const SIGNATURES = { leaf: "BTLF", internal: "BTIN" } as const;

/** Writes or measures a node, without the unused room behind it. */
export function writeBtreeV2Node(f: Fields, v: BtreeV2Node, context: NodeContext): void {
  node(f, context, v);
}

function node(f: Fields, context: NodeContext, v?: BtreeV2Node): BtreeV2Node {
  f.signature(context.depth === 0 ? SIGNATURES.leaf : SIGNATURES.internal);
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const type = f.u8(context.type);
  if (type !== context.type) f.fail("has records of another type than its tree", type, String(context.type));
  const records = f.bytes(v?.records, context.count * context.recordSize);
  const children: BtreeV2Child[] = [];
  if (context.depth > 0) for (let i = 0; i <= context.count; i++) children.push(child(f, context, v?.children[i]));
  f.checksum();
  return { count: context.count, records, view: viewOf(records), children };
}

function child(f: Fields, { depth, shape }: NodeContext, v?: BtreeV2Child): BtreeV2Child {
  const address = f.address(v?.address) ?? f.fail("has a child without an address");
  const records = f.uint(v?.records, shape.countWidth);
  const total = depth > 1 ? f.uint(v?.total, shape.totalWidth) : records;
  if (total < records) f.fail("has a child with more records than all below it", records, `at most ${total}`);
  return { address, records, total };
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function bytesOf({ depth, shape, count, recordSize }: NodeContext, sizes: Sizes): number {
  const pointer = sizes.offsets + shape.countWidth + shape.totalWidth;
  return NODE_OVERHEAD + count * recordSize + (depth > 0 ? (count + 1) * pointer : 0);
}

/** The longest that a node can be: 8-byte addresses and totals. */
const guess = (c: NodeContext): number => bytesOf(c, { offsets: 8, lengths: 8 });

export const BTREE_V2_NODE: Structure<BtreeV2Node, NodeContext> = {
  title: "Version 2 B-tree node",
  guess,
  extent: (head, context) => bytesOf(context, head.sizes),
  decode: (from, context) => {
    const { count, records, children } = node(from, context);
    // A copy: a node in the cache of structures must not keep a page alive.
    const own = records.slice();
    return { count, records: own, view: viewOf(own), children };
  },
};

/** One kind of records. */
export interface RecordLayout<R> {
  readonly type: number;
  /** What messages call a tree of them. */
  readonly title: string;
  bytes(sizes: Sizes): number;
  layout(f: Fields, v?: R): R;
}

/** Record `i` of a node. */
export function recordAt<R>(node: BtreeV2Node, i: number, layout: RecordLayout<R>, sizes: Sizes): R {
  const size = layout.bytes(sizes);
  return layout.layout(new Decoder(node.records, sizes, layout.title, 0, i * size, (i + 1) * size, node.view));
}
