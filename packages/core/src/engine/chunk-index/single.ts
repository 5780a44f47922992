/** The only chunk of a dataset: the layout message itself says where it stands. */
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { ChunkIndex } from "./chunk-index.ts";

interface Place {
  readonly address: number;
  readonly size: number;
  readonly mask: number;
}

function placeOf(grid: ChunkGrid): Place {
  const index = grid.layout.index as Extract<ChunkIndexing, { kind: "single" }>;
  return {
    address: index.address ?? ABSENT,
    size: index.filtered?.size ?? grid.bytes,
    mask: index.filtered?.mask ?? 0,
  };
}

export const single: ChunkIndex = {
  *locate(_file, grid, numbers, count, places) {
    const place = placeOf(grid);
    for (let i = 0; i < count; i++) {
      places.addresses[i] = numbers[i] === 0 ? place.address : ABSENT;
      places.sizes[i] = place.size;
      places.masks[i] = place.mask;
    }
  },
  *list(_file, grid, list) {
    const place = placeOf(grid);
    if (place.address !== ABSENT && grid.total > 0) list.add(0, place.address, place.size, place.mask);
  },
};
