/** A chunk stored as it is given: already filtered. */
import type { DatasetInfo } from "../../contract.ts";
import { chunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { numberOfChunk } from "../../engine/dataset/chunk-listing.ts";
import { ShapeError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { allocateChunks } from "./allocate-chunks.ts";
import { isFiltered, locateChunks, storeEncoded } from "./chunk-store.ts";
import { currentDataset } from "./current-dataset.ts";

/**
 * `stored` has been through the filters that `filterMask` does not name. SelectionError where no chunk begins at `offset`;
 * ShapeError where bytes that no filter has changed are not those of a chunk.
 */
export function* writeStoredChunk(
  file: EditorFile,
  { address }: DatasetInfo,
  offset: readonly number[],
  filterMask: number,
  stored: Uint8Array,
): Steps<void> {
  let info = yield* currentDataset(file, address);
  if (info.layout.class === "chunked" && info.layout.index.kind === "implicit" && info.layout.index.address === null) {
    yield* allocateChunks(file, info);
    info = yield* currentDataset(file, address);
  }
  if (info.layout.class !== "chunked")
    throw new UnsupportedError("has no chunks", { structure: "Data layout", address, found: info.layout.class });
  const grid = chunkGrid(file, info, info.layout);
  const numbers = Float64Array.of(numberOfChunk(grid, offset));
  const count = info.pipeline.filters.length;
  const every = 2 ** count - 1;
  const plain = !isFiltered(grid, numbers[0]) || filterMask === every;
  if (stored.length === 0 || (plain && stored.length !== grid.bytes))
    throw new ShapeError("has a chunk of another size than its dataset", {
      found: `${stored.length} bytes`,
      allowed: plain ? String(grid.bytes) : "at least 1",
    });
  if (!(filterMask >= 0 && filterMask <= every))
    throw new UnsupportedError("has no filters that the mask names", { found: filterMask, allowed: `0 to ${every}` });
  const places = yield* locateChunks(file, grid, numbers, 1);
  yield* storeEncoded(file, grid, { count: 1, numbers, places }, [{ stored, mask: filterMask }]);
  file.chunkCache.settle(address, numbers[0]);
  file.chunkCache.delete(address, numbers[0]);
}
