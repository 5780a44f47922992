/**
 * Version 2 B-tree header (HDF5 File Format Specification, section III.A.2). Pointed at by link info, attribute info and
 * data layout messages, by fractal heaps and by the table of shared messages.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { encodedWidth } from "../../bytes/width.ts";
import type { Structure } from "../structure.ts";

export interface BtreeV2Header {
  /** Kind of records: see `records/`. */
  readonly type: number;
  readonly nodeSize: number;
  readonly recordSize: number;
  /** 0: the root is a leaf. */
  readonly depth: number;
  readonly splitPercent: number;
  readonly mergePercent: number;
  /** `null`: the tree is empty. */
  readonly root: Address | null;
  readonly rootRecords: number;
  readonly totalRecords: number;
}

export function btreeV2Header(f: Fields, v?: BtreeV2Header): BtreeV2Header {
  f.signature("BTHD");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const value: BtreeV2Header = {
    type: f.u8(v?.type),
    nodeSize: f.u32(v?.nodeSize),
    recordSize: f.u16(v?.recordSize),
    depth: f.u16(v?.depth),
    splitPercent: f.u8(v?.splitPercent),
    mergePercent: f.u8(v?.mergePercent),
    root: f.address(v?.root),
    rootRecords: f.u16(v?.rootRecords),
    totalRecords: f.length(v?.totalRecords),
  };
  f.checksum();
  if (f.reading) check(f, value);
  return value;
}

/** Writers use some kilobytes; a node is read and kept whole. */
const MAX_NODE = 2 ** 26;

function check(f: Fields, v: BtreeV2Header): void {
  if (v.recordSize === 0) f.fail("has records of no bytes");
  if (v.nodeSize < NODE_OVERHEAD + v.recordSize) f.fail("has nodes too small for a record", v.nodeSize);
  if (v.nodeSize > MAX_NODE) f.fail("has nodes larger than any writer's", v.nodeSize, `at most ${MAX_NODE}`);
  if (v.root === null && (v.totalRecords > 0 || v.depth > 0)) f.fail("has records and no root", v.totalRecords);
  if (v.rootRecords > v.totalRecords) f.fail("has more records in its root than in all", v.rootRecords);
}

export const BTREE_V2_HEADER: Structure<BtreeV2Header> = {
  title: "Version 2 B-tree header",
  guess: () => 64,
  extent: (head) => 22 + head.sizes.offsets + head.sizes.lengths,
  decode: (from) => btreeV2Header(from),
};

/** Signature, version, type and checksum. */
export const NODE_OVERHEAD = 10;

/** What nodes of one depth look like; depth 0 are leaves. */
export interface NodeShape {
  readonly maxRecords: number;
  /** Most records in a node and all below it. */
  readonly maxTotal: number;
  /** Widths of the numbers of a child pointer: its own records, and those below it too. */
  readonly countWidth: number;
  readonly totalWidth: number;
}

/** Shapes of the nodes of a tree, by depth. They follow from sizes that the header gives. */
export function nodeShapes(header: BtreeV2Header, sizes: Sizes): NodeShape[] {
  const leafRecords = Math.floor((header.nodeSize - NODE_OVERHEAD) / header.recordSize);
  const countWidth = encodedWidth(leafRecords);
  const shapes: NodeShape[] = [{ maxRecords: leafRecords, maxTotal: leafRecords, countWidth: 0, totalWidth: 0 }];
  for (let depth = 1; depth <= header.depth; depth++) {
    const below = shapes[depth - 1];
    const totalWidth = depth === 1 ? 0 : encodedWidth(below.maxTotal);
    const pointer = sizes.offsets + countWidth + totalWidth;
    const maxRecords = Math.floor((header.nodeSize - NODE_OVERHEAD - pointer) / (header.recordSize + pointer));
    const maxTotal = (maxRecords + 1) * below.maxTotal + maxRecords;
    shapes.push({ maxRecords, maxTotal, countWidth, totalWidth });
  }
  return shapes;
}
