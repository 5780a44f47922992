/**
 * Small reads of chunks that are all in the cache: no steps, no request, nothing made that the read does not need. A
 * program that walks about in a compressed dataset reads so most of the time.
 */
import type { DatasetInfo } from "../../contract.ts";
import type { AxesSelection, Selection } from "../../data/selection/selection.ts";
import type { Sink } from "../../data/sink.ts";
import type { EngineFile } from "../file.ts";
import { withinLimit } from "../limits.ts";
import { type ChunkGrid, chunkGrid } from "./chunk-grid.ts";
import { chunkPlan } from "./chunk-plan.ts";
import { copierFor } from "./copy-elements.ts";
import { addLoop, clearLoops, finishLoops, isRun, type Loops, makeLoops } from "./loops.ts";

/** Chunks of a read that is tried this way. */
const FEW = 16;
const numbers: Float64Array = new Float64Array(FEW + 1);

/** Reads, and says `true`; `undefined` where a chunk is missing and nothing was done. */
export function readCached(file: EngineFile, info: DatasetInfo, selection: Selection, sink: Sink): true | undefined {
  const { layout } = info;
  if (layout.class !== "chunked" || selection.kind !== "axes" || !file.chunkCache.has(info.address)) return undefined;
  const grid = chunkGrid(file, info, layout);
  if (sink.elementSize !== grid.elementSize) return undefined;
  withinLimit(file.limits, "resultBytes", selection.count * grid.elementSize, "Selection");
  if (findBox(grid, selection)) {
    const bytes = file.chunkCache.get(info.address, box.number);
    if (bytes === undefined) return undefined;
    copyBox(bytes, sink);
    return true;
  }
  return readChunks(file, grid, selection, sink);
}

/** A box of elements within one chunk. */
const box: { number: number; at: number; readonly loops: Loops } = { number: 0, at: 0, loops: makeLoops(32) };

/** Whether the selection is such a box, which is then at hand. */
function findBox(grid: ChunkGrid, { axes, count }: AxesSelection): boolean {
  if (count === 0) return false;
  let number = 0;
  let at = 0;
  let from = 1;
  let to = 1;
  clearLoops(box.loops);
  for (let d = axes.length - 1; d >= 0; d--) {
    const axis = axes[d];
    if (axis.kind !== "range" || (axis.block > 1 && axis.count > 1)) return false;
    const { start, stride, block } = axis;
    const size = axis.count * block;
    const step = block > 1 ? 1 : stride;
    const chunk = grid.chunk[d];
    const coordinate = Math.floor(start / chunk);
    const within = start - coordinate * chunk;
    if (within + (size - 1) * step >= chunk) return false;
    number += coordinate * grid.strides[d];
    at += within * from;
    addLoop(box.loops, size, step * from, to);
    from *= chunk;
    to *= size;
  }
  finishLoops(box.loops);
  box.number = number;
  box.at = at;
  return true;
}

function copyBox(bytes: Uint8Array, sink: Sink): void {
  const { at, loops } = box;
  const { direct, elementSize } = sink;
  if (direct !== undefined && isRun(loops)) {
    const from = at * elementSize;
    direct.set(bytes.subarray(from, from + loops.counts[0] * elementSize));
    return;
  }
  const copier = copierFor(sink);
  copier.source(bytes, 0);
  copier.nest(at, 0, loops);
}

function readChunks(file: EngineFile, grid: ChunkGrid, selection: Selection, sink: Sink): true | undefined {
  const plan = chunkPlan(selection, grid);
  const count = plan.next(numbers);
  if (count > FEW) return undefined;
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = file.chunkCache.get(grid.info.address, numbers[i]);
    if (bytes === undefined) return undefined;
    chunks.push(bytes);
  }
  const copier = copierFor(sink);
  for (let i = 0; i < count; i++) {
    copier.source(chunks[i], 0);
    plan.visit(i, copier);
  }
  return true;
}
