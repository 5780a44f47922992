/** Reading of chunked datasets: window by window, chunks are found, then read, decoded and placed together. */
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Sink } from "../../data/sink.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import { type ChunkPlaces, chunkPlaces } from "../chunk-index/chunk-index.ts";
import { CHUNK_INDEXES } from "../chunk-index/indexes.ts";
import type { EngineFile } from "../file.ts";
import { type ChunkGrid, chunkGrid, isEdgeChunk } from "./chunk-grid.ts";
import { chunkPlan } from "./chunk-plan.ts";
import { type Copier, copierFor, Filler } from "./copy-elements.ts";
import { FilteredChunks } from "./filtered-chunks.ts";
import { isRun, type Loops, type NestVisitor } from "./loops.ts";
import type { ChunkPlan } from "./plan.ts";
import { SpanReader } from "./span-reader.ts";

/** Chunks of one window at most: their places take 28 bytes each. */
const WINDOW = 16_384;

export function* readChunked(
  file: EngineFile,
  info: DatasetInfo,
  layout: ChunkedLayout,
  selection: Selection,
  sink: Sink,
): Steps<void> {
  const grid = chunkGrid(file, info, layout);
  if (layout.index.address === null && !file.chunkCache.has(info.address)) {
    sink.fill(0, selection.count);
    return;
  }
  const reading = new ChunkedReading(file, grid, chunkPlan(selection, grid), sink);
  while (!reading.done) yield* reading.read();
}

class ChunkedReading {
  private readonly file: EngineFile;
  private readonly grid: ChunkGrid;
  private readonly plan: ChunkPlan;
  private readonly sink: Sink;
  private readonly copier: Copier;
  private readonly filler: Filler;
  /** Chunks of the window, and which of them are wanted from the file: those that the cache lacks. */
  private numbers: Float64Array = new Float64Array(0);
  private wanted: Float64Array = this.numbers;
  private slots: Uint32Array | undefined;
  private places: ChunkPlaces = chunkPlaces(0);

  constructor(file: EngineFile, grid: ChunkGrid, plan: ChunkPlan, sink: Sink) {
    this.file = file;
    this.grid = grid;
    this.plan = plan;
    this.sink = sink;
    this.copier = copierFor(sink);
    this.filler = new Filler(sink);
  }

  get done(): boolean {
    return this.plan.done;
  }

  /** Reads the next window. */
  *read(): Steps<void> {
    const { file, grid } = this;
    const room = Math.min(WINDOW, this.plan.most);
    if (this.numbers.length < room) {
      this.numbers = new Float64Array(room);
      this.places = chunkPlaces(room);
    }
    const { places } = this;
    const all = this.plan.next(this.numbers);
    const count = this.fromCache(all);
    if (count === 0) return;
    yield* CHUNK_INDEXES[grid.layout.index.kind].locate(file, grid, this.wanted, count, places);
    const plain: number[] = [];
    const filtered: number[] = [];
    for (let i = 0; i < count; i++) {
      if (places.addresses[i] === ABSENT) this.plan.visit(this.slot(i), this.filler);
      else if (this.isFiltered(this.wanted[i])) filtered.push(i);
      else plain.push(i);
    }
    if (plain.length > 0) yield* this.readPlain(plain);
    if (filtered.length > 0) {
      const chunks = new FilteredChunks(file, grid, this.wanted, places, {
        sink: this.copier,
        visit: (i) => this.plan.visit(this.slot(i), this.copier),
        whole: (i) => this.plan.whole(this.slot(i)),
        target: (i) => this.target(this.slot(i)),
      });
      yield* chunks.read(filtered);
    }
  }

  /** Places what the cache holds; gives how many chunks are wanted from the file. */
  private fromCache(all: number): number {
    const { file, grid, plan, numbers, copier } = this;
    this.wanted = numbers;
    this.slots = undefined;
    const { address } = grid.info;
    if (!file.chunkCache.has(address)) return all;
    this.wanted = new Float64Array(all);
    this.slots = new Uint32Array(all);
    let count = 0;
    for (let i = 0; i < all; i++) {
      const bytes = file.chunkCache.get(address, numbers[i]);
      if (bytes !== undefined) {
        copier.source(bytes, 0);
        plan.visit(i, copier);
        continue;
      }
      this.wanted[count] = numbers[i];
      this.slots[count++] = i;
    }
    return count;
  }

  /** Position in the window of a chunk that is wanted from the file. */
  private slot(i: number): number {
    return this.slots === undefined ? i : this.slots[i];
  }

  /** Where a chunk of the window goes as a whole, if it does. */
  private target(slot: number): Uint8Array | undefined {
    const { direct, elementSize } = this.sink;
    if (direct === undefined || !this.plan.whole(slot)) return undefined;
    const run = new WholeRun(this.grid.elements);
    this.plan.visit(slot, run);
    if (run.index === undefined) return undefined;
    return direct.subarray(run.index * elementSize, (run.index + this.grid.elements) * elementSize);
  }

  private isFiltered(number: number): boolean {
    const { grid } = this;
    return grid.filtered && !(grid.layout.edgeUnfiltered && isEdgeChunk(grid, number));
  }

  /** Chunks that stand in the file as they are. */
  private *readPlain(chosen: readonly number[]): Steps<void> {
    const { file, places } = this;
    const where = { structure: "Chunks of raw data", address: this.grid.info.address };
    const spans = new SpanReader(file.storage, this.sink, where);
    for (const i of chosen) {
      spans.begin(file.base + places.addresses[i]);
      this.plan.visit(this.slot(i), spans);
      if (spans.full) yield* spans.flush();
    }
    yield* spans.flush();
  }
}

/** Where a chunk's elements go, if they stand in the result as in the chunk. */
class WholeRun implements NestVisitor {
  index: number | undefined = undefined;
  private readonly elements: number;

  constructor(elements: number) {
    this.elements = elements;
  }

  nest(_at: number, index: number, loops: Loops): void {
    if (isRun(loops) && loops.counts[0] === this.elements) this.index = index;
  }
}
