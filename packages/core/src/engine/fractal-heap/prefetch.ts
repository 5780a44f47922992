/** Fetching the blocks of a fractal heap early, when most of its objects are about to be read. */
import type { Address } from "../../bytes/address.ts";
import type { Range } from "../../steps/pages.ts";
import type { Steps } from "../../steps/steps.ts";
import { type BtreeV2, rootRanges } from "../btree-v2.ts";
import type { MetadataFile } from "../metadata-file.ts";
import type { FractalHeap } from "./heap.ts";
import { blockRange, indirectRange, rootBlock, rootEntries } from "./managed-blocks.ts";

/** Bytes fetched early at most; what lies beyond is read when it is needed. */
const BUDGET = 2 << 20;

/**
 * Reads what is needed of a heap and of the tree that leads to its objects: the roots of both in one round, and in a second
 * the direct blocks that the heap's root points at.
 */
export function* loadIndexed(file: MetadataFile, heap: FractalHeap, tree: BtreeV2): Steps<void> {
  const { root, rootRows } = heap.header;
  const ranges = rootRanges(tree);
  if (root !== null)
    ranges.push(rootRows === 0 ? blockRange(rootBlock(heap, root)) : indirectRange(heap, root, rootRows));
  yield* file.pages.load(ranges);
  if (root !== null && rootRows > 0) yield* loadDirectBlocks(file, heap, root);
}

function* loadDirectBlocks(file: MetadataFile, heap: FractalHeap, root: Address): Steps<void> {
  const entries = yield* rootEntries(file, heap, root);
  const { table } = heap;
  const ranges: Range[] = [];
  let bytes = 0;
  for (let i = 0; i < Math.min(entries.length, table.directRows * table.width) && bytes < BUDGET; i++) {
    const { address, filtered } = entries[i];
    if (address === null) continue;
    const length = filtered?.size ?? table.blockSize(Math.floor(i / table.width));
    ranges.push({ at: address, length });
    bytes += length;
  }
  yield* file.pages.load(ranges);
}
