/**
 * The header of a Blosc chunk (c-blosc's README_CHUNK_FORMAT): 16 bytes, and 16 more in Blosc 2; little-endian.
 */
import { CodecError } from "../../filter.ts";

/** Filters of Blosc, by their number in Blosc 2. */
export const NONE = 0;
export const SHUFFLE = 1;
export const BITSHUFFLE = 2;
export const DELTA = 3;
export const TRUNCATE = 4;

/** Inner codecs, by their number in the chunk's flags. */
export const CODECS = ["blosclz", "lz4", "snappy", "zlib", "zstd"] as const;

/** What a chunk is made of when it holds no blocks. */
export type Special = "zeros" | "nan" | "value" | "uninitialized";

/** A chunk's header. */
export interface BloscHeader {
  /** 1 for the chunks of Blosc 1, 2 for those of Blosc 2. */
  readonly generation: 1 | 2;
  /** Format of the chunk. */
  readonly version: number;
  /** Bytes of the header. */
  readonly length: number;
  readonly codec: number;
  /** The bytes follow as they are. */
  readonly stored: boolean;
  /** Every block is one stream. */
  readonly unsplit: boolean;
  readonly typeSize: number;
  readonly bytes: number;
  readonly blockSize: number;
  readonly storedBytes: number;
  /** Filters in the order in which they were applied. */
  readonly filters: readonly number[];
  /** The parameter of each filter. */
  readonly filterMeta: readonly number[];
  readonly special: Special | undefined;
}

const SPECIALS: readonly (Special | undefined)[] = [undefined, "zeros", "nan", "value", "uninitialized"];

/** Reads the header at `input[start, ...)`. */
export function readBloscHeader(filter: string, input: Uint8Array, start: number): BloscHeader {
  const fail = (reason: string): never => {
    throw new CodecError(filter, reason);
  };
  if (input.length - start < 16) fail("input ends within a chunk header");
  const view = new DataView(input.buffer, input.byteOffset + start, input.length - start);
  const [version, flags, typeSize] = [view.getUint8(0), view.getUint8(2), view.getUint8(3)];
  const extended = (flags & 5) === 5;
  const length = extended ? 32 : 16;
  if (view.byteLength < length) fail("input ends within a chunk header");
  if (typeSize === 0) fail("type size 0");
  const special = extended ? SPECIALS[(view.getUint8(31) >> 4) & 7] : undefined;
  const header: BloscHeader = {
    generation: extended ? 2 : 1,
    version,
    length,
    codec: flags >> 5,
    stored: (flags & 2) !== 0,
    unsplit: (flags & 16) !== 0,
    typeSize,
    bytes: view.getUint32(4, true),
    blockSize: view.getUint32(8, true),
    storedBytes: view.getUint32(12, true),
    filters: extended
      ? [...input.subarray(start + 16, start + 22)]
      : [flags & 1 ? SHUFFLE : flags & 4 ? BITSHUFFLE : NONE],
    filterMeta: extended ? [...input.subarray(start + 24, start + 30)] : [0],
    special,
  };
  if (header.storedBytes > view.byteLength || header.storedBytes < length) {
    fail(`a chunk of ${header.storedBytes} bytes in ${view.byteLength}`);
  }
  if (!special && header.bytes > 0 && !header.stored && (header.blockSize === 0 || header.blockSize > header.bytes)) {
    fail(`blocks of ${header.blockSize} bytes in a chunk of ${header.bytes}`);
  }
  return header;
}
