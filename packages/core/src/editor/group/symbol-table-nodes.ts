/** The nodes of a symbol table in the file: their room, and how they are put and given back. */
import type { Address } from "../../bytes/address.ts";
import { GROUP_BTREE_NODE, type GroupBtreeNode, groupBtreeNode } from "../../format/group/group-btree-node.ts";
import { symbolTableEntryBytes } from "../../format/group/symbol-table-entry.ts";
import { SYMBOL_TABLE_NODE, type SymbolTableNode, symbolTableNode } from "../../format/group/symbol-table-node.ts";
import type { EditorFile } from "../editor-file.ts";

/** Bytes of a B-tree node, full or not. */
export function nodeRoom({ structures, ranks }: EditorFile): number {
  const { offsets, lengths } = structures.sizes;
  return 8 + 2 * offsets + lengths + 2 * ranks.groupInternalK * (offsets + lengths);
}

/** Bytes of a symbol table node, full or not. */
export function symbolsRoom({ structures, ranks }: EditorFile): number {
  return 8 + 2 * ranks.groupLeafK * symbolTableEntryBytes(structures.sizes);
}

export function putNode(file: EditorFile, address: Address, node: GroupBtreeNode): void {
  const context = { internalK: file.ranks.groupInternalK };
  file.structures.put(GROUP_BTREE_NODE, address, node, nodeRoom(file), (f, v) => void groupBtreeNode(f, v, context));
}

export function putSymbols(file: EditorFile, address: Address, node: SymbolTableNode): void {
  const context = { leafK: file.ranks.groupLeafK };
  file.structures.put(
    SYMBOL_TABLE_NODE,
    address,
    node,
    symbolsRoom(file),
    (f, v) => void symbolTableNode(f, v, context),
  );
}

export function give(file: EditorFile, address: Address, room: number): void {
  file.structures.forget(address);
  file.allocator.free(address, room, "metadata");
  file.pages.invalidate(address, room);
}
