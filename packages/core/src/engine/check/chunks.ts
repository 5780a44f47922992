/** Checks the chunks of a dataset: their index, where they stand, and what is in them where that can be told. */
import type { DatasetInfo } from "../../contract.ts";
import { isH5Error } from "../../errors.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ChunkList } from "../chunk-index/chunk-list.ts";
import { bytesInExtent, type ChunkGrid, chunkGrid, chunkOffset, isEdgeChunk } from "../dataset/chunk-grid.ts";
import { openPipeline, type Pipeline } from "../dataset/pipeline.ts";
import { withinLimit } from "../limits.ts";
import type { Checker } from "./checker.ts";
import { checkChunkBtreeV1 } from "./chunk-btree-v1.ts";
import { checkChunkBtreeV2 } from "./chunk-btree-v2.ts";

import { HeapElements } from "./element-references.ts";
import { checkExtensibleArray } from "./extensible-array.ts";
import { checkFixedArray } from "./fixed-array.ts";
import { CHUNK, FoundChunks } from "./found-chunks.ts";
import { rawBytes } from "./raw-bytes.ts";

const FLETCHER32 = 3;

export function* checkChunks(check: Checker, info: DatasetInfo, layout: ChunkedLayout): Steps<void> {
  if (layout.index.address === null) return;
  const grid = chunkGrid(check.file, info, layout);
  const found = new FoundChunks(check, grid);
  yield* check.guard(checkIndex(check, found));
  if (found.outside > 0) check.notes.push(`${check.path}: ${found.outside} chunks outside the extent`);
  yield* checkContents(check, found);
}

function* checkIndex(check: Checker, found: FoundChunks): Steps<void> {
  const { layout, filtered, bytes, maxCounts } = found.grid;
  const { index } = layout;
  switch (index.kind) {
    case "btree-v1":
      return yield* checkChunkBtreeV1(check, found);
    case "btree-v2":
      return yield* checkChunkBtreeV2(check, found);
    case "fixed-array":
      return yield* checkFixedArray(check, found);
    case "extensible-array":
      return yield* checkExtensibleArray(check, found);
    case "single":
      return found.add(
        found.grid.total > 0 ? 0 : -1,
        index.address!,
        index.filtered?.size ?? bytes,
        index.filtered?.mask ?? 0,
      );
    case "implicit": {
      if (filtered) check.fault("has filters and no index of chunks", { structure: "Data layout message" });
      const total = maxCounts.reduce((all, n) => all * n, 1);
      check.counts.chunks += total;
      check.uses(index.address!, total * bytes, CHUNK);
    }
  }
}

/** Undoes the filters of chunks that say whether they are whole, or that refer to heap objects. */
function* checkContents(check: Checker, { grid, list }: FoundChunks): Steps<void> {
  const { file, options } = check;
  const { filters } = grid.info.pipeline;
  const elements = new HeapElements(check, grid.info.datatype);
  const wanted = elements.any || options.data === true || filters.some(({ id }) => id === FLETCHER32);
  if (!wanted || list.count === 0) return;
  const pipeline = yield* openPipeline(file, grid.info.pipeline, { structure: CHUNK });
  for (const i of list.order()) {
    const structure = `${CHUNK} at [${chunkOffset(grid, list.numbers[i]).join(", ")}]`;
    withinLimit(file.limits, "chunkBytes", list.sizes[i], structure);
    const stored = yield* rawBytes(check, list.addresses[i], list.sizes[i]);
    // One that runs past the end of the file is out of bounds, which is told elsewhere.
    if (stored.length < list.sizes[i]) continue;
    const bytes = decoded(check, grid, list, i, { pipeline, stored, structure });
    if (bytes === undefined) continue;
    elements.put(bytes);
    yield* check.guard(elements.follow());
  }
}

interface StoredChunk {
  readonly pipeline: Pipeline;
  readonly stored: Uint8Array;
  readonly structure: string;
}

/** A chunk's bytes before its filters; where they cannot be had, that is told. */
function decoded(
  check: Checker,
  grid: ChunkGrid,
  list: ChunkList,
  i: number,
  { pipeline, stored, structure }: StoredChunk,
): Uint8Array | undefined {
  const number = list.numbers[i];
  if (!grid.filtered || (grid.layout.edgeUnfiltered && isEdgeChunk(grid, number))) return stored;
  const what = { structure, address: list.addresses[i] };
  try {
    const size = { length: grid.bytes, least: () => bytesInExtent(grid, number) };
    return pipeline.decode(stored, list.masks[i], size, () => what);
  } catch (error) {
    // A chunk that a filter refuses is damaged; unless the filter is not there.
    const missing = grid.info.pipeline.filters.some(({ id }) => check.file.filters.get(id) === undefined);
    if (missing || !isH5Error(error, "FilterError")) check.failed(error);
    else check.fault(error.reason, { ...what, found: error.found, allowed: error.allowed });
    return undefined;
  }
}
