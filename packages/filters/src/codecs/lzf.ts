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
import { withArena } from "../kernels/arena.ts";
import { lzfDecode, lzfEncode, lzfLength } from "../kernels/lzf.ts";
import { chunkBytes, OptionReader } from "../options.ts";
import { checkedSize } from "../output.ts";

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  // The chunk size of the client data is not the size here where another filter came before.
  const length = checkedSize("lzf", size.exact ?? lzfLength(input), size);
  return withArena([input.length, length], (arena) => {
    const output = arena.make(length);
    const written = lzfDecode(arena.put(input), output);
    if (written !== length) throw new CodecError("lzf", `output has ${written} bytes instead of ${length}`);
    return arena.take(output, size.room);
  });
}

const REVISION = 4;
const LIBRARY_VERSION = 0x105;

function clientData(options: FilterOptions, chunk: ChunkDescription): ClientData {
  new OptionReader("lzf", options, []).done();
  return [REVISION, LIBRARY_VERSION, chunkBytes(chunk)];
}

/** The codec of filter 32000. */
export const lzf: Codec = { decode, encode: (input) => lzfEncode(input), clientData };
