/** Chunks that are stored before anything is written to them: those of datasets whose space is allocated early. */
import { asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import { chunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import { type ChunkGrid, chunkCoordinates, chunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import { allocateImplicit, implicitBytes } from "../chunk-index/implicit.ts";
import type { EditorFile } from "../editor-file.ts";
import { freeRaw } from "../raw-space.ts";
import { locateChunks, storeChunks } from "./chunk-store.ts";
import { currentDataset, putLayout } from "./current-dataset.ts";
import { FillPattern, fillSpace } from "./fill-elements.ts";
import { BATCH } from "./flush-chunks.ts";

/**
 * Stores all chunks of the extent that are not stored yet, with the fill value. `before`: the extent that there was.
 */
export function* allocateChunks(
  file: EditorFile,
  { address }: DatasetInfo,
  before: readonly number[] = [],
): Steps<void> {
  const info = yield* currentDataset(file, address);
  const layout = info.layout as ChunkedLayout;
  const grid = chunkGrid(file, info, layout);
  if (grid.total === 0) return;
  if (layout.index.kind === "implicit") {
    if (layout.index.address === null) yield* allocateAll(file, info, layout);
    else yield* fillNew(file, grid, before);
    return;
  }
  const room = Math.max(1, Math.min(grid.total, 65_536, Math.floor(BATCH / grid.bytes)));
  const pattern = yield* FillPattern.load(file, info);
  for (let first = 0; first < grid.total; first += room) yield* allocateSome(file, info, first, room, pattern);
}

function* allocateAll(file: EditorFile, info: DatasetInfo, layout: ChunkedLayout): Steps<void> {
  const grid = chunkGrid(file, info, layout);
  const index = allocateImplicit(file, grid);
  try {
    yield* fillSpace(file, info, index.address!, implicitBytes(grid));
    yield* putLayout(file, info.address, { ...layout, index });
  } catch (error) {
    freeRaw(file, index.address!, implicitBytes(grid));
    throw error;
  }
}

/** Chunks without an index that were outside of the extent may hold what they held when it was larger. */
function* fillNew(file: EditorFile, grid: ChunkGrid, before: readonly number[]): Steps<void> {
  const pattern = yield* FillPattern.load(file, grid.info);
  for (let number = 0; number < grid.total; number++) {
    const coordinates = chunkCoordinates(grid, number);
    if (coordinates.every((c, d) => c * grid.chunk[d] < before[d])) continue;
    const { addresses } = yield* locateChunks(file, grid, Float64Array.of(number), 1);
    yield* file.raw.write(asAddress(addresses[0]), pattern.filled(grid.elements));
  }
}

/** Chunks `[first, first + room)`. */
function* allocateSome(
  file: EditorFile,
  { address }: DatasetInfo,
  first: number,
  room: number,
  pattern: FillPattern,
): Steps<void> {
  const info = yield* currentDataset(file, address);
  const grid = chunkGrid(file, info, info.layout as ChunkedLayout);
  const count = Math.min(room, grid.total - first);
  const all = Float64Array.from({ length: count }, (_, i) => first + i);
  const places = yield* locateChunks(file, grid, all, count);
  const waiting = (number: number): boolean => file.chunkCache.changed(address, number) !== undefined;
  const numbers = all.filter((number, i) => places.addresses[i] === ABSENT && !waiting(number));
  const nowhere = chunkPlaces(numbers.length);
  nowhere.addresses.fill(ABSENT);
  const chunks = { count: numbers.length, numbers, places: nowhere };
  const once = pattern.filled(grid.elements);
  const filled = Array.from(numbers, (_, i) =>
    i === 0 || pattern.isRepeatable ? once : pattern.filled(grid.elements),
  );
  yield* storeChunks(file, grid, chunks, filled);
}
