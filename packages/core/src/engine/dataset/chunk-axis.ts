/** One axis of a selection, cut at the borders of chunks. */
import type { AxisSelection, ListAxis, RangeAxis } from "../../data/selection/selection.ts";

/**
 * Which chunk coordinates a selection touches along an axis, in ascending order, and for each which elements go where:
 * pieces of `length` elements, the first `from` elements into the chunk, each `stride` after the one before, to `to` and
 * those that follow in the result.
 */
export interface ChunkAxis {
  /** Chunk coordinates touched. */
  readonly touched: number;
  /** Elements of the result along this axis. */
  readonly size: number;
  readonly stride: number;
  /** The piece at hand. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** The pieces of the coordinate loaded last: `[first, end)`. */
  readonly first: number;
  readonly end: number;
  /** Chunk coordinate number `p` of those touched. */
  coordinate(p: number): number;
  /** Loads the pieces of number `p`; the first is at hand then. */
  load(p: number): void;
  /** Has piece `i` of those loaded at hand. */
  pick(i: number): void;
}

/** `chunk`: elements of a chunk along the axis. */
export function chunkAxis(axis: AxisSelection, chunk: number): ChunkAxis {
  if (axis.kind === "list") return listAxis(axis, chunk);
  const { start, count, stride, block } = axis;
  if (count <= 1 || stride === block) return new RangePieces(start, count * block, 1, chunk);
  return block === 1 ? new RangePieces(start, count, stride, chunk) : blockAxis(axis, chunk);
}

/** Elements at equal distances: all by arithmetic, whatever their number. */
class RangePieces implements ChunkAxis {
  readonly touched: number;
  readonly size: number;
  readonly stride: number;
  from = 0;
  to = 0;
  length = 0;
  readonly first = 0;
  readonly end = 1;
  private readonly start: number;
  private readonly chunk: number;
  private readonly firstChunk: number;

  constructor(start: number, size: number, stride: number, chunk: number) {
    this.start = start;
    this.size = size;
    this.stride = stride;
    this.chunk = chunk;
    this.firstChunk = Math.floor(start / chunk);
    if (size === 0) this.touched = 0;
    else if (stride > chunk) this.touched = size;
    else this.touched = Math.floor((start + (size - 1) * stride) / chunk) - this.firstChunk + 1;
  }

  coordinate(p: number): number {
    return this.stride > this.chunk ? Math.floor((this.start + p * this.stride) / this.chunk) : this.firstChunk + p;
  }

  load(p: number): void {
    const { start, stride, chunk, size } = this;
    if (stride > chunk) {
      this.from = (start + p * stride) % chunk;
      this.to = p;
      this.length = 1;
      return;
    }
    const begin = (this.firstChunk + p) * chunk - start;
    const first = begin <= 0 ? 0 : stride === 1 ? begin : Math.ceil(begin / stride);
    const beyond = begin + chunk;
    const end = stride === 1 ? beyond : Math.ceil(beyond / stride);
    this.from = first * stride - begin;
    this.to = first;
    this.length = Math.min(end, size) - first;
  }

  pick(): void {}
}

/** Pieces in arrays, those of chunk coordinate `coordinates[p]` at `[firsts[p], firsts[p + 1])`. */
class ListPieces implements ChunkAxis {
  readonly stride = 1;
  readonly size: number;
  readonly touched: number;
  from = 0;
  to = 0;
  length = 0;
  first = 0;
  end = 0;
  private readonly froms: Float64Array;
  private readonly tos: Float64Array;
  private readonly lengths: Float64Array;
  private readonly coordinates: Float64Array;
  private readonly firsts: Float64Array;

  constructor(size: number, pieces: PieceList) {
    this.size = size;
    this.froms = pieces.froms.subarray(0, pieces.count);
    this.tos = pieces.tos.subarray(0, pieces.count);
    this.lengths = pieces.lengths.subarray(0, pieces.count);
    this.coordinates = new Float64Array(pieces.count);
    this.firsts = new Float64Array(pieces.count + 1);
    let touched = 0;
    for (let i = 0; i < pieces.count; i++) {
      if (touched > 0 && this.coordinates[touched - 1] === pieces.chunks[i]) continue;
      this.coordinates[touched] = pieces.chunks[i];
      this.firsts[touched++] = i;
    }
    this.firsts[touched] = pieces.count;
    this.touched = touched;
  }

  coordinate(p: number): number {
    return this.coordinates[p];
  }

  load(p: number): void {
    this.first = this.firsts[p];
    this.end = this.firsts[p + 1];
    this.pick(this.first);
  }

  pick(i: number): void {
    this.from = this.froms[i];
    this.to = this.tos[i];
    this.length = this.lengths[i];
  }
}

/** Collects pieces in ascending order of their place; what goes on where the last one ends becomes one with it. */
class PieceList {
  count = 0;
  readonly chunks: Float64Array;
  readonly froms: Float64Array;
  readonly tos: Float64Array;
  readonly lengths: Float64Array;
  private readonly chunk: number;

  constructor(room: number, chunk: number) {
    this.chunks = new Float64Array(room);
    this.froms = new Float64Array(room);
    this.tos = new Float64Array(room);
    this.lengths = new Float64Array(room);
    this.chunk = chunk;
  }

  add(index: number, to: number, length: number): void {
    const chunk = Math.floor(index / this.chunk);
    const from = index - chunk * this.chunk;
    const last = this.count - 1;
    if (
      last >= 0 &&
      this.chunks[last] === chunk &&
      this.froms[last] + this.lengths[last] === from &&
      this.tos[last] + this.lengths[last] === to
    ) {
      this.lengths[last] += length;
      return;
    }
    this.chunks[this.count] = chunk;
    this.froms[this.count] = from;
    this.tos[this.count] = to;
    this.lengths[this.count++] = length;
  }
}

/** An index list, in any order, with repetitions. */
function listAxis({ indices }: ListAxis, chunk: number): ChunkAxis {
  const count = indices.length;
  const pieces = new PieceList(count, chunk);
  let ascending = true;
  for (let i = 1; i < count && ascending; i++) ascending = indices[i - 1] <= indices[i];
  if (ascending) {
    for (let i = 0; i < count; i++) pieces.add(indices[i], i, 1);
  } else {
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => indices[a] - indices[b] || a - b);
    for (const i of order) pieces.add(indices[i], i, 1);
  }
  return new ListPieces(count, pieces);
}

/** Blocks of several elements with gaps between them. */
function blockAxis({ start, count, stride, block }: RangeAxis, chunk: number): ChunkAxis {
  const pieces = new PieceList(count * (Math.ceil((block - 1) / chunk) + 1), chunk);
  for (let i = 0; i < count; i++) {
    const end = start + i * stride + block;
    for (let at = end - block; at < end; ) {
      const stop = Math.min(end, (Math.floor(at / chunk) + 1) * chunk);
      pieces.add(at, i * block + at - (end - block), stop - at);
      at = stop;
    }
  }
  return new ListPieces(count * block, pieces);
}
