/**
 * Data segment of a local heap (HDF5 File Format Specification, section III.D): texts, and a list of free blocks between
 * them. Pointed at by the local heap's header. Readers take single texts out of it; editors have it whole.
 */

import { Decoder } from "../../bytes/decoder.ts";
import { Encoder } from "../../bytes/encoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";
import { localHeapFreeBlock } from "./local-heap.ts";

/** Ends the list of free blocks. */
export const NO_FREE_BLOCK = 1;
/** Texts begin at multiples of this. */
export const HEAP_ALIGNMENT = 8;

export interface FreeText {
  readonly offset: number;
  readonly size: number;
}

export interface LocalHeapData {
  readonly bytes: Uint8Array;
  /** In ascending order, apart from each other. */
  readonly free: readonly FreeText[];
}

export interface LocalHeapDataContext {
  readonly size: number;
  /** Offset of the first free block. */
  readonly freeList: number;
}

/** Writes the segment: the free blocks are chained by offset. */
export function writeLocalHeapData(f: Fields, { bytes, free }: LocalHeapData): void {
  const image = bytes.slice();
  free.forEach(({ offset, size }, i) => {
    const to = new Encoder(f.sizes, 16);
    localHeapFreeBlock(to, { next: free[i + 1]?.offset ?? NO_FREE_BLOCK, size });
    image.set(to.finish(), offset);
  });
  f.bytes(image, image.length);
}

/** Blocks of the list; one that leaves the segment, or is met twice, is a FormatError. */
function freeBlocks(from: Decoder, { size, freeList }: LocalHeapDataContext): FreeText[] {
  const blocks: FreeText[] = [];
  const seen = new Set<number>();
  for (let offset = freeList; offset !== NO_FREE_BLOCK; ) {
    if (!(offset < size) || seen.has(offset))
      from.fail("has a broken list of free blocks", offset, `below ${size}, each once`);
    seen.add(offset);
    from.seek(offset);
    const block = localHeapFreeBlock(from);
    if (block.size > size - offset)
      from.fail("has a free block that leaves it", block.size, `at most ${size - offset}`);
    blocks.push({ offset, size: block.size });
    offset = block.next;
  }
  return blocks.sort((a, b) => a.offset - b.offset);
}

export const LOCAL_HEAP_DATA: Structure<LocalHeapData, LocalHeapDataContext> = {
  title: "Local heap data segment",
  guess: ({ size }) => size,
  extent: (_, { size }) => size,
  decode: (from, context) => {
    const bytes = from.bytes(undefined, context.size).slice();
    return { bytes, free: freeBlocks(new Decoder(bytes, from.sizes, "Local heap data segment", from.base), context) };
  },
};
