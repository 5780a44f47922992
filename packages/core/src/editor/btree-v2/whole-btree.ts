/** Version 2 B-trees as a whole: all records in their order, and building from below of many at once. */
import type { Address } from "../../bytes/address.ts";
import { type BtreeV2, readNode, rootOf } from "../../engine/btree-v2.ts";
import { type BtreeV2Header, nodeShapes } from "../../format/btree-v2/header.ts";
import type { BtreeV2Child } from "../../format/btree-v2/node.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { putHeader } from "./edited-btree.ts";
import { EditedNode } from "./edited-node.ts";

/** What a tree consists of. */
export interface WholeTree {
  /** In their order. */
  readonly records: readonly Uint8Array[];
  readonly nodes: readonly Address[];
}

export function* wholeTree(file: EditorFile, tree: BtreeV2): Steps<WholeTree> {
  const whole = { records: [] as Uint8Array[], nodes: [] as Address[] };
  for (const root of rootOf(tree)) yield* gather(file, tree, root, tree.header.depth, whole);
  return whole;
}

function* gather(
  file: EditorFile,
  tree: BtreeV2,
  child: BtreeV2Child,
  depth: number,
  whole: { records: Uint8Array[]; nodes: Address[] },
): Steps<void> {
  const { recordSize } = tree.header;
  const node = yield* readNode(file, tree, child, depth);
  whole.nodes.push(child.address);
  for (let i = 0; i <= node.count; i++) {
    if (depth > 0) yield* gather(file, tree, node.children[i], depth - 1, whole);
    if (i < node.count) whole.records.push(node.records.subarray(i * recordSize, (i + 1) * recordSize));
  }
}

/** Gives back the nodes of a tree; its header stays. */
export function freeNodes(file: EditorFile, { header }: BtreeV2, { nodes }: WholeTree): void {
  for (const address of nodes) {
    file.structures.forget(address);
    file.allocator.free(address, header.nodeSize, "metadata");
    file.pages.invalidate(address, header.nodeSize);
  }
}

/** Gives a tree these records, which are in order, in nodes as full as can be. */
export function buildTree(file: EditorFile, { address, header }: BtreeV2, records: readonly Uint8Array[]): void {
  const empty: BtreeV2Header = { ...header, depth: 0, root: null, rootRecords: 0, totalRecords: 0 };
  if (records.length === 0) {
    putHeader(file, address, empty);
    return;
  }
  let nodes: EditedNode[] = [];
  let level = records;
  for (let depth = 0; ; depth++) {
    const built = buildLevel(file, { ...empty, depth }, level, nodes);
    nodes = built.nodes;
    level = built.between;
    if (nodes.length > 1) continue;
    const [root] = nodes;
    const rootRecords = root.records.length;
    putHeader(file, address, { ...empty, depth, root: root.address, rootRecords, totalRecords: records.length });
    return;
  }
}

/** The nodes of one level, and the records between them, which belong to the level above. */
function buildLevel(
  file: EditorFile,
  header: BtreeV2Header,
  records: readonly Uint8Array[],
  below: readonly EditedNode[],
): { readonly nodes: EditedNode[]; readonly between: Uint8Array[] } {
  const shapes = nodeShapes(header, file.structures.sizes);
  const most = shapes[header.depth].maxRecords;
  const count = Math.ceil((records.length + 1) / (most + 1));
  const own = records.length - (count - 1);
  const nodes: EditedNode[] = [];
  const between: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = at + Math.floor((own * (i + 1)) / count) - Math.floor((own * i) / count);
    const children = below.slice(at, end + 1).map((node) => node.pointer);
    const node = EditedNode.create(file, header, header.depth, records.slice(at, end), children);
    node.put(file, header, shapes);
    nodes.push(node);
    if (end < records.length) between.push(records[end]);
    at = end + 1;
  }
  return { nodes, between };
}
