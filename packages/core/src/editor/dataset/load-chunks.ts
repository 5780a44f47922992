/** Chunks brought into memory to be changed there: decoded, or made of the fill value. */
import type { ChunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { FilteredChunks } from "../../engine/dataset/filtered-chunks.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { isFiltered } from "./chunk-store.ts";
import { FillPattern } from "./fill-elements.ts";
import { readInto } from "./write-contiguous.ts";

/** Chunks that are loaded in one go. */
export interface ChunksToLoad {
  readonly numbers: Float64Array;
  readonly places: ChunkPlaces;
  /** Positions in both of the chunks that are wanted. */
  readonly chosen: readonly number[];
}

/** Has the decoded bytes of each chosen chunk wait in the cache, to be changed. */
export function* loadChunks(file: EditorFile, grid: ChunkGrid, { numbers, places, chosen }: ChunksToLoad): Steps<void> {
  const { address } = grid.info;
  const { chunkCache } = file;
  const pattern = yield* FillPattern.load(file, grid.info);
  const filtered: number[] = [];
  for (const i of chosen) {
    const cached = chunkCache.get(address, numbers[i]);
    if (chunkCache.changed(address, numbers[i]) !== undefined) continue;
    if (cached !== undefined) chunkCache.change(address, numbers[i], cached.slice());
    else if (places.addresses[i] === ABSENT) chunkCache.change(address, numbers[i], pattern.filled(grid.elements));
    else if (isFiltered(grid, numbers[i])) filtered.push(i);
    else {
      const bytes = new Uint8Array(grid.bytes);
      yield* readInto(file, places.addresses[i], bytes);
      chunkCache.change(address, numbers[i], bytes);
    }
  }
  if (filtered.length > 0) yield* loadFiltered(file, grid, { numbers, places, chosen: filtered }, pattern);
}

function* loadFiltered(
  file: EditorFile,
  grid: ChunkGrid,
  { numbers, places, chosen }: ChunksToLoad,
  pattern: FillPattern,
): Steps<void> {
  let decoded: Uint8Array = new Uint8Array(0);
  const chunks = new FilteredChunks(file, grid, numbers, places, {
    sink: { source: (bytes) => void (decoded = bytes), nest: () => {} },
    visit: (i) => {
      // Some writers leave out what lies behind the edge of the extent.
      const bytes = decoded.length < grid.bytes ? pattern.filled(grid.elements) : new Uint8Array(grid.bytes);
      bytes.set(decoded);
      file.chunkCache.change(grid.info.address, numbers[i], bytes);
    },
    whole: () => false,
  });
  yield* chunks.read(chosen);
}
