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

/** By the names in chunks.ts; options are those of the line. */
export async function otherCodec(name: string, options: unknown): Promise<Other> {
  const level = typeof options === "number" ? options : ((options as { clevel?: number })?.clevel ?? 1);
  switch (name) {
    case "pako":
      return { decode: (stored) => inflate(stored), encode: (chunk) => deflate(chunk, { level: level as 4 }) };
    case "fflate": {
      const out = new Uint8Array(BYTES);
      return {
        decode: (stored) => unzlibSync(stored, { out }),
        encode: (chunk) => zlibSync(chunk, { level: level as 4 }),
      };
    }
    case "numcodecs zlib":
      return both(new Zlib(level));
    case "numcodecs zstd":
      return both(new Zstd(level));
    case "numcodecs lz4": {
      const codec = new LZ4();
      let prepared: Uint8Array | undefined;
      return {
        decode: (stored) => codec.decode((prepared ??= numcodecsLz4(stored))),
        encode: (chunk) => codec.encode(chunk),
      };
    }
    case "numcodecs blosc": {
      const { cname, shuffle } = options as { cname: string; shuffle: number };
      return both(new Blosc(level, cname, shuffle));
    }
    case "fzstd":
      return { decode: (stored) => fzstd(stored) };
    case "zstddec": {
      const decoder = new ZSTDDecoder();
      await decoder.init();
      return { decode: (stored) => decoder.decode(stored, BYTES) };
    }
    case "lz4js": {
      const [out, room, table] = [new Uint8Array(BYTES), new Uint8Array(2 * BYTES), new Uint32Array(1 << 16)];
      const { decompressBlock, compressBlock } = commonJs("lz4js");
      return {
        decode: (stored) => decompressBlock(stored, out, LZ4_HEADER, stored.length - LZ4_HEADER, 0),
        encode: (chunk) => compressBlock(chunk, room, 0, chunk.length, table.fill(0)),
      };
    }
    case "lzfjs": {
      const { decompress, compress } = commonJs("lzfjs");
      return { decode: decompress, encode: compress };
    }
    case "seek-bzip": {
      const { decode } = commonJs("seek-bzip");
      return { decode: (stored) => decode(Buffer.from(stored)) };
    }
  }
  throw new Error(`no codec ${name}`);
}

interface NumcodecsCodec {
  decode(stored: Uint8Array): unknown;
  encode(chunk: Uint8Array): unknown;
}

const both = (codec: NumcodecsCodec): Other => ({
  decode: (stored) => codec.decode(stored),
  encode: (chunk) => codec.encode(chunk),
});
