/** Checks version 2 B-trees: every node, the counts that parents have of children, and the order of all records. */
import type { Address } from "../../bytes/address.ts";
import { BTREE_V2_HEADER } from "../../format/btree-v2/header.ts";
import { BTREE_V2_NODE, type BtreeV2Child, type BtreeV2Node } from "../../format/btree-v2/node.ts";
import type { Steps } from "../../steps/steps.ts";
import { type BtreeV2, openBtreeV2, type RecordKind, readNode, rootOf } from "../btree-v2.ts";
import type { Checker } from "./checker.ts";

/** Record `i` of a node, in the order of the tree. */
export type VisitRecord = (node: BtreeV2Node, i: number) => void;

/** Calls `visit` for all records in their order, which it judges. */
export function* checkBtreeV2(check: Checker, address: Address, kind: RecordKind, visit: VisitRecord): Steps<void> {
  const tree = yield* openBtreeV2(check.file, address, kind);
  yield* check.structure(BTREE_V2_HEADER, address, undefined);
  const walk: Walk = { check, tree, visit, seen: new Set(), records: 0 };
  for (const root of rootOf(tree)) yield* checkNode(walk, root, tree.header.depth);
  const { totalRecords } = tree.header;
  if (walk.records !== totalRecords)
    fault(walk, "has another number of records than its header says", address, walk.records, String(totalRecords));
}

interface Walk {
  readonly check: Checker;
  readonly tree: BtreeV2;
  readonly visit: VisitRecord;
  readonly seen: Set<Address>;
  /** Visited so far. */
  records: number;
}

function* checkNode(walk: Walk, child: BtreeV2Child, depth: number): Steps<void> {
  const { check, tree, visit, seen } = walk;
  const { address } = child;
  if (seen.has(address)) return fault(walk, "is pointed at twice", address);
  seen.add(address);
  const node = yield* readNode(check.file, tree, child, depth);
  check.uses(address, tree.header.nodeSize, BTREE_V2_NODE.title);
  if (node.count === 0) fault(walk, "has no records", address);
  const before = walk.records;
  for (let i = 0; i <= node.count; i++) {
    if (depth > 0) yield* checkNode(walk, node.children[i], depth - 1);
    if (i === node.count) break;
    walk.records++;
    visit(node, i);
  }
  if (walk.records - before !== child.total)
    fault(walk, "has another number of records below it than its parent says", address, child.total);
}

function fault({ check }: Walk, reason: string, address: Address, found?: number, allowed?: string): void {
  check.fault(reason, { structure: BTREE_V2_NODE.title, address, found, allowed });
}
