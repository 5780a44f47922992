/** Codecs of npm packages that can do what a filter does, on the bytes that a file has. */
import { createRequire } from "node:module";
import { unzlibSync, zlibSync } from "fflate";
import { decompress as fzstd } from "fzstd";
import { Blosc, LZ4, Zlib, Zstd } from "numcodecs";
import { deflate, inflate } from "pako";
import { ZSTDDecoder } from "zstddec";
import { BYTES } from "./chunks.ts";

/** Two ways; absent: the package has no encoder. */
export interface Other {
  decode(stored: Uint8Array): unknown;
  encode?(chunk: Uint8Array): unknown;
}

interface CommonJs {
  lz4js: {
    decompressBlock(from: Uint8Array, to: Uint8Array, at: number, length: number, into: number): number;
    compressBlock(from: Uint8Array, to: Uint8Array, at: number, length: number, table: Uint32Array): number;
  };
  lzfjs: { decompress(stored: Uint8Array): Uint8Array; compress(bytes: Uint8Array): Uint8Array };
  "seek-bzip": { decode(stored: Buffer): Uint8Array };
}

const require = createRequire(import.meta.url);
const commonJs = <K extends keyof CommonJs>(name: K): CommonJs[K] => require(name) as CommonJs[K];

/** Bytes before the only block of an LZ4 chunk; numcodecs wants four, little-endian, before the block. */
const LZ4_HEADER = 16;

function numcodecsLz4(stored: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(stored.length - LZ4_HEADER + 4);
  new DataView(bytes.buffer).setUint32(0, BYTES, true);
  bytes.set(stored.subarray(LZ4_HEADER), 4);
  return bytes;
}

type Make = (level: number, options: unknown) => Other | Promise<Other>;

const MAKERS: Readonly<Record<string, Make>> = {
  pako: (level) => ({
    decode: (stored) => inflate(stored),
    encode: (chunk) => deflate(chunk, { level: level as 4 }),
  }),
  fflate: (level) => {
    const out = new Uint8Array(BYTES);
    return {
      decode: (stored) => unzlibSync(stored, { out }),
      encode: (chunk) => zlibSync(chunk, { level: level as 4 }),
    };
  },
  "numcodecs zlib": (level) => both(new Zlib(level)),
  "numcodecs zstd": (level) => both(new Zstd(level)),
  "numcodecs lz4": () => {
    const codec = new LZ4();
    let prepared: Uint8Array | undefined;
    const decode = (stored: Uint8Array): unknown => codec.decode((prepared ??= numcodecsLz4(stored)));
    return { decode, encode: (chunk) => codec.encode(chunk) };
  },
  "numcodecs blosc": (level, options) => {
    const { cname, shuffle } = options as { cname: string; shuffle: number };
    return both(new Blosc(level, cname, shuffle));
  },
  fzstd: () => ({ decode: (stored) => fzstd(stored) }),
  zstddec: async () => {
    const decoder = new ZSTDDecoder();
    await decoder.init();
    return { decode: (stored) => decoder.decode(stored, BYTES) };
  },
  lz4js: () => {
    const [out, room, table] = [new Uint8Array(BYTES), new Uint8Array(2 * BYTES), new Uint32Array(1 << 16)];
    const { decompressBlock, compressBlock } = commonJs("lz4js");
    return {
      decode: (stored) => decompressBlock(stored, out, LZ4_HEADER, stored.length - LZ4_HEADER, 0),
      encode: (chunk) => compressBlock(chunk, room, 0, chunk.length, table.fill(0)),
    };
  },
  lzfjs: () => {
    const { decompress, compress } = commonJs("lzfjs");
    return { decode: decompress, encode: compress };
  },
  "seek-bzip": () => {
    const { decode } = commonJs("seek-bzip");
    return { decode: (stored) => decode(Buffer.from(stored)) };
  },
};

/** By the names in chunks.ts; options are those of the line. */
export async function otherCodec(name: string, options: unknown): Promise<Other> {
  const level = typeof options === "number" ? options : ((options as { clevel?: number })?.clevel ?? 1);
  return MAKERS[name](level, options);
}

interface NumcodecsCodec {
  decode(stored: Uint8Array): unknown;
  encode(chunk: Uint8Array): unknown;
}

const both = (codec: NumcodecsCodec): Other => ({
  decode: (stored) => codec.decode(stored),
  encode: (chunk) => codec.encode(chunk),
});
