/** Version 1 B-trees of groups: all symbol table nodes, or the one that may hold a name. */
import type { Address } from "../../bytes/address.ts";
import { FormatError } from "../../errors.ts";
import { GROUP_BTREE_NODE, type GroupBtreeNode } from "../../format/group/group-btree-node.ts";
import type { Steps } from "../../steps/steps.ts";
import { withinLimit } from "../limits.ts";
import type { MetadataFile } from "../metadata-file.ts";
import type { LocalHeapNames } from "./local-heap-names.ts";

/** Addresses of all symbol table nodes, in the order of names. Level by level, all nodes of one in one round. */
export function* symbolTableNodes(file: MetadataFile, root: Address): Steps<Address[]> {
  const seen = new Set<Address>();
  let nodes: Address[] = [root];
  let level: number | undefined;
  for (;;) {
    if (nodes.length > 1)
      yield* file.pages.load(nodes.map((at) => ({ at, length: GROUP_BTREE_NODE.guess(context(file)) })));
    const below: Address[] = [];
    for (const address of nodes) {
      if (seen.has(address)) fail("is pointed at twice", address);
      seen.add(address);
      const node = peekNode(file, address) ?? (yield* readNode(file, address));
      level ??= topLevel(file, node);
      if (node.level !== level) fail("is of a wrong level", address, node.level, String(level));
      for (const child of node.children) below.push(child);
    }
    if (level === 0 || level === undefined) return below;
    level--;
    nodes = below;
  }
}

/** The symbol table node that holds a name, if any does; found by binary search in each node. */
export function* findSymbolTableNode(
  file: MetadataFile,
  root: Address,
  names: LocalHeapNames,
  name: Uint8Array,
): Steps<Address | undefined> {
  let address = root;
  let level: number | undefined;
  for (;;) {
    const node = peekNode(file, address) ?? (yield* readNode(file, address));
    if (level !== undefined && node.level !== level) fail("is of a wrong level", address, node.level, String(level));
    level ??= topLevel(file, node);
    // Child i holds the names above key i, up to key i + 1.
    let low = 0;
    let high = node.children.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const key = node.keys[middle + 1];
      const order = names.peekCompare(name, key) ?? (yield* names.compare(name, key));
      if (order > 0) low = middle + 1;
      else high = middle;
    }
    if (low === node.children.length) return undefined;
    address = node.children[low];
    if (level === 0) return address;
    level--;
  }
}

const context = (file: MetadataFile): { internalK: number } => ({ internalK: file.ranks.groupInternalK });

function peekNode(file: MetadataFile, address: Address): GroupBtreeNode | undefined {
  return file.structures.peek(GROUP_BTREE_NODE, address, context(file));
}

function readNode(file: MetadataFile, address: Address): Steps<GroupBtreeNode> {
  return file.structures.get(GROUP_BTREE_NODE, address, context(file));
}

function topLevel(file: MetadataFile, node: GroupBtreeNode): number {
  withinLimit(file.limits, "treeDepth", node.level, GROUP_BTREE_NODE.title);
  return node.level;
}

function fail(reason: string, address: Address, found?: number, allowed?: string): never {
  throw new FormatError(reason, { structure: GROUP_BTREE_NODE.title, address, found, allowed });
}
