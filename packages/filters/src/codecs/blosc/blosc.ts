/**
 * Blosc 1, filter 32001: one Blosc chunk.
 *
 * Client data: revision of the filter (2), format of Blosc (2), type size, bytes of a chunk, level, shuffle (0 none, 1
 * byte, 2 bit), codec (0 blosclz, 1 lz4, 2 lz4hc, 3 snappy, 4 zlib, 5 zstd); the last three may be missing.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../../filter.ts";
import { decodeBloscChunk } from "./decode.ts";
import { readBloscHeader } from "./header.ts";

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  const header = readBloscHeader("blosc", input, 0);
  if (header.generation !== 1) throw new CodecError("blosc", "a chunk of Blosc 2");
  if (header.storedBytes !== input.length) {
    throw new CodecError("blosc", `a chunk of ${header.storedBytes} bytes in ${input.length}`);
  }
  return decodeBloscChunk("blosc", input, 0, size);
}

/** The codec of filter 32001. */
export const blosc: Codec = { decode };
