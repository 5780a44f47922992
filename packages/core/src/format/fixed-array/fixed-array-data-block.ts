/**
 * Fixed array data block and its pages (HDF5 File Format Specification, section VII.C). The data block is pointed at by
 * the header; the pages follow it without gaps, all of the same size but for the last.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { type ChunkElements, chunkElements, type ElementForm } from "../chunk-element/chunk-elements.ts";
import type { Structure } from "../structure.ts";
import type { FixedArrayHeader } from "./fixed-array-header.ts";

export interface FixedArrayDataBlock {
  /** Address of the array's header. */
  readonly header: Address | null;
  /** In a paged block: bit i (from the top of each byte) says that page i was written. */
  readonly pagesWritten?: Uint8Array;
  /** In a block that is not paged. */
  readonly elements?: ChunkElements;
}

/** Elements of a full page. */
export const fixedArrayPageElements = (header: FixedArrayHeader): number => 2 ** header.pageBits;

/** Pages of the data block; 0: it is not paged. */
export function fixedArrayPages(header: FixedArrayHeader): number {
  const page = fixedArrayPageElements(header);
  return header.count > page ? Math.ceil(header.count / page) : 0;
}

/** Bytes before the pages, or of the whole block where it is not paged. */
export function fixedArrayDataBlockSize(header: FixedArrayHeader, sizes: Sizes): number {
  const pages = fixedArrayPages(header);
  const content = pages > 0 ? Math.ceil(pages / 8) : header.count * header.elementSize;
  return 6 + sizes.offsets + content + 4;
}

/** The block, without its pages. */
export function fixedArrayDataBlock(
  f: Fields,
  v: FixedArrayDataBlock | undefined,
  array: FixedArrayHeader,
): FixedArrayDataBlock {
  f.signature("FADB");
  const version = f.u8(0);
  if (version !== 0) f.fail("has an unknown version", version, "0");
  const client = f.u8(array.client);
  if (client !== array.client) f.fail("belongs to another client than its header", client, String(array.client));
  const header = f.address(v?.header);
  const pages = fixedArrayPages(array);
  const content =
    pages > 0
      ? { pagesWritten: f.bytes(v?.pagesWritten, Math.ceil(pages / 8)) }
      : { elements: chunkElements(f, v?.elements, array.count, array) };
  f.checksum();
  return { header, ...content };
}

/** Context of a page: its elements, `count` of them. */
export interface PageContext extends ElementForm {
  readonly count: number;
}

/** A page of a fixed or an extensible array: elements and their checksum. */
export function arrayPage(f: Fields, v: ChunkElements | undefined, context: PageContext): ChunkElements {
  const elements = chunkElements(f, v, context.count, context);
  f.checksum();
  return elements;
}

/** Most bytes that are asked for unseen: what a larger block holds is checked against the file first. */
const GUESS = 65_536;

export const FIXED_ARRAY_DATA_BLOCK: Structure<FixedArrayDataBlock, FixedArrayHeader> = {
  title: "Fixed array data block",
  guess: (header) => Math.min(GUESS, fixedArrayDataBlockSize(header, { offsets: 8, lengths: 8 })),
  extent: (head, header) => fixedArrayDataBlockSize(header, head.sizes),
  decode: (from: Decoder, header) => {
    const block = fixedArrayDataBlock(from, undefined, header);
    return block.pagesWritten === undefined ? block : { ...block, pagesWritten: block.pagesWritten.slice() };
  },
};

const pageSize = (context: PageContext): number => context.count * context.elementSize + 4;

export const FIXED_ARRAY_PAGE: Structure<ChunkElements, PageContext> = {
  title: "Fixed array data block page",
  guess: (context) => Math.min(GUESS, pageSize(context)),
  extent: (_head, context) => pageSize(context),
  decode: (from: Decoder, context) => arrayPage(from, undefined, context),
};
