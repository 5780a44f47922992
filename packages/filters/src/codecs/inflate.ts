/**
 * Inflating zlib streams (RFC 1950) on whole buffers: Node's zlib where there is one, else what the caller brings. The
 * Adler-32 is verified, bytes behind the stream are accepted, as libhdf5 does.
 */
import { CodecError, type OutputSize } from "../filter.ts";
import type { Inflated } from "../kernels/wasm-inflate.ts";
import { checked } from "../output.ts";
import { type NodeZlib, nodeZlib, plainBytes, type ZlibOptions } from "../platform.ts";
import { nodeInflateInto, nodeInflateIntoAsync } from "./node-inflater.ts";

/** Output from which on the thread pool pays: below, handing over costs more than inflating. */
export const POOL_BYTES: number = 256 * 1024;

/** Inflates the raw stream behind a header of two bytes. */
export type RawInflate = (filter: string, input: Uint8Array, size: OutputSize) => Inflated;

/**
 * Inflates a zlib stream.
 *
 * @param filter the name for errors
 * @param raw does it where the platform does not
 * @throws CodecError on bad input, and on output of another size than expected
 */
export function inflateWith(filter: string, input: Uint8Array, size: OutputSize, raw: RawInflate): Uint8Array {
  const zlib = nodeZlib();
  if (!zlib) return inflateStream(filter, input, size, raw);
  const { exact, room } = size;
  const output = exact === undefined ? undefined : room?.subarray(0, exact);
  if (output && nodeInflateInto(input, output)) return output;
  try {
    return checked(filter, plainBytes(zlib.inflateSync(input, inflateOptions(input, size))), size);
  } catch (error) {
    throw inflateError(filter, error, size);
  }
}

/** {@link inflateWith} in the thread pool, where there is one and the output is large. */
export async function inflateAsyncWith(
  filter: string,
  input: Uint8Array,
  size: OutputSize,
  raw: RawInflate,
): Promise<Uint8Array> {
  const zlib = nodeZlib();
  if (!zlib || (size.exact ?? 4 * input.length) < POOL_BYTES) return inflateWith(filter, input, size, raw);
  const { exact, room } = size;
  const output = exact === undefined ? undefined : (room?.subarray(0, exact) ?? new Uint8Array(exact));
  if (output && (await nodeInflateIntoAsync(input, output))) return output;
  try {
    return checked(filter, await pooled(zlib.inflate, input, inflateOptions(input, size)), size);
  } catch (error) {
    throw inflateError(filter, error, size);
  }
}

/** Inflates without help of the platform. */
export function inflateStream(filter: string, input: Uint8Array, size: OutputSize, raw: RawInflate): Uint8Array {
  const header = (input[0] << 8) | input[1];
  if (input.length < 2 || header % 31 !== 0 || (header & 0x0f00) !== 0x0800 || header >> 12 > 7) {
    throw new CodecError(filter, "no zlib header");
  }
  if (header & 0x20) throw new CodecError(filter, "a zlib stream with a preset dictionary");
  const { output, position: at, adler32: computed } = raw(filter, input, size);
  if (at + 4 > input.length) throw new CodecError(filter, "input ends within the stream");
  const stored = ((input[at] << 24) | (input[at + 1] << 16) | (input[at + 2] << 8) | input[at + 3]) >>> 0;
  if (stored !== computed) throw new CodecError(filter, "Adler-32 does not match");
  return checked(filter, output, size);
}

/** One buffer takes the whole output: with a byte to spare zlib sees the end of the stream without asking for another. */
function inflateOptions(input: Uint8Array, size: OutputSize): ZlibOptions {
  const guess = Math.min(size.max, Math.max(1024, 4 * input.length));
  return { chunkSize: Math.max(64, (size.exact ?? guess) + 1), maxOutputLength: Math.max(1, size.exact ?? size.max) };
}

/** Runs a call of Node's zlib in the thread pool. */
export function pooled(call: NodeZlib["inflate"], input: Uint8Array, options: ZlibOptions): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    call(input, options, (error, result) => (error ? reject(error) : resolve(plainBytes(result))));
  });
}

function inflateError(filter: string, error: unknown, size: OutputSize): CodecError {
  if (error instanceof CodecError) return error;
  const { code, message } = error as Error & { code?: string };
  const reason = code === "ERR_BUFFER_TOO_LARGE" ? `more output than ${size.exact ?? size.max} bytes` : message;
  return new CodecError(filter, reason, { cause: error });
}
