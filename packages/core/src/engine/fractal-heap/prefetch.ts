/** Fetching the blocks of a fractal heap early, when most of its objects are about to be read. */
import type { Range } from "../../steps/pages.ts";
import type { Steps } from "../../steps/steps.ts";
import type { MetadataFile } from "../metadata-file.ts";
import type { FractalHeap } from "./heap.ts";
import { blockRange, rootBlock, rootEntries } from "./managed-blocks.ts";

/** Bytes fetched early at most; what lies beyond is read when it is needed. */
const BUDGET = 2 << 20;

/** Reads the direct blocks that the root points at, in one round after the root's own. */
export function* loadBlocks(file: MetadataFile, heap: FractalHeap): Steps<void> {
  const { root, rootRows } = heap.header;
  if (root === null) return;
  if (rootRows === 0) return yield* file.pages.load([blockRange(rootBlock(heap, root))]);
  const entries = yield* rootEntries(file, heap, root);
  const ranges: Range[] = [];
  let bytes = 0;
  entries.forEach(({ address, filtered }, i) => {
    if (address === null || i >= heap.table.directRows * heap.table.width) return;
    const range = { at: address, length: filtered?.size ?? heap.table.blockSize(Math.floor(i / heap.table.width)) };
    bytes += range.length;
    if (bytes <= BUDGET) ranges.push(range);
  });
  yield* file.pages.load(ranges);
}
