/** Elements of fixed and extensible arrays while they are edited: copies that are put when all are changed. */

import type { Sizes } from "../../bytes/address.ts";
import type { ChunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import {
  ABSENT,
  type ChunkElements,
  chunkSizeWidth,
  type ElementForm,
} from "../../format/chunk-element/chunk-elements.ts";

/** How the elements of a dataset's array are stored. */
export function elementForm(grid: ChunkGrid, sizes: Sizes): ElementForm {
  if (!grid.filtered) return { client: 0, elementSize: sizes.offsets };
  const width = chunkSizeWidth(grid.layout.version ?? 4, grid.bytes, sizes);
  return { client: 1, elementSize: sizes.offsets + width + 4 };
}

/** Elements without a chunk. */
export function emptyElements({ client }: ElementForm, count: number): ChunkElements {
  const addresses = new Float64Array(count).fill(ABSENT);
  return client === 0 ? { addresses } : { addresses, sizes: new Float64Array(count), masks: new Uint32Array(count) };
}

export function copiedElements({ addresses, sizes, masks }: ChunkElements): ChunkElements {
  return sizes === undefined
    ? { addresses: addresses.slice() }
    : { addresses: addresses.slice(), sizes: sizes.slice(), masks: masks?.slice() };
}

/** Gives element `at` the place of changed chunk `i`. */
export function setElement(elements: ChunkElements, at: number, places: ChunkPlaces, i: number): void {
  const absent = places.addresses[i] === ABSENT;
  elements.addresses[at] = places.addresses[i];
  if (elements.sizes !== undefined) elements.sizes[at] = absent ? 0 : places.sizes[i];
  if (elements.masks !== undefined) elements.masks[at] = absent ? 0 : places.masks[i];
}

/** The bitmap, whose bytes are filled from the top, with the bit of a page set. */
export function markPage(bitmap: Uint8Array, page: number): void {
  bitmap[page >> 3] |= 0x80 >> (page & 7);
}
