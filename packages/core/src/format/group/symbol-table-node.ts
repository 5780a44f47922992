/**
 * Symbol table node (HDF5 File Format Specification, section III.B): the links of an old-style group, in the order of
 * their names. Pointed at by leaves of the group's version 1 B-tree.
 */
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";
import { type SymbolTableEntry, symbolTableEntry, symbolTableEntryBytes } from "./symbol-table-entry.ts";

export interface SymbolTableNode {
  readonly entries: readonly SymbolTableEntry[];
}

const HEADER_BYTES = 8;

/** `leafK`, of the superblock, bounds the entries at twice itself; the node takes the room of all of them. */
export interface SymbolTableNodeContext {
  readonly leafK: number;
}

export function symbolTableNode(f: Fields, v: SymbolTableNode | undefined, c: SymbolTableNodeContext): SymbolTableNode {
  f.signature("SNOD");
  const version = f.u8(1);
  if (version !== 1) f.fail("has a version that is not known", version, "1");
  f.reserved(1);
  const count = f.u16(v?.entries.length);
  if (count > 2 * c.leafK) f.fail("has too many entries", count, `at most ${2 * c.leafK}`);
  const entries: SymbolTableEntry[] = [];
  for (let i = 0; i < count; i++) entries.push(symbolTableEntry(f, v?.entries[i]));
  if (!f.reading) f.reserved((2 * c.leafK - count) * symbolTableEntryBytes(f.sizes));
  return { entries };
}

export const SYMBOL_TABLE_NODE: Structure<SymbolTableNode, SymbolTableNodeContext> = {
  title: "Symbol table node",
  guess: (c) => HEADER_BYTES + 2 * c.leafK * 40,
  extent: (head) => {
    head.seek(6);
    return HEADER_BYTES + head.u16() * symbolTableEntryBytes(head.sizes);
  },
  decode: (from, c) => symbolTableNode(from, undefined, c),
};
