/**
 * LZF, filter 32000, h5py's own: a bare LZF stream. What does not become smaller is left out of the pipeline.
 *
 * Client data: revision of the filter (4), version of LibLZF (0x105), bytes of a chunk; older files have fewer.
 */
import {
  type ChunkDescription,
  type ClientData,
  type Codec,
  CodecError,
  type FilterOptions,
  type OutputSize,
} from "../filter.ts";
import { lzfDecode, lzfEncode } from "../kernels/lzf.ts";
import { chunkBytes, OptionReader } from "../options.ts";
import { checkedSize } from "../output.ts";

function decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array {
  const known = size.exact ?? (clientData[2] > 0 ? checkedSize("lzf", clientData[2], size) : undefined);
  // Without any size the format bounds it: three bytes make 264 at most.
  const output = new Uint8Array(known ?? Math.min(size.max, input.length * 88 + 264));
  const written = lzfDecode(input, output);
  if (known === undefined) return output.slice(0, written);
  if (written !== known) throw new CodecError("lzf", `output has ${written} bytes instead of ${known}`);
  return output;
}

const REVISION = 4;
const LIBRARY_VERSION = 0x105;

function clientData(options: FilterOptions, chunk: ChunkDescription): ClientData {
  new OptionReader("lzf", options, []).done();
  return [REVISION, LIBRARY_VERSION, chunkBytes(chunk)];
}

/** The codec of filter 32000. */
export const lzf: Codec = { decode, encode: (input) => lzfEncode(input), clientData };
