/** Zlib streams (RFC 1950), both ways: Node's zlib where there is one, else the kernels of this package. */
import type { OutputSize } from "../filter.ts";
import { adler32 } from "../kernels/adler32.ts";
import { Inflater } from "../kernels/inflate.ts";
import { inflateKernel } from "../kernels/wasm-inflate.ts";
import { kernelsInUse } from "../kernels/wasm-kernel.ts";
import { nodeZlib, plainBytes, type ZlibOptions } from "../platform.ts";
import { inflateAsyncWith, inflateStream, inflateWith, POOL_BYTES, pooled, type RawInflate } from "./inflate.ts";

/**
 * Inflates a zlib stream.
 *
 * @param filter the name for errors
 * @throws CodecError on bad input, and on output of another size than expected
 */
export function inflateZlib(filter: string, input: Uint8Array, size: OutputSize): Uint8Array {
  return inflateWith(filter, input, size, kernelOrTwin);
}

/** {@link inflateZlib} in the thread pool, where there is one and the output is large. */
export function inflateZlibAsync(filter: string, input: Uint8Array, size: OutputSize): Promise<Uint8Array> {
  return inflateAsyncWith(filter, input, size, kernelOrTwin);
}

/** Inflates without help of the platform: in WebAssembly where that is to be had, else in plain TypeScript. */
export function inflatePlain(filter: string, input: Uint8Array, size: OutputSize): Uint8Array {
  return inflateStream(filter, input, size, kernelOrTwin);
}

const kernelOrTwin: RawInflate = (filter, input, size) => {
  const inflated = kernelsInUse() && inflateKernel(filter, input, 2, size);
  if (inflated) return inflated;
  const inflater = new Inflater(input, 2, size);
  const output = inflater.run();
  return { output, position: inflater.position, adler32: adler32(output) };
};

/** Deflates to a zlib stream with Node's zlib; `undefined` where there is none. */
export function deflateZlib(input: Uint8Array, level: number): Uint8Array | undefined {
  const output = nodeZlib()?.deflateSync(input, deflateOptions(input, level));
  return output && plainBytes(output);
}

/** {@link deflateZlib} in the thread pool where the input is large. */
export async function deflateZlibAsync(input: Uint8Array, level: number): Promise<Uint8Array | undefined> {
  const zlib = nodeZlib();
  if (!zlib || input.length < POOL_BYTES / 8) return deflateZlib(input, level);
  return pooled(zlib.deflate, input, deflateOptions(input, level));
}

/** Room for what does not compress, as zlib's `deflateBound` computes it. */
function deflateOptions(input: Uint8Array, level: number): ZlibOptions {
  return { level, chunkSize: Math.max(64, input.length + (input.length >> 10) + 64) };
}
