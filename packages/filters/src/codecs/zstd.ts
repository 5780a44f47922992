/**
 * Zstandard, filter 32015: one zstd frame, with its content size.
 *
 * Client data: the level of compression; none is 3.
 */
import { type ClientData, type Codec, CodecError, type FilterOptions, type OutputSize } from "../filter.ts";
import { kernelsInUse } from "../kernels/wasm-kernel.ts";
import { zstdKernel } from "../kernels/wasm-zstd.ts";
import { zstdEncode } from "../kernels/wasm-zstd-encode.ts";
import { zstdDecode, zstdDecodeInto } from "../kernels/zstd/decode.ts";
import { OptionReader, word } from "../options.ts";
import { checked, checkedSize } from "../output.ts";

/** Decodes zstd frames; output of another size than expected is an error. */
export function zstdDecompress(filter: string, input: Uint8Array, size: OutputSize): Uint8Array {
  if (input.length === 0) throw new CodecError(filter, "no input");
  const { exact } = size;
  const output = exact === undefined || !kernelsInUse() ? undefined : zstdKernel(filter, input, exact, size.room);
  return checked(filter, output ?? zstdDecode(input, size), size);
}

/** Decodes `input[start, end)` into all of `output[at, limit)`; fewer or more bytes are an error. */
export function zstdDecompressInto(
  filter: string,
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): void {
  const size = { exact: limit - at, max: limit - at };
  if (kernelsInUse()) output.set(zstdDecompress(filter, input.subarray(start, end), size), at);
  else checkedSize(filter, zstdDecodeInto(input, start, end, output, at, limit) - at, size);
}

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  return zstdDecompress("zstd", input, size);
}

const DEFAULT_LEVEL = 3;
const MAX_LEVEL = 22;

/** The level of a codec's client data: a signed number, as far as zstd has levels. */
export function zstdLevel(word: number | undefined): number {
  return Math.min(MAX_LEVEL, (word ?? DEFAULT_LEVEL) | 0) || DEFAULT_LEVEL;
}

/** zstd's fastest level. */
const MIN_LEVEL = -131072;

function clientData(options: FilterOptions): ClientData {
  const reader = new OptionReader("zstd", options, ["level"]);
  const level = reader.integer(["level", "clevel"], DEFAULT_LEVEL, MIN_LEVEL, MAX_LEVEL);
  reader.done();
  return [word(level)];
}

/** The codec of filter 32015. */
export const zstd: Codec = {
  decode,
  encode: (input, clientData) => zstdEncode(input, zstdLevel(clientData[0])),
  clientData,
};
