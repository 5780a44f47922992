/** Giving a version 2 B-tree back: its nodes and its header; not what its records refer to. */
import type { Address } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { openBtreeV2, type RecordKind, readNode, rootOf } from "../../engine/btree-v2.ts";
import { btreeV2Header } from "../../format/btree-v2/header.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";

export function* freeBtreeV2(file: EditorFile, address: Address, kind: RecordKind): Steps<void> {
  const tree = yield* openBtreeV2(file, address, kind);
  const { header } = tree;
  const nodes: Address[] = [];
  let level = rootOf(tree);
  for (let { depth } = header; level.length > 0; depth--) {
    const below: typeof level = [];
    for (const child of level) {
      nodes.push(child.address);
      if (depth > 0) below.push(...(yield* readNode(file, tree, child, depth)).children);
    }
    level = below;
  }
  for (const node of nodes) give(file, node, header.nodeSize);
  give(file, address, sizeOf(btreeV2Header, header, file.structures.sizes));
}

function give(file: EditorFile, address: Address, length: number): void {
  file.structures.forget(address);
  file.allocator.free(address, length, "metadata");
  file.pages.invalidate(address, length);
}
