/**
 * Editing of old-style groups: entries in symbol table nodes, the nodes in a version 1 B-tree, the names in a local heap.
 *
 * Child `i` of a B-tree node holds the names greater than key `i`, up to key `i + 1`; keys are offsets of names in the heap.
 * Nodes split in half when they are full. Empty ones are freed; they are never merged, as in the reference library.
 */
import type { Address } from "../../bytes/address.ts";
import { compareBytes } from "../../bytes/text.ts";
import { GROUP_BTREE_NODE, type GroupBtreeNode } from "../../format/group/group-btree-node.ts";
import type { ScratchPad, SymbolTableEntry } from "../../format/group/symbol-table-entry.ts";
import type { SymbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeap } from "./edited-heap.ts";
import { give, nodeRoom, putNode, putSymbols, symbolsRoom } from "./symbol-table-nodes.ts";
import { type Step, type SymbolTablePath, symbolTablePath } from "./symbol-table-path.ts";

/** Makes an empty symbol table. */
export function createSymbolTable(file: EditorFile): SymbolTableMessage {
  const heap = EditedHeap.create(file);
  const btree = file.allocator.allocate(nodeRoom(file), "metadata");
  putNode(file, btree, { level: 0, left: null, right: null, keys: [0], children: [] });
  return { btree, heap };
}

/** A new link; `soft` is its value, for soft links. */
export interface NewEntry {
  readonly header: Address | null;
  readonly scratch: ScratchPad;
  readonly soft?: Uint8Array;
}

/** Adds a link. Whether it did: the group may have one of that name. */
export function* insertEntry(
  file: EditorFile,
  table: SymbolTableMessage,
  name: Uint8Array,
  entry: NewEntry,
): Steps<boolean> {
  const edit = new SymbolTableEdit(file, yield* symbolTablePath(file, table, name));
  return edit.insert(name, entry);
}

/** Removes the link of that name; the entry that it was, or `undefined` where there is none. */
export function* removeEntry(
  file: EditorFile,
  table: SymbolTableMessage,
  name: Uint8Array,
): Steps<SymbolTableEntry | undefined> {
  const edit = new SymbolTableEdit(file, yield* symbolTablePath(file, table, name));
  return edit.remove(name);
}

class SymbolTableEdit {
  private readonly file: EditorFile;
  private readonly heap: EditedHeap;
  private readonly path: Step[];
  private readonly leaf: SymbolTablePath["leaf"];
  private readonly right: SymbolTablePath["right"];

  constructor(file: EditorFile, { heap, steps, leaf, right }: SymbolTablePath) {
    this.file = file;
    this.heap = heap;
    this.path = steps;
    this.leaf = leaf;
    this.right = right;
  }

  insert(name: Uint8Array, { header, scratch, soft }: NewEntry): boolean {
    const i = this.leaf === undefined ? 0 : this.position(this.leaf.entries, name);
    const there = this.leaf?.entries[i];
    if (there !== undefined && compareBytes(this.heap.text(there.nameOffset), name) === 0) return false;
    const nameOffset = this.heap.insert(name);
    const entry: SymbolTableEntry = {
      nameOffset,
      header,
      scratch: soft === undefined ? scratch : { cacheType: 2, linkValueOffset: this.heap.insert(soft) },
    };
    if (this.leaf === undefined) this.firstEntry(entry);
    else {
      const { entries } = this.leaf;
      entries.splice(i, 0, entry);
      if (i === entries.length - 1) this.raiseLastKey(nameOffset);
      if (entries.length > 2 * this.file.ranks.groupLeafK) this.splitLeaf();
      else putSymbols(this.file, this.leaf.address, { entries });
    }
    this.heap.apply();
    return true;
  }

  remove(name: Uint8Array): SymbolTableEntry | undefined {
    if (this.leaf === undefined) return undefined;
    const { entries, address } = this.leaf;
    const i = this.position(entries, name);
    const entry = entries[i];
    if (entry === undefined || compareBytes(this.heap.text(entry.nameOffset), name) !== 0) return undefined;
    entries.splice(i, 1);
    if (entries.length === 0) this.removeLeaf(address);
    else {
      putSymbols(this.file, address, { entries });
      if (i === entries.length) this.lowerKey(entries[i - 1].nameOffset);
    }
    this.heap.remove(entry.nameOffset);
    if (entry.scratch.cacheType === 2) this.heap.remove(entry.scratch.linkValueOffset);
    this.heap.apply();
    return entry;
  }

  /** Where a name stands among entries, or would. */
  private position(entries: readonly SymbolTableEntry[], name: Uint8Array): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareBytes(this.heap.text(entries[middle].nameOffset), name) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private firstEntry(entry: SymbolTableEntry): void {
    const { file } = this;
    const step = this.path[this.path.length - 1];
    const address = file.allocator.allocate(symbolsRoom(file), "metadata");
    putSymbols(file, address, { entries: [entry] });
    this.change(step, { ...step.node, keys: [0, entry.nameOffset], children: [address] });
  }

  /** A name beyond all others: the last key of every node on the way becomes it. */
  private raiseLastKey(nameOffset: number): void {
    for (const step of this.path) {
      const { keys, children } = step.node;
      // Only where the way goes by the last child may the name be beyond the key.
      if (step.child !== children.length - 1) continue;
      const last = keys[step.child + 1];
      if (compareBytes(this.heap.text(nameOffset), this.heap.text(last)) <= 0) continue;
      this.change(step, { ...step.node, keys: [...keys.slice(0, -1), nameOffset] });
    }
  }

  /** The greatest name of the leaf is gone: keys that are that name become the one before it. */
  private lowerKey(nameOffset: number): void {
    for (let level = this.path.length - 1; level >= 0; level--) {
      const step = this.path[level];
      const { node, child } = step;
      this.change(step, { ...node, keys: node.keys.map((key, i) => (i === child + 1 ? nameOffset : key)) });
      if (child < node.children.length - 1) return;
      this.rightKey(node, nameOffset);
    }
  }

  /** The first key of the node to the right, which repeats the last of this one. */
  private rightKey(node: GroupBtreeNode, nameOffset: number): void {
    if (node.right === null) return;
    const neighbour = this.right.get(node.right);
    if (neighbour !== undefined)
      putNode(this.file, node.right, { ...neighbour, keys: [nameOffset, ...neighbour.keys.slice(1)] });
  }

  private splitLeaf(): void {
    const leaf = this.leaf!;
    const { file } = this;
    const half = leaf.entries.length >> 1;
    const address = file.allocator.allocate(symbolsRoom(file), "metadata");
    putSymbols(file, leaf.address, { entries: leaf.entries.slice(0, half) });
    putSymbols(file, address, { entries: leaf.entries.slice(half) });
    this.insertChild(this.path.length - 1, leaf.entries[half - 1].nameOffset, address);
  }

  /** A new child to the right of the one on the way, at a level of the path; `key` divides the two. */
  private insertChild(level: number, key: number, address: Address): void {
    const step = this.path[level];
    const { node, child } = step;
    const children = [...node.children.slice(0, child + 1), address, ...node.children.slice(child + 1)];
    const keys = [...node.keys.slice(0, child + 1), key, ...node.keys.slice(child + 1)];
    if (children.length <= 2 * this.file.ranks.groupInternalK) this.change(step, { ...node, keys, children });
    else if (level === 0) this.splitRoot(step, keys, children);
    else {
      const half = children.length >> 1;
      const right = this.file.allocator.allocate(nodeRoom(this.file), "metadata");
      putNode(this.file, right, {
        level: node.level,
        left: step.address,
        right: node.right,
        keys: keys.slice(half),
        children: children.slice(half),
      });
      this.relink(node.right, right);
      this.change(step, { ...node, right, keys: keys.slice(0, half + 1), children: children.slice(0, half) });
      this.insertChild(level - 1, keys[half], right);
    }
  }

  /** The root stays where it is, since the group's header points at it: its children go to two new nodes. */
  private splitRoot(step: Step, keys: readonly number[], children: readonly Address[]): void {
    const { file } = this;
    const { level } = step.node;
    const half = children.length >> 1;
    const left = file.allocator.allocate(nodeRoom(file), "metadata");
    const right = file.allocator.allocate(nodeRoom(file), "metadata");
    putNode(file, left, { level, left: null, right, keys: keys.slice(0, half + 1), children: children.slice(0, half) });
    putNode(file, right, { level, left, right: null, keys: keys.slice(half), children: children.slice(half) });
    this.change(step, {
      level: level + 1,
      left: null,
      right: null,
      keys: [keys[0], keys[half], keys[keys.length - 1]],
      children: [left, right],
    });
  }

  /** The node to the right has another one to its left. */
  private relink(address: Address | null, left: Address | null): void {
    if (address === null) return;
    const neighbour = this.file.structures.inFront(GROUP_BTREE_NODE, address) ?? this.right.get(address);
    if (neighbour !== undefined) putNode(this.file, address, { ...neighbour, left });
  }

  /** The leaf is empty: it goes, and the nodes above it that are empty then. */
  private removeLeaf(address: Address): void {
    give(this.file, address, symbolsRoom(this.file));
    this.removeChild(this.path.length - 1);
  }

  private removeChild(level: number): void {
    const step = this.path[level];
    const { node, child } = step;
    const children = node.children.filter((_, i) => i !== child);
    // The names of the child that is gone now belong to the next one; of the last one, to nobody.
    const keys = node.keys.filter((_, i) => i !== child + 1);
    if (children.length > 0) {
      this.change(step, { ...node, keys, children });
      if (child === children.length) this.lowerAbove(level, keys[keys.length - 1]);
    } else if (level === 0) this.change(step, { level: 0, left: null, right: null, keys: [0], children: [] });
    else this.removeNode(level);
  }

  /** The last key of a node is another now: so are those that repeat it. */
  private lowerAbove(level: number, key: number): void {
    this.rightKey(this.path[level].node, key);
    for (let above = level - 1; above >= 0; above--) {
      const step = this.path[above];
      const { node, child } = step;
      this.change(step, { ...node, keys: node.keys.map((old, i) => (i === child + 1 ? key : old)) });
      if (child < node.children.length - 1) return;
      this.rightKey(node, key);
    }
  }

  private removeNode(level: number): void {
    const { node, address } = this.path[level];
    // The first key of the right neighbour repeats the last one here, which may be the name that goes.
    this.rightKey(node, node.keys[0]);
    this.relink(node.right, node.left);
    if (node.left !== null) this.relinkLeft(node.left, node.right);
    give(this.file, address, nodeRoom(this.file));
    this.removeChild(level - 1);
  }

  private relinkLeft(address: Address, right: Address | null): void {
    const neighbour = this.file.structures.peek(GROUP_BTREE_NODE, address, {
      internalK: this.file.ranks.groupInternalK,
    });
    if (neighbour !== undefined) putNode(this.file, address, { ...neighbour, right });
  }

  private change(step: Step, node: GroupBtreeNode): void {
    step.node = node;
    putNode(this.file, step.address, node);
  }
}
