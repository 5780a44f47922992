/**
 * Extensible array data block and its pages (HDF5 File Format Specification, section VII.D). Pointed at by the index
 * block and by super blocks; pages follow the block's prefix without gaps.
 */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { type ChunkElements, chunkElements } from "../chunk-element/chunk-elements.ts";
import { arrayPage, type PageContext } from "../fixed-array/fixed-array-data-block.ts";
import type { Structure } from "../structure.ts";
import { blockPrefix } from "./extensible-array-index-block.ts";
import type { SuperBlockContext } from "./extensible-array-super-block.ts";
import { dataBlockPages } from "./geometry.ts";

export interface ExtensibleArrayDataBlock {
  /** Address of the array's header. */
  readonly header: Address | null;
  /** Number of its first element, those of the index block not counted. */
  readonly offset: number;
  /** Where the block is not paged. */
  readonly elements?: ChunkElements;
}

/** Most bytes that are asked for unseen. */
const GUESS = 65_536;

/** The block, without its pages. */
export function extensibleArrayDataBlock(
  f: Fields,
  v: ExtensibleArrayDataBlock | undefined,
  { header: array, geometry, superBlock }: SuperBlockContext,
): ExtensibleArrayDataBlock {
  blockPrefix(f, "EADB", array);
  const header = f.address(v?.header);
  const offset = f.uint(v?.offset, geometry.offsetBytes);
  if (dataBlockPages(geometry, superBlock) > 0) {
    f.checksum();
    return { header, offset };
  }
  const elements = chunkElements(f, v?.elements, geometry.elements[superBlock], array);
  f.checksum();
  return { header, offset, elements };
}

/** Bytes before the pages, or of the whole block where it is not paged. */
export function extensibleArrayDataBlockSize(
  offsets: number,
  { header, geometry, superBlock }: SuperBlockContext,
): number {
  const paged = dataBlockPages(geometry, superBlock) > 0;
  return 10 + offsets + geometry.offsetBytes + (paged ? 0 : geometry.elements[superBlock] * header.elementSize);
}

export const EXTENSIBLE_ARRAY_DATA_BLOCK: Structure<ExtensibleArrayDataBlock, SuperBlockContext> = {
  title: "Extensible array data block",
  guess: (context) => Math.min(GUESS, extensibleArrayDataBlockSize(8, context)),
  extent: (head, context) => extensibleArrayDataBlockSize(head.sizes.offsets, context),
  decode: (from: Decoder, context) => extensibleArrayDataBlock(from, undefined, context),
};

const pageSize = (context: PageContext): number => context.count * context.elementSize + 4;

export const EXTENSIBLE_ARRAY_PAGE: Structure<ChunkElements, PageContext> = {
  title: "Extensible array data block page",
  guess: (context) => Math.min(GUESS, pageSize(context)),
  extent: (_head, context) => pageSize(context),
  decode: (from: Decoder, context) => arrayPage(from, undefined, context),
};
