/** The way from the root of a version 2 B-tree down to where a record stands, or would. */
import { type BtreeV2, readNode, rootOf } from "../../engine/btree-v2.ts";
import type { BtreeV2Child } from "../../format/btree-v2/node.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedNode } from "./edited-node.ts";

/** Where a record stands: tells of one in the tree whether what is looked for comes before it (negative) or after. */
export interface RecordOrder {
  /** By what the record itself says. */
  compare(record: DataView): number;
  /** Of records that {@link compare} finds equal: by what it refers to. Absent: equal is equal. */
  tie?(record: Uint8Array): Steps<number>;
}

/** A node on the way down, and the first record in it that does not come before what is looked for. */
export interface Step {
  readonly node: EditedNode;
  readonly index: number;
  /** The record at `index` is what is looked for: the way ends here. */
  readonly equal: boolean;
}

export function* descend(file: EditorFile, tree: BtreeV2, order: RecordOrder): Steps<Step[]> {
  const way: Step[] = [];
  let child: BtreeV2Child | undefined = rootOf(tree)[0];
  for (let { depth } = tree.header; child !== undefined; depth--) {
    const node: EditedNode = yield* load(file, tree, child, depth);
    const step: Step = yield* search(node, order);
    way.push(step);
    child = step.equal ? undefined : node.children[step.index];
  }
  return way;
}

/** On from an internal node to the last leaf before its record. */
export function* descendLast(file: EditorFile, tree: BtreeV2, way: Step[]): Steps<void> {
  const from = way[way.length - 1];
  let child = from.node.children[from.index];
  for (let depth = from.node.depth - 1; depth >= 0; depth--) {
    const node = yield* load(file, tree, child, depth);
    way.push({ node, index: depth === 0 ? node.count - 1 : node.count, equal: false });
    child = node.children[node.children.length - 1];
  }
}

function* load(file: EditorFile, tree: BtreeV2, child: BtreeV2Child, depth: number): Steps<EditedNode> {
  return EditedNode.of(yield* readNode(file, tree, child, depth), child.address, depth, tree.header.recordSize);
}

function* search(node: EditedNode, order: RecordOrder): Steps<Step> {
  let low = 0;
  let high = node.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    let found = order.compare(node.viewOf(middle));
    if (found === 0 && order.tie !== undefined) found = yield* order.tie(node.record(middle));
    if (found === 0) return { node, index: middle, equal: true };
    if (found > 0) low = middle + 1;
    else high = middle;
  }
  return { node, index: low, equal: false };
}

/** A node beside one on the way, under the same parent. */
export interface Neighbour {
  readonly node: EditedNode;
  readonly side: "left" | "right";
}

/** For each node on the way below the root the neighbour that it may be joined with, when it gets too small. */
export function* neighboursOf(file: EditorFile, tree: BtreeV2, way: readonly Step[]): Steps<(Neighbour | undefined)[]> {
  const neighbours: (Neighbour | undefined)[] = [undefined];
  for (let level = 1; level < way.length; level++) {
    const parent = way[level - 1];
    const { node } = way[level];
    if (node.count - 1 >= leastRecords(tree, node.depth)) neighbours.push(undefined);
    else {
      const side = parent.index > 0 ? "left" : "right";
      const child = parent.node.children[side === "left" ? parent.index - 1 : parent.index + 1];
      neighbours.push({ node: yield* load(file, tree, child, node.depth), side });
    }
  }
  return neighbours;
}

/** With fewer records a node is joined with a neighbour, or takes some from it. */
export function leastRecords({ header, shapes }: BtreeV2, depth: number): number {
  return Math.max(1, Math.floor((shapes[depth].maxRecords * header.mergePercent) / 100));
}
