/** Extensible array super block, "secondary block" (HDF5 File Format Specification, section VII.D). Pointed at by the index block. */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";
import { addresses, blockPrefix, type ExtensibleArrayContext } from "./extensible-array-index-block.ts";
import { dataBlockPages } from "./geometry.ts";

export interface ExtensibleArraySuperBlock {
  /** Address of the array's header. */
  readonly header: Address | null;
  /** Number of its first element, those of the index block not counted. */
  readonly offset: number;
  /** Where data blocks are paged: bit b * pages + p (from the top of each byte) says that page p of data block b was written. */
  readonly pagesWritten: Uint8Array;
  /** Addresses of the data blocks; -1 where there is none yet. */
  readonly dataBlocks: Float64Array;
}

export interface SuperBlockContext extends ExtensibleArrayContext {
  /** Which of the array's super blocks it is. */
  readonly superBlock: number;
}

/** Most bytes that are asked for unseen. */
const GUESS = 65_536;

export function extensibleArraySuperBlock(
  f: Fields,
  v: ExtensibleArraySuperBlock | undefined,
  context: SuperBlockContext,
): ExtensibleArraySuperBlock {
  const { header: array, geometry, superBlock } = context;
  blockPrefix(f, "EASB", array);
  const header = f.address(v?.header);
  const offset = f.uint(v?.offset, geometry.offsetBytes);
  const first = geometry.firstElement[superBlock];
  if (f.reading && offset !== first)
    f.fail("begins at another element than its place in the array", offset, String(first));
  const pagesWritten = f.bytes(v?.pagesWritten, bitmapBytes(context));
  const dataBlocks = addresses(f, v?.dataBlocks, geometry.dataBlocks[superBlock]);
  f.checksum();
  return { header, offset, pagesWritten, dataBlocks };
}

function bitmapBytes({ geometry, superBlock }: SuperBlockContext): number {
  return geometry.dataBlocks[superBlock] * Math.ceil(dataBlockPages(geometry, superBlock) / 8);
}

function size(offsets: number, context: SuperBlockContext): number {
  const { geometry, superBlock } = context;
  return 10 + geometry.offsetBytes + (1 + geometry.dataBlocks[superBlock]) * offsets + bitmapBytes(context);
}

export const EXTENSIBLE_ARRAY_SUPER_BLOCK: Structure<ExtensibleArraySuperBlock, SuperBlockContext> = {
  title: "Extensible array super block",
  guess: (context) => Math.min(GUESS, size(8, context)),
  extent: (head, context) => size(head.sizes.offsets, context),
  decode: (from: Decoder, context) => {
    const block = extensibleArraySuperBlock(from, undefined, context);
    return { ...block, pagesWritten: block.pagesWritten.slice() };
  },
};
