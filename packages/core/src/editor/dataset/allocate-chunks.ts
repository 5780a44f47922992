/** Chunks that are stored before anything is written to them: those of datasets whose space is allocated early. */
import type { DatasetInfo } from "../../contract.ts";
import { chunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import { chunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import { allocateImplicit, implicitBytes } from "../chunk-index/implicit.ts";
import type { EditorFile } from "../editor-file.ts";
import { freeRaw } from "../raw-space.ts";
import { locateChunks, storeChunks } from "./chunk-store.ts";
import { currentDataset, putLayout } from "./current-dataset.ts";
import { filledBytes, fillSpace } from "./fill-elements.ts";
import { BATCH } from "./flush-chunks.ts";

/** Stores all chunks of the extent that are not stored yet, with the fill value. */
export function* allocateChunks(file: EditorFile, { address }: DatasetInfo): Steps<void> {
  const info = yield* currentDataset(file, address);
  const layout = info.layout as ChunkedLayout;
  const grid = chunkGrid(file, info, layout);
  if (grid.total === 0) return;
  if (layout.index.kind === "implicit") {
    if (layout.index.address === null) yield* allocateAll(file, info, layout);
    return;
  }
  const room = Math.max(1, Math.min(grid.total, 65_536, Math.floor(BATCH / grid.bytes)));
  const filled = filledBytes(info, grid.elements);
  for (let first = 0; first < grid.total; first += room) yield* allocateSome(file, info, first, room, filled);
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

/** Chunks `[first, first + room)`. */
function* allocateSome(
  file: EditorFile,
  { address }: DatasetInfo,
  first: number,
  room: number,
  filled: Uint8Array,
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
  yield* storeChunks(
    file,
    grid,
    chunks,
    Array.from(numbers, () => filled),
  );
}
