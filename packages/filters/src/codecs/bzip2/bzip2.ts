/**
 * Bzip2, filter 307: one bzip2 stream.
 *
 * Client data: the block size in 100 KB, 1 to 9; none is 9.
 */
import { type ClientData, type Codec, CodecError, type FilterOptions, type OutputSize } from "../../filter.ts";
import { OptionReader } from "../../options.ts";
import { checked } from "../../output.ts";
import { bzip2Decode } from "./decode.ts";
import { bzip2Encode } from "./encode.ts";

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  return checked("bzip2", bzip2Decode(input, size), size);
}

function encode(input: Uint8Array, clientData: ClientData): Uint8Array {
  const level = clientData[0] ?? 9;
  if (!(level >= 1 && level <= 9)) throw new CodecError("bzip2", `block size ${level}, not 1 to 9`);
  return bzip2Encode(input, level);
}

function clientData(options: FilterOptions): ClientData {
  const reader = new OptionReader("bzip2", options, ["blockSize"]);
  const level = reader.integer(["blockSize", "blocksize"], 9, 1, 9);
  reader.done();
  return [level];
}

/** The codec of filter 307. */
export const bzip2: Codec = { decode, encode, clientData };
