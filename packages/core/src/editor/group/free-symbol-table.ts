/** Giving a symbol table back: all nodes of its B-tree, its symbol table nodes and its local heap. */
import type { Address } from "../../bytes/address.ts";
import { FormatError } from "../../errors.ts";
import { GROUP_BTREE_NODE } from "../../format/group/group-btree-node.ts";
import { LOCAL_HEAP } from "../../format/group/local-heap.ts";
import type { SymbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { give, nodeRoom, symbolsRoom } from "./symbol-table-nodes.ts";

export function* freeSymbolTable(file: EditorFile, table: SymbolTableMessage): Steps<void> {
  const { structures } = file;
  const { nodes, symbols } = yield* nodesOf(file, table.btree);
  const { data, size } = yield* structures.get(LOCAL_HEAP, table.heap, undefined);
  const { lengths, offsets } = structures.sizes;
  for (const address of nodes) give(file, address, nodeRoom(file));
  for (const address of symbols) give(file, address, symbolsRoom(file));
  give(file, data, size);
  give(file, table.heap, 8 + 2 * lengths + offsets);
}

interface TableNodes {
  readonly nodes: ReadonlySet<Address>;
  readonly symbols: readonly Address[];
}

/** Level by level, from the root. */
function* nodesOf(file: EditorFile, root: Address): Steps<TableNodes> {
  const context = { internalK: file.ranks.groupInternalK };
  const nodes = new Set<Address>();
  for (let level: readonly Address[] = [root]; ; ) {
    const below: Address[] = [];
    let leaves = true;
    for (const address of level) {
      if (nodes.has(address))
        throw new FormatError("is pointed at twice", { structure: GROUP_BTREE_NODE.title, address });
      nodes.add(address);
      const node = yield* file.structures.get(GROUP_BTREE_NODE, address, context);
      leaves = node.level === 0;
      for (const child of node.children) below.push(child);
    }
    if (leaves) return { nodes, symbols: below };
    level = below;
  }
}
