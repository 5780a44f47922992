/** Memory for columns of which every row is written. */
import type { TypedArray } from "h5ts";

interface NodeBuffers {
  allocUnsafeSlow(size: number): { readonly buffer: ArrayBuffer };
}

/** Bytes from which on it is worth it. */
const LARGE = 2 ** 16;

/** Memory that nobody has set to zeros, where there is such: in Node. Never pooled, so that the array has all of its buffer. */
export function unsetMemory(size: number): ArrayBuffer {
  const { Buffer } = globalThis as { readonly Buffer?: NodeBuffers };
  return size < LARGE || Buffer === undefined ? new ArrayBuffer(size) : Buffer.allocUnsafeSlow(size).buffer;
}

/** An array of `length` numbers of the kind of `like`. */
export function unsetNumbers(like: TypedArray, length: number): TypedArray {
  const Maker = like.constructor as new (buffer: ArrayBuffer) => TypedArray;
  return new Maker(unsetMemory(length * like.BYTES_PER_ELEMENT));
}
