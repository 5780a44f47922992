/** Chunks without an index: all stand one after the other, in the order of the grid. */
import type { Address } from "../../bytes/address.ts";
import { FormatError } from "../../errors.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { EngineFile } from "../file.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import { numberingOf } from "./numbering.ts";

export const implicit: ChunkIndex = {
  *locate(_file, grid, numbers, count, places) {
    const { address } = grid.layout.index;
    const { toIndex } = numberingOf(grid);
    for (let i = 0; i < count; i++) {
      places.addresses[i] = address === null ? ABSENT : address + toIndex(numbers[i]) * grid.bytes;
      places.sizes[i] = grid.bytes;
      places.masks[i] = 0;
    }
  },
  *list(file, grid, list) {
    const { address } = grid.layout.index;
    if (address === null) return;
    checkRoom(file, grid, address);
    const { toIndex } = numberingOf(grid);
    for (let n = 0; n < grid.total; n++) list.add(n, address + toIndex(n) * grid.bytes, grid.bytes, 0);
  },
};

/** All chunks are stored from the start: a grid that the file has no room for is not walked. */
function checkRoom(file: EngineFile, grid: ChunkGrid, address: Address): void {
  const end = address + grid.total * grid.bytes;
  if (end > file.info.endOfFile)
    throw new FormatError("has chunks past the end of the file", {
      structure: "Implicit chunk index",
      address,
      found: end,
      allowed: `at most ${file.info.endOfFile}`,
    });
}
