/** Objects of a fractal heap by an index of their names: what dense links and dense attributes have in common. */
import type { Address } from "../../bytes/address.ts";
import { BTREE_V2_HEADER } from "../../format/btree-v2/header.ts";
import { FRACTAL_HEAP_HEADER } from "../../format/fractal-heap/header.ts";
import type { Steps } from "../../steps/steps.ts";
import { type BtreeV2, openBtreeV2, peekBtreeV2, type RecordKind } from "../btree-v2.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { type FractalHeap, openFractalHeap, peekFractalHeap } from "./heap.ts";

export interface IndexedHeap {
  readonly heap: FractalHeap;
  readonly tree: BtreeV2;
}

/** Heap and index, where both were opened before. */
export function peekIndexed(
  file: MetadataFile,
  heap: Address,
  index: Address,
  kind: RecordKind,
): IndexedHeap | undefined {
  const knownHeap = peekFractalHeap(file, heap);
  const knownTree = peekBtreeV2(file, index, kind);
  return knownHeap && knownTree && { heap: knownHeap, tree: knownTree };
}

/** Heap and index, their headers read in one round. In hot paths: `peekIndexed(...) ?? (yield* openIndexed(...))`. */
export function* openIndexed(file: MetadataFile, heap: Address, index: Address, kind: RecordKind): Steps<IndexedHeap> {
  yield* file.pages.load([
    { at: heap, length: FRACTAL_HEAP_HEADER.guess(undefined) },
    { at: index, length: BTREE_V2_HEADER.guess(undefined) },
  ]);
  return { heap: yield* openFractalHeap(file, heap), tree: yield* openBtreeV2(file, index, kind) };
}
