/**
 * Blosc 1, filter 32001: one Blosc chunk.
 *
 * Client data: revision of the filter (2), format of Blosc (2), type size, bytes of a chunk, level, shuffle (0 none, 1
 * byte, 2 bit), codec (0 blosclz, 1 lz4, 2 lz4hc, 3 snappy, 4 zlib, 5 zstd); the last three may be missing.
 */
import {
  type ChunkDescription,
  type ClientData,
  type Codec,
  CodecError,
  type ElementType,
  type FilterOptions,
  type OutputSize,
} from "../../filter.ts";
import { chunkBytes, OptionReader } from "../../options.ts";
import { decodeBloscChunk } from "./decode.ts";
import { encodeBloscChunk } from "./encode.ts";
import { readBloscHeader } from "./header.ts";
import { COMPRESSORS } from "./inner-encode.ts";

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  const header = readBloscHeader("blosc", input, 0);
  if (header.generation !== 1) throw new CodecError("blosc", "a chunk of Blosc 2");
  if (header.storedBytes !== input.length) {
    throw new CodecError("blosc", `a chunk of ${header.storedBytes} bytes in ${input.length}`);
  }
  return decodeBloscChunk("blosc", input, 0, size);
}

function encode(input: Uint8Array, clientData: ClientData): Uint8Array | undefined {
  const [, , typeSize = 0, , level = 5, filter = 1, code = 0] = clientData;
  if (typeSize < 1 || typeSize > 255) throw new CodecError("blosc", `type size ${typeSize}, not 1 to 255`);
  if (level > 9) throw new CodecError("blosc", `level ${level}, not 0 to 9`);
  if (filter > 2) throw new CodecError("blosc", `shuffle ${filter}, not 0 to 2`);
  const compressor = COMPRESSORS[code];
  if (!compressor) throw new CodecError("blosc", `codec ${code}, not 0 to 5`);
  if (level === 0 || input.length === 0) return undefined;
  const chunk = encodeBloscChunk(input, { generation: 1, compressor, level, typeSize, blockSize: 0, filter });
  return chunk && chunk.length < input.length ? chunk : undefined;
}

/** The size that Blosc shuffles by: of the elements of arrays, and a byte where it is too large for the format. */
export function bloscTypeSize({ class: kind, size, base }: ElementType): number {
  const element = kind === "array" && base ? base.size : size;
  return element > 255 ? 1 : element;
}

function clientData(options: FilterOptions, chunk: ChunkDescription): ClientData {
  const reader = new OptionReader("blosc", options, ["codec", "level", "shuffle"]);
  const codec = reader.choice(["codec", "cname"], 1, COMPRESSORS);
  const level = reader.integer(["level", "clevel"], 5, 0, 9);
  const shuffle = reader.choice(["shuffle"], 1, ["none", "byte", "bit"]);
  reader.done();
  return [2, 2, bloscTypeSize(chunk.type), chunkBytes(chunk), level, shuffle, codec];
}

/** The codec of filter 32001. */
export const blosc: Codec = { decode, encode, clientData };
