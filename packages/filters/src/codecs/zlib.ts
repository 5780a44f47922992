/**
 * Zlib streams (RFC 1950) on whole buffers: Node's zlib where there is one, else the kernels of this package. The
 * Adler-32 is verified, bytes behind the stream are accepted, as libhdf5 does.
 */
import { CodecError, type OutputSize } from "../filter.ts";
import { adler32 } from "../kernels/adler32.ts";
import { Inflater } from "../kernels/inflate.ts";
import { type Inflated, inflateKernel } from "../kernels/wasm-inflate.ts";
import { kernelsInUse } from "../kernels/wasm-kernel.ts";
import { checked } from "../output.ts";
import { type NodeZlib, nodeZlib, type ZlibOptions } from "../platform.ts";

/** Output from which on the thread pool pays: below, handing over costs more than inflating. */
const POOL_BYTES = 256 * 1024;

/**
 * Inflates a zlib stream.
 *
 * @param filter the name for errors
 * @throws CodecError on bad input, and on output of another size than expected
 */
export function inflateZlib(filter: string, input: Uint8Array, size: OutputSize): Uint8Array {
  const zlib = nodeZlib();
  if (!zlib) return inflatePlain(filter, input, size);
  try {
    return checked(filter, plain(zlib.inflateSync(input, inflateOptions(input, size))), size);
  } catch (error) {
    throw inflateError(filter, error, size);
  }
}

/** {@link inflateZlib} in the thread pool, where there is one and the output is large. */
export async function inflateZlibAsync(filter: string, input: Uint8Array, size: OutputSize): Promise<Uint8Array> {
  const zlib = nodeZlib();
  if (!zlib || (size.exact ?? 4 * input.length) < POOL_BYTES) return inflateZlib(filter, input, size);
  try {
    return checked(filter, await pooled(zlib.inflate, input, inflateOptions(input, size)), size);
  } catch (error) {
    throw inflateError(filter, error, size);
  }
}

/**
 * Inflates without help of the platform: in WebAssembly where the size is known, else in plain TypeScript.
 */
export function inflatePlain(filter: string, input: Uint8Array, size: OutputSize): Uint8Array {
  const header = (input[0] << 8) | input[1];
  if (input.length < 2 || header % 31 !== 0 || (header & 0x0f00) !== 0x0800 || header >> 12 > 7) {
    throw new CodecError(filter, "no zlib header");
  }
  if (header & 0x20) throw new CodecError(filter, "a zlib stream with a preset dictionary");
  const inflated = kernelsInUse() && size.exact !== undefined ? inflateKernel(filter, input, 2, size.exact) : undefined;
  const { output, position: at, adler32: computed } = inflated ?? inflateTwin(input, size);
  if (at + 4 > input.length) throw new CodecError(filter, "input ends within the stream");
  const stored = ((input[at] << 24) | (input[at + 1] << 16) | (input[at + 2] << 8) | input[at + 3]) >>> 0;
  if (stored !== computed) throw new CodecError(filter, "Adler-32 does not match");
  return checked(filter, output, size);
}

function inflateTwin(input: Uint8Array, size: OutputSize): Inflated {
  const inflater = new Inflater(input, 2, size);
  const output = inflater.run();
  return { output, position: inflater.position, adler32: adler32(output) };
}

/** Deflates to a zlib stream with Node's zlib; `undefined` where there is none. */
export function deflateZlib(input: Uint8Array, level: number): Uint8Array | undefined {
  const output = nodeZlib()?.deflateSync(input, deflateOptions(input, level));
  return output && plain(output);
}

/** {@link deflateZlib} in the thread pool where the input is large. */
export async function deflateZlibAsync(input: Uint8Array, level: number): Promise<Uint8Array | undefined> {
  const zlib = nodeZlib();
  if (!zlib || input.length < POOL_BYTES / 8) return deflateZlib(input, level);
  return pooled(zlib.deflate, input, deflateOptions(input, level));
}

/** One buffer takes the whole output: with a byte to spare zlib sees the end of the stream without asking for another. */
function inflateOptions(input: Uint8Array, size: OutputSize): ZlibOptions {
  const guess = Math.min(size.max, Math.max(1024, 4 * input.length));
  return { chunkSize: Math.max(64, (size.exact ?? guess) + 1), maxOutputLength: Math.max(1, size.exact ?? size.max) };
}

/** Room for what does not compress, as zlib's `deflateBound` computes it. */
function deflateOptions(input: Uint8Array, level: number): ZlibOptions {
  return { level, chunkSize: Math.max(64, input.length + (input.length >> 10) + 64) };
}

function pooled(call: NodeZlib["inflate"], input: Uint8Array, options: ZlibOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    call(input, options, (error, result) => (error ? reject(error) : resolve(plain(result))));
  });
}

function inflateError(filter: string, error: unknown, size: OutputSize): CodecError {
  if (error instanceof CodecError) return error;
  const { code, message } = error as Error & { code?: string };
  const reason = code === "ERR_BUFFER_TOO_LARGE" ? `more output than ${size.exact ?? size.max} bytes` : message;
  return new CodecError(filter, reason, { cause: error });
}

/** The bytes of a Node `Buffer`, whose methods differ, as what this package promises. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
