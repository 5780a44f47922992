/** The plan of runs of elements (masks, points): runs are cut at the borders of chunks and sorted by chunk, a window at a time. */
import type { RunsSelection } from "../../data/selection/selection.ts";
import { rowMajorStrides } from "./chunk-grid.ts";
import { makeLoops, type NestVisitor } from "./loops.ts";
import type { ChunkPlan, PlanGrid } from "./plan.ts";

/** Pieces of one window: chunks that several windows touch are decoded again, or come from the cache. */
const WINDOW = 1 << 18;

export class RunsPlan implements ChunkPlan {
  private readonly runs: RunsSelection;
  private readonly grid: PlanGrid;
  private readonly dimStrides: number[];
  private readonly chunkStrides: number[];
  /** The last axis that chunks cut: behind it rows follow each other in a chunk as in the dataset. */
  private readonly lastCut: number;
  /** Next run, and elements of it that are cut already. */
  private run = 0;
  private within = 0;
  /** Elements of the result that are cut already. */
  private index = 0;
  /** Pieces of the window: place in the order of chunks (number times elements of a chunk, and the element), result index, length. */
  private places: Float64Array = new Float64Array(0);
  private indices: Float64Array = new Float64Array(0);
  private lengths: Float64Array = new Float64Array(0);
  private count = 0;
  private order: Uint32Array | undefined;
  /** First piece of the next chunk that {@link next} gives out. */
  private given = 0;
  /** Pieces of the chunks given out: `[firsts[i], firsts[i + 1])`. */
  private firsts: Float64Array = new Float64Array(0);
  private readonly loops = makeLoops(1);

  constructor(runs: RunsSelection, grid: PlanGrid) {
    this.runs = runs;
    this.grid = grid;
    this.dimStrides = rowMajorStrides(grid.dims);
    this.chunkStrides = rowMajorStrides(grid.chunk);
    let lastCut = grid.dims.length - 1;
    while (lastCut > 0 && grid.chunk[lastCut] === grid.dims[lastCut]) lastCut--;
    this.lastCut = lastCut;
  }

  get most(): number {
    return this.runs.count;
  }

  get done(): boolean {
    return this.given === this.count && this.run >= this.runs.starts.length;
  }

  next(numbers: Float64Array): number {
    if (this.given === this.count) this.cut();
    if (this.firsts.length <= numbers.length) this.firsts = new Float64Array(numbers.length + 1);
    const { elements } = this.grid;
    let found = 0;
    let last = -1;
    while (this.given < this.count) {
      const number = Math.floor(this.places[this.piece(this.given)] / elements);
      if (number !== last) {
        if (found === numbers.length) break;
        this.firsts[found] = this.given;
        numbers[found++] = number;
        last = number;
      }
      this.given++;
    }
    this.firsts[found] = this.given;
    return found;
  }

  visit(i: number, visitor: NestVisitor): void {
    const { elements } = this.grid;
    for (let j = this.firsts[i]; j < this.firsts[i + 1]; j++) {
      const piece = this.piece(j);
      this.loops.counts[0] = this.lengths[piece];
      visitor.nest(this.places[piece] % elements, this.indices[piece], this.loops);
    }
  }

  whole(): boolean {
    return false;
  }

  private piece(j: number): number {
    return this.order === undefined ? j : this.order[j];
  }

  /** Cuts runs until the window is full. */
  private cut(): void {
    if (this.places.length === 0) {
      const room = this.room();
      this.places = new Float64Array(room);
      this.indices = new Float64Array(room);
      this.lengths = new Float64Array(room);
    }
    const { starts, lengths } = this.runs;
    this.count = 0;
    this.given = 0;
    let sorted = true;
    while (this.count < this.places.length && this.run < starts.length) {
      const left = lengths[this.run] - this.within;
      if (left <= 0) {
        this.run++;
        this.within = 0;
        continue;
      }
      const taken = this.cutOne(starts[this.run] + this.within, left);
      if (this.count > 1 && this.places[this.count - 2] > this.places[this.count - 1]) sorted = false;
      this.within += taken;
      this.index += taken;
    }
    this.order = sorted ? undefined : this.sorted();
  }

  /** As much room as could be needed, up to the window. */
  private room(): number {
    return Math.max(1, Math.min(WINDOW, this.runs.count));
  }

  /** The piece that begins at an element, as far as elements follow each other in its chunk; gives its length. */
  private cutOne(element: number, most: number): number {
    const { dims, chunk, strides, elements } = this.grid;
    const rank = dims.length;
    let rest = element;
    let number = 0;
    let inChunkOrder = 0;
    let row = 1;
    const { lastCut } = this;
    for (let d = 0; d < rank; d++) {
      const coordinate = Math.floor(rest / this.dimStrides[d]);
      rest -= coordinate * this.dimStrides[d];
      const c = Math.floor(coordinate / chunk[d]);
      const inChunk = coordinate - c * chunk[d];
      number += c * strides[d];
      inChunkOrder += inChunk * this.chunkStrides[d];
      if (d === lastCut) row = Math.min(chunk[d] - inChunk, dims[d] - coordinate) * this.dimStrides[d] - rest;
    }
    const length = Math.min(most, row);
    this.places[this.count] = number * elements + inChunkOrder;
    this.indices[this.count] = this.index;
    this.lengths[this.count++] = length;
    return length;
  }

  private sorted(): Uint32Array {
    const { places } = this;
    const order = Uint32Array.from({ length: this.count }, (_, i) => i);
    return order.sort((a, b) => places[a] - places[b] || a - b);
  }
}
