/** Version 2 B-trees: all records, or those that compare equal to what is looked for. One reader for all kinds of records. */
import type { Address } from "../bytes/address.ts";
import { FormatError } from "../errors.ts";
import { BTREE_V2_HEADER, type BtreeV2Header, type NodeShape, nodeShapes } from "../format/btree-v2/header.ts";
import { BTREE_V2_NODE, type BtreeV2Child, type BtreeV2Node, type NodeContext } from "../format/btree-v2/node.ts";
import type { Range } from "../steps/pages.ts";
import type { Steps } from "../steps/steps.ts";
import type { EngineFile } from "./file.ts";
import { withinLimit } from "./limits.ts";

/** Nodes asked for in one round. */
const BATCH = 1024;

/** What looking for records needs of their kind. */
export interface RecordKind {
  readonly type: number;
  bytes(sizes: EngineFile["structures"]["sizes"]): number;
}

export class BtreeV2 {
  readonly address: Address;
  readonly header: BtreeV2Header;
  readonly shapes: readonly NodeShape[];

  constructor(address: Address, header: BtreeV2Header, shapes: readonly NodeShape[]) {
    this.address = address;
    this.header = header;
    this.shapes = shapes;
  }
}

/** The tree whose header stands at `address`, where it was opened before. */
export function peekBtreeV2(file: EngineFile, address: Address, kind: RecordKind): BtreeV2 | undefined {
  const known = file.structures.derived(address);
  return known instanceof BtreeV2 && known.header.type === kind.type ? known : undefined;
}

/** The tree whose header stands at `address`; a FormatError where its records are not of that kind. */
export function* openBtreeV2(file: EngineFile, address: Address, kind: RecordKind): Steps<BtreeV2> {
  const { structures, limits } = file;
  const known = peekBtreeV2(file, address, kind);
  if (known !== undefined) return known;
  const header =
    structures.peek(BTREE_V2_HEADER, address, undefined) ??
    (yield* structures.get(BTREE_V2_HEADER, address, undefined));
  withinLimit(limits, "treeDepth", header.depth, BTREE_V2_HEADER.title);
  if (header.type !== kind.type) fail("has records of a wrong type", address, header.type, String(kind.type));
  const size = kind.bytes(structures.sizes);
  if (header.recordSize !== size) fail("has records of a wrong size", address, header.recordSize, String(size));
  const tree = new BtreeV2(address, header, nodeShapes(header, structures.sizes));
  structures.derive(address, tree);
  return tree;
}

/** Calls `visit` for every node. Level by level, the nodes of one in one round; records are in no particular order. */
export function* visitNodes(file: EngineFile, tree: BtreeV2, visit: (node: BtreeV2Node) => void): Steps<void> {
  const seen = new Set<Address>();
  let level = rootOf(tree);
  let found = 0;
  for (let depth = tree.header.depth; level.length > 0; depth--) {
    const below: BtreeV2Child[] = [];
    for (let from = 0; from < level.length; from += BATCH) {
      const batch = level.slice(from, from + BATCH);
      if (level.length > 1) yield* file.pages.load(batch.map((child) => rangeOf(tree, child, depth)));
      for (const child of batch) {
        if (seen.has(child.address)) fail("is pointed at twice", child.address);
        seen.add(child.address);
        const node = peekNode(file, tree, child, depth) ?? (yield* readNode(file, tree, child, depth));
        found += node.count;
        for (const next of node.children) below.push(next);
        visit(node);
      }
    }
    level = below;
  }
  const { totalRecords } = tree.header;
  if (found !== totalRecords)
    fail("has another number of records than its header says", tree.address, found, `${totalRecords}`);
}

/**
 * Calls `visit` for every record that is what is looked for. `compare` tells, of the record at `view[at]`, whether what
 * is looked for comes before (negative) or after it.
 */
export function* findRecords(
  file: EngineFile,
  tree: BtreeV2,
  compare: (view: DataView, at: number) => number,
  visit: (node: BtreeV2Node, i: number) => void,
): Steps<void> {
  const { recordSize } = tree.header;
  let level = rootOf(tree);
  for (let depth = tree.header.depth; level.length > 0; depth--) {
    const below: BtreeV2Child[] = [];
    if (level.length > 1) yield* file.pages.load(level.map((child) => rangeOf(tree, child, depth)));
    for (const child of level) {
      const node = peekNode(file, tree, child, depth) ?? (yield* readNode(file, tree, child, depth));
      const first = lowerBound(node.count, (i) => compare(node.view, i * recordSize) <= 0);
      let i = first;
      for (; i < node.count && compare(node.view, i * recordSize) === 0; i++) visit(node, i);
      // Equal records may stand in all children between those found, and in the two beside them.
      if (depth > 0) for (let c = first; c <= i; c++) below.push(node.children[c]);
    }
    level = below;
  }
}

/** The first of `count` indexes for which `reached` holds, which then holds for all that follow. */
function lowerBound(count: number, reached: (i: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What must be read of the root, if there is one. */
export function rootRanges(tree: BtreeV2): Range[] {
  return rootOf(tree).map((child) => rangeOf(tree, child, tree.header.depth));
}

/** The root as a child; none of an empty tree. */
export function rootOf({ header }: BtreeV2): BtreeV2Child[] {
  if (header.root === null) return [];
  return [{ address: header.root, records: header.rootRecords, total: header.totalRecords }];
}

function contextOf(tree: BtreeV2, child: BtreeV2Child, depth: number): NodeContext {
  const shape = tree.shapes[depth];
  if (child.records > shape.maxRecords) {
    fail("has more records than its nodes hold", child.address, child.records, `at most ${shape.maxRecords}`);
  }
  return { type: tree.header.type, recordSize: tree.header.recordSize, depth, shape, count: child.records };
}

/** Where a node stands. */
export function rangeOf(tree: BtreeV2, child: BtreeV2Child, depth: number): Range {
  return { at: child.address, length: BTREE_V2_NODE.guess(contextOf(tree, child, depth)) };
}

/** A node, where its bytes are in hand. */
export function peekNode(file: EngineFile, tree: BtreeV2, child: BtreeV2Child, depth: number): BtreeV2Node | undefined {
  return file.structures.peek(BTREE_V2_NODE, child.address, contextOf(tree, child, depth));
}

/** A node. */
export function readNode(file: EngineFile, tree: BtreeV2, child: BtreeV2Child, depth: number): Steps<BtreeV2Node> {
  return file.structures.get(BTREE_V2_NODE, child.address, contextOf(tree, child, depth));
}

function fail(reason: string, address: Address, found?: number, allowed?: string): never {
  throw new FormatError(reason, { structure: "Version 2 B-tree", address, found, allowed });
}
