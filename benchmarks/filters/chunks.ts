/** The chunks that filters are measured on, and the filters with their options. */
import type { ElementType, FilterOptions } from "@h5ts/filters";
import { seeded } from "../seeded.ts";

/** Bytes of a chunk. */
export const BYTES: number = 1 << 20;
/** Its shape. */
export const DIMS: readonly number[] = [1024, BYTES / 4096];

/** A chunk: its bytes, its type, and the type in NumPy's words. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly type: ElementType;
  readonly dtype: string;
}

/** Integers that go up and down by up to ten. */
function walk(): Uint8Array {
  const random = seeded(1);
  let value = 0;
  const words = Int32Array.from({ length: BYTES / 4 }, () => (value += Math.floor(random() * 21) - 10));
  return new Uint8Array(words.buffer);
}

/** A sine with noise. */
function wave(): Uint8Array {
  const random = seeded(2);
  return new Uint8Array(Float32Array.from({ length: BYTES / 4 }, (_, i) => 100 * Math.sin(i / 50) + random()).buffer);
}

const integer: ElementType = { class: "integer", size: 4, signed: true, order: "le" };
const float: ElementType = { class: "float", size: 4, order: "le" };

export const CHUNKS: Readonly<Record<"walk" | "bits" | "wave", Chunk>> = {
  walk: { bytes: walk(), type: integer, dtype: "<i4" },
  /** 17 of the 32 bits are significant. */
  bits: { bytes: walk(), type: { ...integer, precision: 17 }, dtype: "<i4" },
  wave: { bytes: wave(), type: float, dtype: "<f4" },
};

/** A line of the table: a filter with options, as libhdf5 and hdf5plugin know them, on one of the chunks. */
export interface Line {
  readonly filter: string;
  readonly options: FilterOptions;
  readonly data: keyof typeof CHUNKS;
  /** Which of the npm packages of others.ts can read it, and perhaps write it. */
  readonly others?: readonly string[];
  /** Decoding must be that much of libhdf5's speed. */
  readonly least?: number;
}

export const LINES: readonly Line[] = [
  { filter: "deflate", options: 4, data: "walk", others: ["pako", "fflate", "numcodecs zlib"] },
  { filter: "deflate", options: 9, data: "wave", others: ["pako", "fflate"] },
  { filter: "shuffle", options: undefined, data: "walk" },
  { filter: "fletcher32", options: undefined, data: "walk" },
  { filter: "szip", options: ["nn", 16], data: "walk", least: 0.5 },
  { filter: "nbit", options: undefined, data: "bits", least: 0.5 },
  { filter: "scaleoffset", options: 0, data: "walk", least: 0.5 },
  { filter: "scaleoffset", options: 2, data: "wave", least: 0.5 },
  { filter: "lzf", options: undefined, data: "walk", others: ["lzfjs"] },
  { filter: "lz4", options: { nbytes: 0 }, data: "walk", others: ["lz4js", "numcodecs lz4"] },
  { filter: "bitshuffle", options: { cname: "none" }, data: "walk" },
  { filter: "bitshuffle", options: { cname: "lz4" }, data: "walk" },
  { filter: "bitshuffle", options: { cname: "zstd", clevel: 3 }, data: "walk" },
  { filter: "zstd", options: { clevel: 3 }, data: "walk", others: ["fzstd", "zstddec", "numcodecs zstd"] },
  { filter: "zstd", options: { clevel: 9 }, data: "wave", others: ["fzstd", "zstddec", "numcodecs zstd"] },
  { filter: "blosc", options: { cname: "blosclz", clevel: 5, shuffle: 1 }, data: "walk", others: ["numcodecs blosc"] },
  { filter: "blosc", options: { cname: "lz4", clevel: 5, shuffle: 1 }, data: "walk", others: ["numcodecs blosc"] },
  { filter: "blosc", options: { cname: "zstd", clevel: 5, shuffle: 2 }, data: "walk", others: ["numcodecs blosc"] },
  { filter: "blosc2", options: { cname: "lz4", clevel: 5, filters: 1 }, data: "walk" },
  { filter: "blosc2", options: { cname: "zstd", clevel: 5, filters: 1 }, data: "walk" },
  { filter: "bzip2", options: { blocksize: 9 }, data: "walk", others: ["seek-bzip"] },
  { filter: "zfp", options: { rate: 16 }, data: "wave" },
  { filter: "zfp", options: { accuracy: 0.01 }, data: "wave" },
  { filter: "zfp", options: { reversible: true }, data: "wave" },
];
