/** Writing of chunked datasets: window by window, whole chunks are stored at once, others are changed in the cache. */
import { asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Source } from "../../data/source.ts";
import { type ChunkPlaces, chunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import { type ChunkGrid, chunkGrid, isEdgeChunk } from "../../engine/dataset/chunk-grid.ts";
import { chunkPlan } from "../../engine/dataset/chunk-plan.ts";
import type { ChunkPlan } from "../../engine/dataset/plan.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { allocateChunks } from "./allocate-chunks.ts";
import { isFiltered, locateChunks, storeChunks } from "./chunk-store.ts";
import { currentDataset } from "./current-dataset.ts";
import { FillPattern } from "./fill-elements.ts";
import { fillOutside } from "./fill-outside.ts";
import { BATCH, makeRoom } from "./flush-chunks.ts";
import { loadChunks } from "./load-chunks.ts";
import { type Taker, takeInOrder, takerFor } from "./take-elements.ts";
import { SelectedRuns, writeSelected } from "./write-contiguous.ts";

/** Chunks of one window. */
const WINDOW = 16_384;

export function* writeChunked(
  file: EditorFile,
  info: DatasetInfo,
  layout: ChunkedLayout,
  selection: Selection,
  source: Source,
): Steps<void> {
  if (layout.index.kind === "implicit" && layout.index.address === null) {
    yield* allocateChunks(file, info);
    const now = yield* currentDataset(file, info.address);
    yield* writeChunked(file, now, now.layout as ChunkedLayout, selection, source);
    return;
  }
  const grid = chunkGrid(file, info, layout);
  if (writeWaiting(file, grid, selection, source)) return;
  const room = Math.max(1, Math.min(WINDOW, selection.count, Math.floor(BATCH / grid.bytes)));
  const writing = new ChunkedWriting(file, grid, selection, source, room);
  while (yield* writing.next()) yield* makeRoom(file, info.address);
}

/** Chunks of a write that is tried in the cache alone. */
const FEW = 16;
const waiting: Float64Array = new Float64Array(FEW + 1);

/**
 * Small writes to chunks that all wait in the cache already: nothing is looked up, nothing is made that is not needed.
 * Whether it was one.
 */
function writeWaiting(file: EditorFile, grid: ChunkGrid, selection: Selection, source: Source): boolean {
  const { address } = grid.info;
  const { chunkCache } = file;
  if (!chunkCache.waits(address)) return false;
  const plan = chunkPlan(selection, grid);
  const count = plan.next(waiting);
  if (count > FEW || !plan.done) return false;
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = chunkCache.changed(address, waiting[i]);
    if (bytes === undefined) return false;
    chunks.push(bytes);
  }
  const taker = takerFor(source);
  for (let i = 0; i < count; i++) {
    taker.target(chunks[i], 0);
    takeInOrder(plan, i, taker, selection);
  }
  return true;
}

class ChunkedWriting {
  private readonly file: EditorFile;
  private grid: ChunkGrid;
  private readonly selection: Selection;
  private readonly plan: ChunkPlan;
  private readonly taker: Taker;
  private readonly numbers: Float64Array;
  /** Room for whole chunks of a window. */
  private scratch: Uint8Array = new Uint8Array(0);

  constructor(file: EditorFile, grid: ChunkGrid, selection: Selection, source: Source, room: number) {
    this.file = file;
    this.grid = grid;
    this.selection = selection;
    this.plan = chunkPlan(selection, grid);
    this.taker = takerFor(source);
    this.numbers = new Float64Array(room);
  }

  /** Writes the next window; whether there was one. */
  *next(): Steps<boolean> {
    const { file, plan, numbers } = this;
    const count = plan.next(numbers);
    if (count === 0) return false;
    const places = yield* locateChunks(file, yield* this.gridNow(), numbers, count);
    const whole: number[] = [];
    const partial: number[] = [];
    for (let i = 0; i < count; i++) (plan.whole(i) && !this.willGrow(numbers[i]) ? whole : partial).push(i);
    const inPlace = new Set(partial.filter((i) => this.fitsInPlace(i, places)));
    yield* this.store(whole, places);
    for (const i of inPlace) yield* this.writeInPlace(i, places.addresses[i]);
    yield* this.change(
      partial.filter((i) => !inPlace.has(i)),
      places,
    );
    return true;
  }

  /** What was stored before may have given the dataset an index. */
  private *gridNow(): Steps<ChunkGrid> {
    const info = yield* currentDataset(this.file, this.grid.info.address);
    this.grid = chunkGrid(this.file, info, info.layout as ChunkedLayout);
    return this.grid;
  }

  /** Whether a chunk at the edge is better kept in the cache: as rows are appended, it is written to again and again. */
  private willGrow(number: number): boolean {
    const { grid, file } = this;
    if (grid.bytes > file.chunkCache.room || !isEdgeChunk(grid, number)) return false;
    return grid.info.dataspace.maxDims.some((most, d) => most > grid.dims[d]);
  }

  /**
   * Whether the selected elements of a stored chunk are better written where they stand: the chunk is not filtered, and
   * they are few, or need no journal, or the chunk has no room in the cache.
   */
  private fitsInPlace(i: number, places: ChunkPlaces): boolean {
    const { file, grid, numbers } = this;
    const at = places.addresses[i];
    if (at === ABSENT || isFiltered(grid, numbers[i])) return false;
    if (file.chunkCache.changed(grid.info.address, numbers[i]) !== undefined) return false;
    if (grid.layout.index.kind === "implicit" || file.allocator.isFresh(at, grid.bytes)) return true;
    if (grid.bytes > file.chunkCache.room) return true;
    const runs = new SelectedRuns();
    this.plan.visit(i, runs);
    return runs.elements * 4 <= grid.elements;
  }

  private *writeInPlace(i: number, address: number): Steps<void> {
    const { file, grid, plan, taker, selection } = this;
    file.chunkCache.delete(grid.info.address, this.numbers[i]);
    const runs = new SelectedRuns();
    plan.visit(i, runs);
    const take = (bytes: Uint8Array): void => {
      taker.target(bytes, -runs.first * grid.elementSize);
      takeInOrder(plan, i, taker, selection);
    };
    yield* writeSelected(file, runs, take, asAddress(address), grid.elementSize);
  }

  /** Changes chunks in the cache; no more than have room there at once. */
  private *change(chosen: readonly number[], located: ChunkPlaces): Steps<void> {
    const { file, grid, numbers, plan, taker, selection } = this;
    let places = located;
    const { address } = grid.info;
    const some = Math.max(1, Math.floor(file.chunkCache.room / grid.bytes));
    for (let from = 0; from < chosen.length; from += some) {
      if (from > 0) {
        yield* makeRoom(file, address);
        // Chunks of this window may be among those that were stored.
        places = yield* locateChunks(file, yield* this.gridNow(), numbers, places.addresses.length);
      }
      const now = chosen.slice(from, from + some);
      yield* loadChunks(file, grid, { numbers, places, chosen: now });
      for (const i of now) {
        taker.target(file.chunkCache.changed(address, numbers[i])!, 0);
        takeInOrder(plan, i, taker, selection);
      }
    }
  }

  /** Stores chunks of which every element is given. */
  private *store(chosen: readonly number[], places: ChunkPlaces): Steps<void> {
    const { file, numbers, plan, taker, selection } = this;
    if (chosen.length === 0) return;
    const { grid } = this;
    const { bytes: size, info } = grid;
    if (this.scratch.length < chosen.length * size) this.scratch = new Uint8Array(chosen.length * size);
    const pattern = yield* FillPattern.load(file, info);
    const decoded = chosen.map((i, k) => {
      const bytes = this.scratch.subarray(k * size, (k + 1) * size);
      if (isEdgeChunk(grid, numbers[i])) fillOutside(grid, grid.dims, numbers[i], bytes, pattern);
      taker.target(bytes, 0);
      takeInOrder(plan, i, taker, selection);
      return bytes;
    });
    const these = chunkPlaces(chosen.length);
    chosen.forEach((i, k) => {
      these.addresses[k] = places.addresses[i];
      these.sizes[k] = places.sizes[i];
      these.masks[k] = places.masks[i];
    });
    const wanted = Float64Array.from(chosen, (i) => numbers[i]);
    yield* storeChunks(file, grid, { count: chosen.length, numbers: wanted, places: these }, decoded);
    for (const number of wanted) {
      file.chunkCache.settle(info.address, number);
      file.chunkCache.delete(info.address, number);
    }
  }
}
