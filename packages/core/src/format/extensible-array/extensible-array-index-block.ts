/** Extensible array index block (HDF5 File Format Specification, section VII.D). Pointed at by the header. */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { address, type ChunkElements, chunkElements } from "../chunk-element/chunk-elements.ts";
import type { Structure } from "../structure.ts";
import type { ExtensibleArrayHeader } from "./extensible-array-header.ts";
import type { ExtensibleArrayGeometry } from "./geometry.ts";

export interface ExtensibleArrayIndexBlock {
  /** Address of the array's header. */
  readonly header: Address | null;
  /** The first elements of the array. */
  readonly elements: ChunkElements;
  /** Addresses of the data blocks of the first super blocks; -1 where there is none yet. */
  readonly dataBlocks: Float64Array;
  /** Addresses of the other super blocks; -1 where there is none yet. */
  readonly superBlocks: Float64Array;
}

/** What must be known of an extensible array to read its blocks. */
export interface ExtensibleArrayContext {
  readonly header: ExtensibleArrayHeader;
  readonly geometry: ExtensibleArrayGeometry;
}

/** `count` addresses. */
export function addresses(f: Fields, v: Float64Array | undefined, count: number): Float64Array {
  if (count * f.sizes.offsets > f.remaining) f.fail("has more addresses than bytes", count);
  const values = v ?? new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = address(f, v?.[i]);
  return values;
}

/** Version and client, alike in all blocks. */
export function blockPrefix(f: Fields, signature: string, array: ExtensibleArrayHeader): void {
  f.signature(signature);
  const version = f.u8(0);
  if (version !== 0) f.fail("has an unknown version", version, "0");
  const client = f.u8(array.client);
  if (client !== array.client) f.fail("belongs to another client than its header", client, String(array.client));
}

export function extensibleArrayIndexBlock(
  f: Fields,
  v: ExtensibleArrayIndexBlock | undefined,
  { header: array, geometry }: ExtensibleArrayContext,
): ExtensibleArrayIndexBlock {
  blockPrefix(f, "EAIB", array);
  const header = f.address(v?.header);
  const elements = chunkElements(f, v?.elements, array.indexElements, array);
  const dataBlocks = addresses(f, v?.dataBlocks, geometry.indexDataBlocks);
  const superBlocks = addresses(f, v?.superBlocks, geometry.indexSuperBlocks);
  f.checksum();
  return { header, elements, dataBlocks, superBlocks };
}

function size(offsets: number, { header, geometry }: ExtensibleArrayContext): number {
  const pointers = 1 + geometry.indexDataBlocks + geometry.indexSuperBlocks;
  return 10 + pointers * offsets + header.indexElements * header.elementSize;
}

export const EXTENSIBLE_ARRAY_INDEX_BLOCK: Structure<ExtensibleArrayIndexBlock, ExtensibleArrayContext> = {
  title: "Extensible array index block",
  guess: (context) => size(8, context),
  extent: (head, context) => size(head.sizes.offsets, context),
  decode: (from: Decoder, context) => extensibleArrayIndexBlock(from, undefined, context),
};
