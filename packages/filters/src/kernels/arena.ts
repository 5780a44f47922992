/**
 * Buffers in the memory of the kernel assembly/bytes.ts. Code that works on views of bytes asks for them here, once for
 * all that it needs; the functions in lz4.ts, shuffle.ts and bitshuffle.ts see where their arguments lie and take the
 * kernel for those in its memory. Without WebAssembly there are no arenas, and plain buffers do.
 */
import { BYTES } from "./wasm/bytes.ts";
import { copyOf, type Kernel, KernelSource, kernelsInUse } from "./wasm-kernel.ts";

/** The functions of the kernel; addresses and sizes in bytes. */
export interface BytesExports {
  lz4Decode(from: number, end: number, at: number, limit: number): number;
  lzfDecode(from: number, end: number, at: number, limit: number): number;
  lz4Encode(from: number, end: number, at: number): number;
  shuffle(input: number, output: number, count: number, width: number): void;
  unshuffle(input: number, output: number, count: number, width: number): void;
  bitshuffle(input: number, scratch: number, output: number, count: number, width: number): void;
  bitunshuffle(input: number, scratch: number, output: number, count: number, width: number): void;
}

const source = /* @__PURE__ */ new KernelSource<BytesExports>(BYTES);

/** Bytes behind each buffer that the kernel may touch. */
const SLACK = 64;

let current: Kernel<BytesExports> | undefined;
let buffer: ArrayBufferLike | undefined;

/** The kernel, when these bytes lie in its memory. */
export function kernelOf(bytes: Uint8Array): BytesExports | undefined {
  return bytes.buffer === buffer ? current?.exports : undefined;
}

/** Where buffers come from: the kernel's memory, or the heap. */
export interface Arena {
  /** A buffer of this many bytes; its content is undefined in the kernel's memory. */
  make(length: number): Uint8Array;
  /** A buffer that only the kernel needs: without it there is none. */
  scratch(length: number): Uint8Array;
  /** A copy of these bytes, or themselves on the heap. */
  put(bytes: Uint8Array): Uint8Array;
  /** The result: a copy of bytes in the kernel's memory, in `room` where that is given; or themselves on the heap. */
  take(bytes: Uint8Array, room?: Uint8Array): Uint8Array;
}

const heap: Arena = {
  make: (length) => new Uint8Array(length),
  scratch: () => new Uint8Array(0),
  put: (bytes) => bytes,
  take: (bytes) => bytes,
};

/**
 * Runs `work` with an arena for buffers of these sizes. The kernel's memory is free again after it: only what `take`
 * gave may leave.
 */
export function withArena<T>(sizes: readonly number[], work: (arena: Arena) => T): T {
  const kernel = kernelsInUse() ? source.get() : undefined;
  if (!kernel) return work(heap);
  const memory = kernel.reserve(sizes.reduce((sum, size) => sum + size + SLACK + 16, 0));
  let at = kernel.base;
  const make = (length: number): Uint8Array => {
    const view = memory.subarray(at, at + length);
    at = (at + length + SLACK + 15) & ~15;
    if (at > memory.length) throw new RangeError("an arena is smaller than what is made in it");
    return view;
  };
  const put = (bytes: Uint8Array): Uint8Array => {
    const view = make(bytes.length);
    view.set(bytes);
    return view;
  };
  [current, buffer] = [kernel, memory.buffer];
  try {
    return work({ make, scratch: make, put, take: copyOf });
  } finally {
    [current, buffer] = [undefined, undefined];
    source.release();
  }
}
