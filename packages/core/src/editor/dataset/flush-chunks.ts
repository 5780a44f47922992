/** Storing of chunks that wait in the cache: before a commit, and when they take too much room. */
import type { Address } from "../../bytes/address.ts";
import { chunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { FormatError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { locateChunks, storeChunks } from "./chunk-store.ts";
import { currentDataset } from "./current-dataset.ts";

/** Decoded bytes that are filtered and stored at once. */
export const BATCH: number = 16 << 20;

/** Stores all chunks that wait. Call before a commit; where it fails the commit must not be made. */
export function* flushChunks(file: EditorFile): Steps<void> {
  for (const address of file.chunkCache.waitingDatasets) yield* flushDataset(file, address);
}

/** Stores the chunks of a dataset that wait, so that its index tells of all. */
export function* flushDataset(file: EditorFile, address: Address): Steps<void> {
  yield* flushNumbers(file, address, file.chunkCache.numbers(address));
}

/** Stores the oldest chunks that wait, until those that are left have room. */
export function* makeRoom(file: EditorFile, address: Address): Steps<void> {
  while (file.chunkCache.full) {
    const [other = address] = file.chunkCache.waitingDatasets;
    const numbers = file.chunkCache.numbers(other);
    // Half of them at once: neighbours are then written together.
    yield* flushNumbers(file, other, numbers.slice(0, Math.ceil(numbers.length / 2)));
  }
}

function* flushNumbers(file: EditorFile, address: Address, chunks: readonly number[]): Steps<void> {
  if (chunks.length === 0) return;
  const sorted = Float64Array.from(chunks).sort();
  const first = file.chunkCache.changed(address, sorted[0])!;
  const batch = Math.max(1, Math.floor(BATCH / first.length));
  for (let from = 0; from < sorted.length; from += batch) {
    const numbers = sorted.subarray(from, from + batch);
    const info = yield* currentDataset(file, address);
    if (info.layout.class !== "chunked")
      throw new FormatError("has chunks to be stored, and no chunks", { structure: "Data layout", address });
    const grid = chunkGrid(file, info, info.layout);
    const places = yield* locateChunks(file, grid, numbers, numbers.length);
    const decoded = Array.from(numbers, (number) => file.chunkCache.changed(address, number)!);
    yield* storeChunks(file, grid, { count: numbers.length, numbers, places }, decoded);
    numbers.forEach((number, i) => {
      file.chunkCache.settle(address, number);
      if (grid.filtered) file.chunkCache.set(address, number, decoded[i]);
    });
  }
}
