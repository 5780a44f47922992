/** Giving a fractal heap back: all its blocks, huge objects, its free-space manager and its header. */
import type { Address } from "../../bytes/address.ts";
import { openBtreeV2, visitNodes } from "../../engine/btree-v2.ts";
import type { FractalHeap } from "../../engine/fractal-heap/heap.ts";
import { indirectBlock } from "../../engine/fractal-heap/managed-blocks.ts";
import { recordAt } from "../../format/btree-v2/node.ts";
import {
  HUGE_DIRECT_RECORD,
  HUGE_INDIRECT_RECORD,
  type HugeObject,
} from "../../format/btree-v2/records/huge-object.ts";
import type { Steps } from "../../steps/steps.ts";
import { freeBtreeV2 } from "../btree-v2/free-btree.ts";
import type { EditorFile } from "../editor-file.ts";
import { openForWriting } from "./edited-heap.ts";
import { indirectRoom } from "./heap-blocks.ts";
import { headerRoom } from "./new-heap.ts";

/** A range of the file to be given back. */
interface Piece {
  readonly address: Address;
  readonly length: number;
  /** Of huge objects; the rest is metadata. */
  readonly use?: "raw";
}

/** Frees the heap with all its objects. */
export function* freeFractalHeap(file: EditorFile, address: Address): Steps<void> {
  const heap = yield* openForWriting(file, address);
  const pieces: Piece[] = [{ address, length: headerRoom(file, heap.header) }];
  const { root, rootRows, startingBlockSize } = heap.header;
  if (root !== null && rootRows === 0) pieces.push({ address: root, length: startingBlockSize });
  else if (root !== null) yield* gather(file, heap, root, 0, rootRows, pieces);
  if (heap.header.hugeBtree !== null) yield* hugeObjects(file, heap, heap.header.hugeBtree, pieces);
  for (const piece of pieces) give(file, piece);
  file.heapSpace.delete(address);
}

function give(file: EditorFile, { address, length, use }: Piece): void {
  file.structures.forget(address);
  file.heapBlocks.delete(address);
  file.raw.discard(address, length);
  file.allocator.free(address, length, use ?? "metadata");
  file.pages.invalidate(address, length);
}

/** An indirect block and all below it. */
function* gather(
  file: EditorFile,
  heap: FractalHeap,
  at: Address,
  offset: number,
  rows: number,
  pieces: Piece[],
): Steps<void> {
  const { table } = heap;
  const { entries } = yield* indirectBlock(file, heap, at, offset, rows);
  pieces.push({ address: at, length: indirectRoom(file, heap, offset, rows) });
  for (let i = 0; i < entries.length; i++) {
    const { address } = entries[i];
    if (address === null) continue;
    const row = Math.floor(i / table.width);
    const size = table.blockSize(row);
    if (row < table.directRows) pieces.push({ address, length: size });
    else {
      const start = offset + table.rowOffset(row) + (i % table.width) * size;
      yield* gather(file, heap, address, start, table.rowsOf(size), pieces);
    }
  }
}

function* hugeObjects(file: EditorFile, heap: FractalHeap, btree: Address, pieces: Piece[]): Steps<void> {
  const kind = heap.shape.hugeDirect ? HUGE_DIRECT_RECORD : HUGE_INDIRECT_RECORD;
  const tree = yield* openBtreeV2(file, btree, kind);
  yield* visitNodes(file, tree, (node) => {
    for (let i = 0; i < node.count; i++) {
      const { address, length } = recordAt<HugeObject>(
        node,
        i,
        kind as typeof HUGE_DIRECT_RECORD,
        file.structures.sizes,
      );
      pieces.push({ address, length, use: "raw" });
    }
  });
  yield* freeBtreeV2(file, btree, kind);
}
