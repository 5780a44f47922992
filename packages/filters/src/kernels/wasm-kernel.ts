/**
 * Kernels in WebAssembly: embedded as base64, compiled on first use, synchronously. Where that is not possible (no SIMD,
 * a content security policy) the caller takes the twin in plain TypeScript.
 */

let enabled = true;

/** Whether codecs take kernels, where they can. */
export function kernelsInUse(): boolean {
  return enabled;
}

/** Lets codecs take kernels or only their twins in TypeScript, for tests; gives what was so before. */
export function useKernels(on: boolean): boolean {
  const before = enabled;
  enabled = on;
  return before;
}

/** What every kernel exports. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  /** Where its static data ends. */
  heap(): number;
}

/** Bytes that kernels may touch behind input and output. */
const SLACK = 64;
/** Memory that a kernel keeps between calls, in bytes; a call that needs more gets an instance of its own. */
const KEPT = 16 << 20;
const PAGE = 65536;

/** A compiled kernel with its memory: statics, then input, then output. */
export class Kernel<E> {
  readonly exports: E & KernelExports;
  /** The first address that is free. */
  readonly base: number;
  /** Address of the input. */
  input = 0;
  /** Address of the output. */
  output = 0;
  /** Bytes of the memory. */
  #bytes: Uint8Array;

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module, { env: { abort } }).exports as unknown as E & KernelExports;
    this.base = (this.exports.heap() + 15) & ~15;
    this.#bytes = new Uint8Array(this.exports.memory.buffer);
  }

  /** Puts `input` into the memory and makes room for `length` bytes of output. */
  place(input: Uint8Array, length: number): void {
    this.input = this.base;
    this.output = (this.input + input.length + SLACK + 15) & ~15;
    this.reserve(this.output + length + SLACK - this.base);
    this.#bytes.set(input, this.input);
    this.#bytes.fill(0, this.input + input.length, this.input + input.length + SLACK);
  }

  /** Makes sure of so many bytes from the base on; gives the whole memory. */
  reserve(length: number): Uint8Array {
    const missing = this.base + length - this.#bytes.length;
    if (missing > 0) {
      this.exports.memory.grow(Math.ceil(missing / PAGE));
      this.#bytes = new Uint8Array(this.exports.memory.buffer);
    }
    return this.#bytes;
  }

  /** A copy of `length` bytes of output, in `room` where that is given. */
  take(length: number, room?: Uint8Array): Uint8Array {
    return copyOf(this.#bytes.subarray(this.output, this.output + length), room);
  }

  /** Bytes of the memory. */
  get size(): number {
    return this.#bytes.length;
  }
}

/** The bytes in memory of their own, or at the beginning of `room`. */
export function copyOf(bytes: Uint8Array, room: Uint8Array | undefined): Uint8Array {
  if (room === undefined || room.length < bytes.length) return bytes.slice();
  room.set(bytes);
  return room.subarray(0, bytes.length);
}

/** What a kernel gives; a trap of the machine, which no input should cause, is -100 as its errors are. */
export function trapped(run: () => number): number {
  try {
    return run();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return TRAP;
    throw error;
  }
}

const TRAP = -100;

function abort(): never {
  throw new Error("a kernel aborted");
}

/** A kernel's module and the instance that is kept. */
export class KernelSource<E> {
  readonly #base64: string;
  #module: WebAssembly.Module | undefined | null = null;
  #kept: Kernel<E> | undefined;

  constructor(base64: string) {
    this.#base64 = base64;
  }

  /** A kernel that is free to use until the next call; `undefined` where WebAssembly or its SIMD is not to be had. */
  get(): Kernel<E> | undefined {
    if (this.#kept && this.#kept.size <= KEPT) return this.#kept;
    if (this.#module === null) this.#module = compile(this.#base64);
    this.#kept = this.#module && new Kernel<E>(this.#module);
    return this.#kept;
  }

  /** Forgets the instance if it has grown beyond what is kept. */
  release(): void {
    if (this.#kept && this.#kept.size > KEPT) this.#kept = undefined;
  }
}

function compile(base64: string): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
