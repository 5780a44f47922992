/** Checks old-style groups: the B-tree, its symbol table nodes, and the names in the local heap. */
import type { Address } from "../../bytes/address.ts";
import { compareBytes, decodeText } from "../../bytes/text.ts";
import { GROUP_BTREE_NODE, type GroupBtreeNode } from "../../format/group/group-btree-node.ts";
import { type SymbolTableEntry, symbolTableEntryBytes } from "../../format/group/symbol-table-entry.ts";
import { SYMBOL_TABLE_NODE } from "../../format/group/symbol-table-node.ts";
import type { SymbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";
import { CheckedLocalHeap } from "./local-heap.ts";

/** A hard link, and what it remembers of the group that it leads to. */
export interface FoundLink {
  readonly name: string;
  readonly target: Address;
  readonly table?: { readonly btree: Address | null; readonly heap: Address | null };
}

interface Walk {
  readonly check: Checker;
  readonly names: CheckedLocalHeap;
  readonly seen: Set<Address>;
  readonly links: FoundLink[];
  /** The last node of each level, whose right neighbour is the next one. */
  readonly last: Map<number, { readonly address: Address; readonly right: Address | null }>;
}

/** Names above `low`, up to `high`; no bound where it is `undefined`. */
interface Bounds {
  readonly low?: Uint8Array;
  readonly high?: Uint8Array;
}

/** Checks a group's symbol table, and gives its hard links. */
export function* checkSymbolTable(check: Checker, { btree, heap }: SymbolTableMessage): Steps<FoundLink[]> {
  const names = yield* CheckedLocalHeap.open(check, heap);
  const walk: Walk = { check, names, seen: new Set(), links: [], last: new Map() };
  yield* checkNode(walk, btree, undefined, {});
  for (const { address, right } of walk.last.values())
    if (right !== null) fault(walk, "has a right neighbour and is the last of its level", address, right);
  names.finish();
  return walk.links;
}

function* checkNode(walk: Walk, address: Address, level: number | undefined, bounds: Bounds): Steps<void> {
  const { check, seen } = walk;
  if (seen.has(address)) return fault(walk, "is pointed at twice", address);
  seen.add(address);
  const { groupInternalK: k } = check.file.ranks;
  const { offsets, lengths } = check.sizes;
  const room = 8 + 2 * offsets + lengths + 2 * k * (offsets + lengths);
  const node = yield* check.structure(GROUP_BTREE_NODE, address, { internalK: k }, room);
  if (level !== undefined && node.level !== level) return fault(walk, "is of a wrong level", address, node.level);
  if (level !== undefined && node.children.length === 0) fault(walk, "has no children", address);
  checkNeighbours(walk, address, node);
  // The key of a node without children is whatever stood there.
  if (node.children.length === 0) return;
  const keys = node.keys.map((offset) => walk.names.text(offset));
  if (bounds.low && keys.length > 0 && compareBytes(keys[0], bounds.low) < 0)
    fault(walk, "has a first key below its parent's", address);
  for (const [i, child] of node.children.entries()) {
    const within = { low: keys[i], high: keys[i + 1] };
    if (compareBytes(within.low, within.high) >= 0) fault(walk, "has keys out of order", address);
    if (bounds.high && compareBytes(within.high, bounds.high) > 0)
      fault(walk, "has a key beyond its parent's", address);
    const part = node.level > 0 ? checkNode(walk, child, node.level - 1, within) : checkSymbols(walk, child, within);
    yield* check.guard(part);
  }
}

function checkNeighbours(walk: Walk, address: Address, { level, left, right }: GroupBtreeNode): void {
  const before = walk.last.get(level);
  if (left !== (before?.address ?? null)) fault(walk, "has a wrong left neighbour", address, left);
  if (before !== undefined && before.right !== address)
    fault(walk, "has a wrong right neighbour", before.address, before.right);
  walk.last.set(level, { address, right });
}

function* checkSymbols(walk: Walk, address: Address, { low, high }: Bounds): Steps<void> {
  const { check, seen, names } = walk;
  const structure = SYMBOL_TABLE_NODE.title;
  if (seen.has(address)) return check.fault("is pointed at twice", { structure, address });
  seen.add(address);
  const { groupLeafK: leafK } = check.file.ranks;
  const room = 8 + 2 * leafK * symbolTableEntryBytes(check.sizes);
  const { entries } = yield* check.structure(SYMBOL_TABLE_NODE, address, { leafK }, room);
  if (entries.length === 0) check.fault("has no entries", { structure, address });
  let last = low;
  for (const entry of entries) {
    const name = names.take(entry.nameOffset);
    if (last !== undefined && compareBytes(name, last) <= 0)
      check.fault("has names out of order", { structure, address, found: decodeText(name) });
    last = name;
    keepLink(walk, address, entry, decodeText(name));
  }
  if (high !== undefined && last !== undefined && compareBytes(last, high) > 0)
    check.fault("has a name beyond the key of its parent", { structure, address, found: decodeText(last) });
}

function keepLink({ check, names, links }: Walk, address: Address, entry: SymbolTableEntry, name: string): void {
  const { scratch, header } = entry;
  check.counts.links++;
  if (scratch.cacheType === 2) names.take(scratch.linkValueOffset);
  else if (header === null)
    check.fault("has a link to nowhere", { structure: SYMBOL_TABLE_NODE.title, address, found: name });
  else links.push({ name, target: header, ...(scratch.cacheType === 1 && { table: scratch }) });
}

function fault({ check }: Walk, reason: string, address: Address, found?: unknown): void {
  check.fault(reason, { structure: GROUP_BTREE_NODE.title, address, found });
}
