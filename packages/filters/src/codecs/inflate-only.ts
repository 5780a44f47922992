/**
 * Deflate, filter 1, for readers that must stay small: decodes only. Without `node:zlib` and WebAssembly it takes the platform's
 * `DecompressionStream`, which is slow, wants nothing behind the stream, and cannot serve synchronous calls.
 */
import { type Codec, CodecError, type OutputSize } from "../filter.ts";
import { inflateKernel } from "../kernels/wasm-inflate.ts";
import { kernelsInUse } from "../kernels/wasm-kernel.ts";
import { checked } from "../output.ts";
import { inflateAsyncWith, inflateWith, type RawInflate } from "./inflate.ts";

const NO_KERNEL = "inflating without waiting needs node:zlib, or WebAssembly with SIMD";

const byKernel: RawInflate = (filter, input, size) => {
  const inflated = kernelsInUse() && inflateKernel(filter, input, 2, size);
  if (inflated) return inflated;
  throw new CodecError(filter, NO_KERNEL);
};

async function decodeAsync(input: Uint8Array, _clientData: unknown, size: OutputSize): Promise<Uint8Array> {
  try {
    return await inflateAsyncWith("deflate", input, size, byKernel);
  } catch (error) {
    if (!(error as Error).message.endsWith(NO_KERNEL)) throw error;
    return checked("deflate", await decompressed(input, size), size);
  }
}

async function decompressed(input: Uint8Array, { max }: OutputSize): Promise<Uint8Array> {
  const output = new Uint8Array(max);
  let length = 0;
  try {
    const stream = new Blob([input as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate"));
    for (const reader = stream.getReader(); ; ) {
      const { value } = await reader.read();
      if (value === undefined) return output.subarray(0, length);
      output.set(value, length);
      length += value.length;
    }
  } catch (cause) {
    throw new CodecError("deflate", "bad input, or more output than expected", { cause });
  }
}

/** The codec of filter 1, without encoding. */
export const inflateOnly: Codec = {
  decode: (input, _clientData, size) => inflateWith("deflate", input, size, byKernel),
  decodeAsync,
};
