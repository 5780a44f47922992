/**
 * Fractal heap direct block (HDF5 File Format Specification, section III.F): the objects themselves. Pointed at by the heap's
 * header, and by indirect blocks. Offsets in heap ids count from the block's first byte, these fields included.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import type { Structure } from "../structure.ts";

export const DIRECT_BLOCK_TITLE = "Fractal heap direct block";

export interface DirectBlockHeader {
  readonly heap: Address;
  /** Heap offset of its first byte. */
  readonly offset: number;
  /** Of the whole block, with this field as zero; where the heap has checksums. */
  readonly checksum?: number;
}

export interface DirectBlockContext {
  readonly offsetBytes: number;
  readonly checksums: boolean;
}

export function directBlockHeader(
  f: Fields,
  v: DirectBlockHeader | undefined,
  c: DirectBlockContext,
): DirectBlockHeader {
  f.signature("FHDB");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const heap = f.address(v?.heap) ?? f.fail("belongs to no heap");
  const offset = f.uint(v?.offset, c.offsetBytes);
  return c.checksums ? { heap, offset, checksum: f.u32(v?.checksum) } : { heap, offset };
}

export const directBlockHeaderBytes = (c: DirectBlockContext, sizes: Sizes): number =>
  5 + sizes.offsets + c.offsetBytes + (c.checksums ? 4 : 0);

/** A direct block as its bytes, the header included and the filters undone. */
export const DIRECT_BLOCK: Structure<Uint8Array, { readonly size: number }> = {
  title: DIRECT_BLOCK_TITLE,
  guess: ({ size }) => size,
  extent: (_, { size }) => size,
  decode: (from, { size }) => from.bytes(undefined, size).slice(),
};

/** Writes a block, with its checksum where the heap has them. */
export function writeDirectBlock(f: Fields, block: Uint8Array, c: DirectBlockContext): void {
  if (!c.checksums) {
    f.bytes(block, block.length);
    return;
  }
  const end = directBlockHeaderBytes(c, f.sizes);
  f.bytes(block.subarray(0, end - 4), end - 4);
  f.u32(directBlockChecksum(block, end));
  f.bytes(block.subarray(end), block.length - end);
}

/** The checksum of a block whose checksum field ends at `headerEnd`. The block's bytes are not changed. */
export function directBlockChecksum(block: Uint8Array, headerEnd: number): number {
  const copy = block.slice();
  copy.fill(0, headerEnd - 4, headerEnd);
  return lookup3(copy);
}
