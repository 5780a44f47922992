/** Where the canonical encoding of elements is put together, a block at a time. */

const FIRST = 1 << 16;

/** Bytes that grow; numbers are little-endian. */
export class CanonicalOut {
  private buffer: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST);
  private view: DataView = new DataView(this.buffer.buffer);
  private length = 0;

  /** What was put since the last {@link clear}; valid until the next. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  u8(value: number): void {
    this.view.setUint8(this.reserve(1), value);
  }

  u32(value: number): void {
    const at = this.reserve(4);
    this.view.setUint32(at, value, true);
  }

  u64(value: bigint | number): void {
    const at = this.reserve(8);
    this.view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
  }

  /** The low `size` bytes of a number. */
  integer(value: bigint, size: number): void {
    const at = this.reserve(size);
    for (let i = 0; i < size; i++, value >>= 8n) this.buffer[at + i] = Number(value & 0xffn);
  }

  /** `source[from, to)`. */
  put(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    const at = this.reserve(length);
    if (length < 16) for (let i = 0; i < length; i++) this.buffer[at + i] = source[from + i];
    else this.buffer.set(source.subarray(from, to), at);
  }

  /** `source[from, to)`, the last byte first. */
  putReversed(source: Uint8Array, from: number, to: number): void {
    const at = this.reserve(to - from);
    for (let i = from, last = at + to - from - 1; i < to; i++) this.buffer[last - (i - from)] = source[i];
  }

  /** Length, then the bytes. */
  sized(source: Uint8Array, from: number, to: number): void {
    this.u32(to - from);
    this.put(source, from, to);
  }

  private reserve(more: number): number {
    const at = this.length;
    this.length += more;
    if (this.length > this.buffer.length) {
      const grown = new Uint8Array(Math.max(this.length, 2 * this.buffer.length));
      grown.set(this.buffer.subarray(0, at));
      this.buffer = grown;
      this.view = new DataView(grown.buffer);
    }
    return at;
  }
}
