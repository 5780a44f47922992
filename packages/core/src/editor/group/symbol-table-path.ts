/** The way from the root of a group's B-tree down to where a name stands, or would. */
import type { Address } from "../../bytes/address.ts";
import { compareBytes } from "../../bytes/text.ts";
import { GROUP_BTREE_NODE, type GroupBtreeNode } from "../../format/group/group-btree-node.ts";
import type { SymbolTableEntry } from "../../format/group/symbol-table-entry.ts";
import { SYMBOL_TABLE_NODE } from "../../format/group/symbol-table-node.ts";
import type { SymbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeap } from "./edited-heap.ts";

/** A node on the way, and the child that the way goes on by. */
export interface Step {
  readonly address: Address;
  node: GroupBtreeNode;
  readonly child: number;
}

export interface SymbolTablePath {
  readonly heap: EditedHeap;
  /** From the root down. */
  readonly steps: Step[];
  /** The symbol table node that may hold the name; `undefined` in an empty group. */
  readonly leaf: { readonly address: Address; entries: SymbolTableEntry[] } | undefined;
  /** Neighbours to the right of the nodes, whose first keys repeat keys on the way. */
  readonly right: ReadonlyMap<Address, GroupBtreeNode>;
}

export function* symbolTablePath(
  file: EditorFile,
  table: SymbolTableMessage,
  name: Uint8Array,
): Steps<SymbolTablePath> {
  const { structures, ranks } = file;
  const heap = yield* EditedHeap.load(file, table.heap);
  const steps: Step[] = [];
  const right = new Map<Address, GroupBtreeNode>();
  const context = { internalK: ranks.groupInternalK };
  for (let address: Address | undefined = table.btree; address !== undefined; ) {
    const node: GroupBtreeNode = yield* structures.get(GROUP_BTREE_NODE, address, context);
    if (node.right !== null) right.set(node.right, yield* structures.get(GROUP_BTREE_NODE, node.right, context));
    const child = childOf(node, heap, name);
    steps.push({ address, node, child });
    address = node.level > 0 ? node.children[child] : undefined;
  }
  const last = steps[steps.length - 1];
  const address = last.node.children[last.child];
  if (address === undefined) return { heap, steps, leaf: undefined, right };
  const { entries } = yield* structures.get(SYMBOL_TABLE_NODE, address, { leafK: ranks.groupLeafK });
  return { heap, steps, leaf: { address, entries: [...entries] }, right };
}

/** The child that holds a name, or would: the last one, if the name is beyond all. */
function childOf({ keys, children }: GroupBtreeNode, heap: EditedHeap, name: Uint8Array): number {
  let low = 0;
  let high = Math.max(0, children.length - 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(heap.text(keys[middle + 1]), name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
