/** Links of old-style groups: a version 1 B-tree, symbol table nodes, and names in a local heap. */
import type { Address } from "../../bytes/address.ts";
import { compareText, encodeText } from "../../bytes/text.ts";
import type { LinkInfo } from "../../contract.ts";
import { FormatError } from "../../errors.ts";
import { GROUP_BTREE_NODE } from "../../format/group/group-btree-node.ts";
import { LOCAL_HEAP } from "../../format/group/local-heap.ts";
import type { SymbolTableEntry } from "../../format/group/symbol-table-entry.ts";
import { SYMBOL_TABLE_NODE, type SymbolTableNode } from "../../format/group/symbol-table-node.ts";
import type { SymbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Range } from "../../steps/pages.ts";
import type { Steps } from "../../steps/steps.ts";
import type { GroupHint, MetadataFile } from "../metadata-file.ts";
import { findSymbolTableNode, symbolTableNodes } from "./group-btree.ts";
import { LocalHeapNames } from "./local-heap-names.ts";

/** Symbol table nodes asked for in one round. */
const BATCH = 1024;

/** What a group's symbol table begins with. */
export function symbolTableRanges(file: MetadataFile, table: GroupHint): Range[] {
  return [
    { at: table.btree, length: GROUP_BTREE_NODE.guess({ internalK: file.ranks.groupInternalK }) },
    { at: table.heap, length: LOCAL_HEAP.guess(undefined) },
  ];
}

/** All links, by name. */
export function* symbolTableLinks(file: MetadataFile, table: SymbolTableMessage): Steps<LinkInfo[]> {
  yield* file.pages.load(symbolTableRanges(file, table));
  const names = yield* LocalHeapNames.open(file, table.heap);
  const nodes = yield* symbolTableNodes(file, table.btree);
  const links: LinkInfo[] = [];
  const seen = new Set<Address>();
  for (let from = 0; from < nodes.length; from += BATCH) {
    const batch = nodes.slice(from, from + BATCH);
    yield* file.pages.load([
      names.range,
      ...batch.map((at) => ({ at, length: SYMBOL_TABLE_NODE.guess(context(file)) })),
    ]);
    for (const address of batch) {
      if (seen.has(address)) fail("is pointed at twice", address);
      seen.add(address);
      const { entries } = peekNode(file, address) ?? (yield* readNode(file, address));
      for (const entry of entries) {
        const name = names.peek(entry.nameOffset) ?? (yield* names.text(entry.nameOffset));
        links.push(hardLink(file, name, entry, address) ?? (yield* softLink(names, name, entry)));
      }
    }
  }
  return inOrder(links);
}

/** The link of that name. */
export function* symbolTableLink(
  file: MetadataFile,
  table: SymbolTableMessage,
  name: string,
): Steps<LinkInfo | undefined> {
  const bytes = encodeText(name);
  if (bytes.includes(0)) return undefined;
  const names = yield* LocalHeapNames.open(file, table.heap);
  const address = yield* findSymbolTableNode(file, table.btree, names, bytes);
  if (address === undefined) return undefined;
  const { entries } = peekNode(file, address) ?? (yield* readNode(file, address));
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    const order = names.peekCompare(bytes, entry.nameOffset) ?? (yield* names.compare(bytes, entry.nameOffset));
    if (order === 0) return hardLink(file, name, entry, address) ?? (yield* softLink(names, name, entry));
    if (order > 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** Links in the group. */
export function* symbolTableCount(file: MetadataFile, table: SymbolTableMessage): Steps<number> {
  const nodes = yield* symbolTableNodes(file, table.btree);
  let count = 0;
  for (let from = 0; from < nodes.length; from += BATCH) {
    const batch = nodes.slice(from, from + BATCH);
    yield* file.pages.load(batch.map((at) => ({ at, length: SYMBOL_TABLE_NODE.guess(context(file)) })));
    for (const address of batch) {
      const node = peekNode(file, address) ?? (yield* readNode(file, address));
      count += node.entries.length;
    }
  }
  return count;
}

function hardLink(file: MetadataFile, name: string, entry: SymbolTableEntry, node: Address): LinkInfo | undefined {
  const { header, scratch } = entry;
  if (scratch.cacheType === 2) return undefined;
  if (header === null) return fail("has an entry without an object header", node);
  if (scratch.cacheType === 1 && scratch.btree !== null && scratch.heap !== null) {
    file.hints.set(header, { btree: scratch.btree, heap: scratch.heap });
  }
  return { type: "hard", name, charset: "ascii", address: header };
}

function* softLink(names: LocalHeapNames, name: string, { scratch }: SymbolTableEntry): Steps<LinkInfo> {
  const offset = scratch.cacheType === 2 ? scratch.linkValueOffset : 0;
  return { type: "soft", name, charset: "ascii", target: names.peek(offset) ?? (yield* names.text(offset)) };
}

/** Nodes are in the order of names, unless the writer was careless. */
function inOrder(links: LinkInfo[]): LinkInfo[] {
  for (let i = 1; i < links.length; i++) {
    if (compareText(links[i - 1].name, links[i].name) > 0) {
      return links.sort((a, b) => compareText(a.name, b.name));
    }
  }
  return links;
}

const context = (file: MetadataFile): { leafK: number } => ({ leafK: file.ranks.groupLeafK });

function peekNode(file: MetadataFile, address: Address): SymbolTableNode | undefined {
  return file.structures.peek(SYMBOL_TABLE_NODE, address, context(file));
}

function readNode(file: MetadataFile, address: Address): Steps<SymbolTableNode> {
  return file.structures.get(SYMBOL_TABLE_NODE, address, context(file));
}

function fail(reason: string, address: Address): never {
  throw new FormatError(reason, { structure: SYMBOL_TABLE_NODE.title, address });
}
