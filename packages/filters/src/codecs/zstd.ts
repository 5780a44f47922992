/**
 * Zstandard, filter 32015: one zstd frame, with its content size.
 *
 * Client data: the level of compression; none is 3.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../filter.ts";
import { zstdDecode } from "../kernels/zstd/decode.ts";
import { checked } from "../output.ts";

/** Decodes zstd frames; output of another size than expected is an error. */
export function zstdDecompress(filter: string, input: Uint8Array, size: OutputSize): Uint8Array {
  if (input.length === 0) throw new CodecError(filter, "no input");
  return checked(filter, zstdDecode(input, size), size);
}

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  return zstdDecompress("zstd", input, size);
}

/** The codec of filter 32015. */
export const zstd: Codec = { decode };
