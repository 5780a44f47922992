/** Encoding of zstd in WebAssembly; see assembly/zstd-encode.ts, and zstd/encode.ts for its twin. */
import { ZSTD_ENCODE } from "./wasm/zstd-encode.ts";
import { KernelSource, kernelsInUse } from "./wasm-kernel.ts";
import { zstdEncode as encodeTwin } from "./zstd/encode.ts";
import { MAX_BLOCK } from "./zstd/literals.ts";
import { effortOf } from "./zstd/match-finder.ts";

interface Exports {
  encode(
    input: number,
    length: number,
    output: number,
    chain: number,
    depth: number,
    lazy: number,
    enough: number,
    skip: number,
  ): number;
}

const source = /* @__PURE__ */ new KernelSource<Exports>(ZSTD_ENCODE);

/** Memory that the kernel addresses; larger inputs are for the twin. */
const MAX_INPUT = 2 ** 28;

/** Encodes `input` as one frame; `level` is one of zstd's, negative ones to 22. */
export function zstdEncode(input: Uint8Array, level: number): Uint8Array {
  const kernel = kernelsInUse() && input.length <= MAX_INPUT ? source.get() : undefined;
  if (!kernel) return encodeTwin(input, level);
  const { depth, lazy, enough, skip } = effortOf(level);
  const room = (input.length + 3 * Math.ceil(input.length / MAX_BLOCK) + 1024 + 15) & ~15;
  kernel.place(input, room + (depth > 1 ? 4 * input.length : 0));
  const { exports, input: from, output: to } = kernel;
  const written = exports.encode(from, input.length, to, to + room, depth, lazy, enough, skip);
  const frame = kernel.take(written);
  source.release();
  return frame;
}
