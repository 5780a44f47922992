/** Chunks without an index while they are edited: they stand in one block, whose address is all that can change. */
import { asAddress } from "../../bytes/address.ts";
import { numberingOf } from "../../engine/chunk-index/numbering.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import type { EditorFile } from "../editor-file.ts";
import { freeRaw } from "../raw-space.ts";
import type { EditedIndex } from "./edited-index.ts";

export const implicit: EditedIndex = {
  *set(_file, grid, { count, numbers, places }): Generator<never, ChunkIndexing | undefined> {
    const { address } = grid.layout.index;
    const { toIndex } = numberingOf(grid);
    for (let i = 0; i < count; i++) {
      const at = places.addresses[i];
      // Chunks that are taken out keep their place: it serves when the extent grows again.
      if (at !== ABSENT && (address === null || at !== address + toIndex(numbers[i]) * grid.bytes))
        throw new RangeError("chunks without an index cannot be moved");
    }
    return undefined;
  },
  *free(file, grid) {
    const { address } = grid.layout.index;
    if (address === null) return;
    freeRaw(file, address, implicitBytes(grid));
  },
};

/** Bytes of all chunks that there may be. */
export const implicitBytes = (grid: ChunkGrid): number => grid.maxCounts.reduce((all, n) => all * n, grid.bytes);

/** Space for all chunks. */
export function allocateImplicit(file: EditorFile, grid: ChunkGrid): ChunkIndexing {
  return { kind: "implicit", address: asAddress(file.allocator.allocate(implicitBytes(grid), "raw")) };
}
