/** Memory that bytes pass through on their way to a result: fresh pages for every read would cost more than the read. */

/** Buffers that are kept, and their bytes at most. */
const KEPT = 2;
const LARGEST = 2 << 20;
/** Bytes behind a power of two. */
const REST = 64;
/** Views of rows that are kept. */
const VIEWS = 8192;
const free: Scratch[] = [];

export class Scratch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Rows at multiples of their length: making a view costs as much as a copy of it, and rows come again and again. */
  private readonly views: (Uint8Array | undefined)[] = [];
  private viewLength = 0;

  constructor(bytes: number) {
    this.bytes = new Uint8Array(bytes);
  }

  /** `length` bytes from `at` on. */
  row(at: number, length: number): Uint8Array {
    const number = at / length;
    if (number >= VIEWS || number !== Math.floor(number)) return this.bytes.subarray(at, at + length);
    if (length !== this.viewLength) {
      this.views.length = 0;
      this.viewLength = length;
    }
    let view = this.views[number];
    if (view === undefined) {
      view = this.bytes.subarray(at, at + length);
      while (this.views.length < number) this.views.push(undefined);
      this.views[number] = view;
    }
    return view;
  }
}

/** At least `bytes` bytes, of any content. */
export function takeScratch(bytes: number): Scratch {
  for (let i = free.length - 1; i >= 0; i--) {
    if (free[i].bytes.length >= bytes) return free.splice(i, 1)[0];
  }
  // Sizes vary from read to read: a power of two serves most of them, and 64 bytes more, so that it has room for a rest.
  return new Scratch(bytes > LARGEST ? bytes : 2 ** Math.ceil(Math.log2(Math.max(4096, bytes - REST))) + REST);
}

/** Gives it back: nobody may hold a view of it. */
export function giveScratch(scratch: Scratch): void {
  if (scratch.bytes.length > LARGEST + REST) return;
  if (free.length < KEPT) free.push(scratch);
  else if (free[0].bytes.length < scratch.bytes.length) free[0] = scratch;
}
