/** The codecs inside Blosc, each decoding one stream to an exact place. */
import { CodecError } from "../../filter.ts";
import { blosclzDecode } from "../../kernels/blosclz.ts";
import { lz4Decode } from "../../kernels/lz4.ts";
import { snappyDecode } from "../../kernels/snappy.ts";
import { inflateZlib } from "../zlib.ts";
import { zstdDecompressInto } from "../zstd.ts";
import { CODECS } from "./header.ts";

/** Decodes `input[start, end)` into all of `output[at, limit)`. */
export function decodeStream(
  filter: string,
  codec: number,
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): void {
  const written = decodeInto(filter, codec, input, start, end, output, at, limit);
  if (written !== limit) throw new CodecError(filter, `a stream has ${written - at} bytes instead of ${limit - at}`);
}

function decodeInto(
  filter: string,
  codec: number,
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  const name = CODECS[codec];
  if (name === "blosclz") return blosclzDecode(input, start, end, output, at, limit);
  if (name === "lz4") return lz4Decode(input, start, end, output, at, limit);
  if (name === "snappy") return snappyDecode(input, start, end, output, at, limit);
  const size = { exact: limit - at, max: limit - at };
  const stream = input.subarray(start, end);
  if (name === "zlib") output.set(inflateZlib(filter, stream, size), at);
  else if (name === "zstd") zstdDecompressInto(filter, input, start, end, output, at, limit);
  else throw new CodecError(filter, `inner codec ${codec}, not 0 to 4`);
  return limit;
}
