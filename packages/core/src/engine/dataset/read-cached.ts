/**
 * Small reads of chunks that are all in the cache: no steps, no request, nothing made that the read does not need. A
 * program that walks about in a compressed dataset reads so most of the time.
 */
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Sink } from "../../data/sink.ts";
import type { EngineFile } from "../file.ts";
import { withinLimit } from "../limits.ts";
import { chunkGrid } from "./chunk-grid.ts";
import { chunkPlan } from "./chunk-plan.ts";
import { copierFor } from "./copy-elements.ts";

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
  const plan = chunkPlan(selection, grid);
  const count = plan.next(numbers);
  if (count > FEW) return undefined;
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = file.chunkCache.get(info.address, numbers[i]);
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
