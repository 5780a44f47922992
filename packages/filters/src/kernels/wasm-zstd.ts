/** Decoding of zstd in WebAssembly; see assembly/zstd.ts, and zstd/decode.ts for its twin. */
import { CodecError } from "../filter.ts";
import { ZSTD } from "./wasm/zstd.ts";
import { KernelSource, trapped } from "./wasm-kernel.ts";

interface Exports {
  decode(input: number, inputLength: number, output: number, outputLength: number): number;
}

/** What the kernel's errors mean, from -1 on. */
const ERRORS = [
  "input ends within a frame",
  "more output than expected",
  "no zstd frame, or a reserved bit in its header",
  "a frame that needs a dictionary",
  "a frame of another size than its header says",
  "XXH64 checksum does not match",
  "a block of a bad type or size",
  "bad literals",
  "a bad Huffman tree",
  "a bad distribution",
  "bad sequences",
  "a match from before the output",
];

const source = /* @__PURE__ */ new KernelSource<Exports>(ZSTD);

/**
 * Decodes all frames of `input` to `length` bytes at most, into `room` where that is given; `undefined` without WebAssembly.
 *
 * @throws CodecError on bad input, and on more output
 */
export function zstdKernel(
  filter: string,
  input: Uint8Array,
  length: number,
  room?: Uint8Array,
): Uint8Array | undefined {
  const kernel = source.get();
  if (!kernel) return undefined;
  kernel.place(input, length);
  const written = trapped(() => kernel.exports.decode(kernel.input, input.length, kernel.output, length));
  try {
    if (written < 0) throw new CodecError(filter, ERRORS[-1 - written] ?? "bad input");
    return kernel.take(written, room);
  } finally {
    source.release();
  }
}
