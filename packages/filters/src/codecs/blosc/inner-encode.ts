/** The codecs inside Blosc for encoding, by the numbers that client data has for them. */
import { blosclzEncode } from "../../kernels/blosclz.ts";
import { lz4Bound, lz4Encode } from "../../kernels/lz4.ts";
import { lz4EncodeHigh } from "../../kernels/lz4-high.ts";
import { snappyBound, snappyEncode } from "../../kernels/snappy.ts";
import { zstdEncode } from "../../kernels/wasm-zstd-encode.ts";
import { deflateWithPako } from "../deflate-pako.ts";
import { deflateZlib } from "../zlib.ts";

/** Names of the codecs in the order of their numbers in client data. */
export const COMPRESSORS = ["blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"] as const;

export type Compressor = (typeof COMPRESSORS)[number];

/** The number of each compressor's format in a chunk's flags: lz4hc makes what lz4 does. */
export const FORMATS: Readonly<Record<Compressor, number>> = {
  blosclz: 0,
  lz4: 1,
  lz4hc: 1,
  snappy: 2,
  zlib: 3,
  zstd: 4,
};

/** Room that a compressor needs for streams of up to so many bytes. */
export function streamBound(compressor: Compressor, length: number): number {
  if (compressor === "blosclz") return length;
  if (compressor === "lz4" || compressor === "lz4hc") return lz4Bound(length);
  return compressor === "snappy" ? snappyBound(length) : 0;
}

/** Encodes streams one after the other; keeps the tables that they share. */
export class StreamEncoder {
  readonly #compressor: Compressor;
  readonly #level: number;
  readonly #room: Uint8Array;
  readonly #table = new Int32Array(1 << 14);

  /** @param room of {@link streamBound} bytes for the longest stream */
  constructor(compressor: Compressor, level: number, room: Uint8Array) {
    this.#compressor = compressor;
    this.#level = level;
    this.#room = room;
  }

  /** Encodes all of `input`; `undefined` when that does not make it smaller. Valid until the next call. */
  encode(input: Uint8Array): Uint8Array | undefined {
    const encoded = this.#run(input);
    return encoded.length > 0 && encoded.length < input.length ? encoded : undefined;
  }

  #run(input: Uint8Array): Uint8Array {
    const { length } = input;
    const level = this.#level;
    const room = this.#room;
    switch (this.#compressor) {
      case "blosclz":
        return room.subarray(0, Math.max(0, blosclzEncode(input, 0, length, room, 0, length)));
      case "lz4":
        return room.subarray(0, lz4Encode(input, 0, length, room, 0, this.#table));
      case "lz4hc":
        return room.subarray(0, lz4EncodeHigh(input, 0, length, room, 0, 1 << Math.max(2, level)));
      case "snappy":
        return room.subarray(0, snappyEncode(input, 0, length, room, 0));
      case "zlib":
        return deflateZlib(input, level) ?? deflateWithPako(input, level);
      case "zstd":
        // Blosc's levels 1 to 9 are zstd's odd ones, 9 its highest.
        return zstdEncode(input, level < 9 ? 2 * level - 1 : 22);
    }
  }
}
