/** What fixed and extensible arrays share: wanted chunks are first sorted by the block that holds them, then blocks are read together. */
import type { Address } from "../../bytes/address.ts";
import { FormatError } from "../../errors.ts";
import { ABSENT, type ChunkElements } from "../../format/chunk-element/chunk-elements.ts";
import type { Structure } from "../../format/structure.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { EngineFile } from "../file.ts";
import type { ChunkPlaces } from "./chunk-index.ts";
import type { ChunkList } from "./chunk-list.ts";
import { GROUP, loadStructures } from "./load.ts";
import type { Numbering } from "./numbering.ts";

/** A block of elements in the file. */
export interface StoredBlock<C> {
  readonly address: Address;
  readonly context: C;
}

/** How such blocks are read. */
export interface BlockKind<T, C> {
  readonly structure: Structure<T, C>;
  elements(block: T, address: Address): ChunkElements;
}

/** A page's bit in a bitmap whose bytes are filled from the top. */
export const isPageWritten = (bitmap: Uint8Array, page: number): boolean =>
  (bitmap[page >> 3] & (0x80 >> (page & 7))) !== 0;

/** A block must name the header that led to it. */
export function checkBlock(structure: string, address: Address, found: Address | null, allowed: Address): void {
  if (found === allowed) return;
  throw new FormatError("belongs to another array", {
    structure,
    address,
    found: found === null ? "undefined" : `0x${found.toString(16)}`,
    allowed: `0x${allowed.toString(16)}`,
  });
}

export class ElementBlocks<T, C> {
  /** Which block was begun last, as its key. */
  last = -1;
  private readonly kind: BlockKind<T, C>;
  private readonly grid: ChunkGrid;
  private readonly places: ChunkPlaces;
  private stored = false;
  private readonly blocks: StoredBlock<C>[] = [];
  /** Where the wanted chunks of each block begin in the two lists behind. */
  private readonly firsts: number[] = [];
  private readonly chunks: number[] = [];
  private readonly elements: number[] = [];

  constructor(kind: BlockKind<T, C>, grid: ChunkGrid, places: ChunkPlaces) {
    this.kind = kind;
    this.grid = grid;
    this.places = places;
  }

  /** Wanted chunks from here on stand in this block; `undefined`: nowhere. */
  begin(key: number, block: StoredBlock<C> | undefined): void {
    this.last = key;
    this.stored = block !== undefined;
    if (block === undefined) return;
    this.blocks.push(block);
    this.firsts.push(this.chunks.length);
  }

  /** Chunk `i` of those wanted is element `element` of the block begun last. */
  want(i: number, element: number): void {
    if (!this.stored) return;
    this.chunks.push(i);
    this.elements.push(element);
  }

  /** Reads the blocks, in groups, and places what was wanted of them. */
  *read(file: EngineFile): Steps<void> {
    const { blocks, firsts, chunks, elements, kind } = this;
    firsts.push(chunks.length);
    for (let group = 0; group < blocks.length; group += GROUP) {
      const some = blocks.slice(group, group + GROUP);
      if (some.length > 1) yield* loadStructures(file, kind.structure, some);
      for (let b = 0; b < some.length; b++) {
        const { address, context } = some[b];
        const found = kind.elements(
          file.structures.peek(kind.structure, address, context) ??
            (yield* file.structures.get(kind.structure, address, context)),
          address,
        );
        for (let j = firsts[group + b]; j < firsts[group + b + 1]; j++)
          placeChunk(this.grid, this.places, chunks[j], found, elements[j]);
      }
    }
  }
}

/** Places chunk `i` of those wanted by an element in hand. */
export function placeChunk(
  grid: ChunkGrid,
  places: ChunkPlaces,
  i: number,
  { addresses, sizes, masks }: ChunkElements,
  element: number,
): void {
  places.addresses[i] = addresses[element];
  places.sizes[i] = sizes?.[element] ?? grid.bytes;
  places.masks[i] = masks?.[element] ?? 0;
}

/** Adds the stored chunks of a block whose first element has index `first`. */
export function listElements(
  grid: ChunkGrid,
  numbering: Numbering,
  list: ChunkList,
  { addresses, sizes, masks }: ChunkElements,
  first: number,
): void {
  for (let i = 0; i < addresses.length; i++) {
    if (addresses[i] === ABSENT) continue;
    const number = numbering.toNumber(first + i);
    if (number >= 0) list.add(number, addresses[i], sizes?.[i] ?? grid.bytes, masks?.[i] ?? 0);
  }
}
