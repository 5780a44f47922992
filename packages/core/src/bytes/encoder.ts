/** Writes a structure into bytes that grow as needed. A value that does not fit its field is a programming error. */
import { type Address, DEFAULT_SIZES, type Sizes } from "./address.ts";
import type { Fields } from "./fields.ts";
import { lookup3 } from "./lookup3.ts";
import { encodeText } from "./text.ts";

const TWO_32 = 0x1_0000_0000;

export class Encoder implements Fields {
  readonly reading = false;
  readonly remaining: number = Infinity;
  readonly sizes: Sizes;
  private block: Uint8Array<ArrayBuffer>;
  private view: DataView;
  private next = 0;

  constructor(sizes: Sizes = DEFAULT_SIZES, capacity = 256) {
    this.sizes = sizes;
    this.block = new Uint8Array(capacity);
    this.view = new DataView(this.block.buffer);
  }

  get position(): number {
    return this.next;
  }

  /** Forgets what was written, and writes over it; those who have a view of it see that. */
  restart(): void {
    this.next = 0;
  }

  /** What was written; a view. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.block.subarray(0, this.next);
  }

  private room(count: number): number {
    const at = this.next;
    this.next = at + count;
    if (this.next > this.block.length) {
      const grown = new Uint8Array(Math.max(this.next, this.block.length * 2));
      grown.set(this.block);
      this.block = grown;
      this.view = new DataView(grown.buffer);
    }
    return at;
  }

  u8(value: number | undefined): number {
    const v = this.fits(value, 1);
    const at = this.room(1);
    this.block[at] = v;
    return v;
  }

  u16(value: number | undefined): number {
    const v = this.fits(value, 2);
    const at = this.room(2);
    this.view.setUint16(at, v, true);
    return v;
  }

  u24(value: number | undefined): number {
    return this.uint(value, 3);
  }

  u32(value: number | undefined): number {
    const v = this.fits(value, 4);
    const at = this.room(4);
    this.view.setUint32(at, v, true);
    return v;
  }

  i32(value: number | undefined): number {
    if (value === undefined || !Number.isInteger(value) || value < -0x8000_0000 || value > 0x7fff_ffff)
      return this.fail("is no 32-bit integer", value);
    const at = this.room(4);
    this.view.setInt32(at, value, true);
    return value;
  }

  u64(value: number | undefined): number {
    return this.uint(value, 8);
  }

  uint(value: number | undefined, width: number): number {
    const v = this.fits(value, width);
    const at = this.room(width);
    let rest = v;
    for (let k = 0; k < width; k++) {
      this.block[at + k] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return v;
  }

  address(value: Address | null | undefined): Address | null {
    if (value === undefined) return this.fail("lacks an address", value);
    if (value === null) this.ones(this.sizes.offsets);
    else this.word(value, this.sizes.offsets);
    return value;
  }

  length(value: number | undefined): number {
    if (value === Infinity) {
      this.ones(this.sizes.lengths);
      return value;
    }
    return this.word(value, this.sizes.lengths);
  }

  private ones(width: number): void {
    const at = this.room(width);
    this.block.fill(0xff, at, at + width);
  }

  private word(value: number | undefined, width: 2 | 4 | 8): number {
    if (width !== 8) return this.uint(value, width);
    const v = this.fits(value, 8);
    const at = this.room(8);
    this.view.setUint32(at, v % TWO_32, true);
    this.view.setUint32(at + 4, Math.floor(v / TWO_32), true);
    return v;
  }

  bytes(value: Uint8Array | undefined, count: number): Uint8Array {
    if (value === undefined || value.length !== count)
      return this.fail("has bytes of a wrong length", value?.length, String(count));
    const at = this.room(count);
    this.block.set(value, at);
    return value;
  }

  signature(text: string): void {
    const at = this.room(text.length);
    for (let i = 0; i < text.length; i++) this.block[at + i] = text.charCodeAt(i);
  }

  reserved(count: number): void {
    const at = this.room(count);
    this.block.fill(0, at, at + count);
  }

  pad(multiple: number, start = 0): void {
    const over = (this.position - start) % multiple;
    if (over !== 0) this.reserved(multiple - over);
  }

  text(value: string | undefined, count: number): string {
    this.bytes(encodeText(value ?? this.fail("lacks a text", value)), count);
    return value!;
  }

  cstring(value: string | undefined): string {
    const bytes = encodeText(value ?? this.fail("lacks a text", value));
    if (bytes.includes(0)) this.fail("is a text with a NUL, which its field cannot hold", value);
    this.bytes(bytes, bytes.length);
    this.reserved(1);
    return value!;
  }

  checksum(start = 0): void {
    this.u32(lookup3(this.block, start, this.next));
  }

  private fits(value: number | undefined, width: number): number {
    const limit = width >= 7 ? Number.MAX_SAFE_INTEGER : 256 ** width - 1;
    if (value === undefined || !Number.isSafeInteger(value) || value < 0 || value > limit)
      return this.fail(`does not fit ${width} bytes`, value);
    return value;
  }

  fail(reason: string, found?: unknown, allowed?: string): never {
    throw new RangeError(
      `a value to encode ${reason}: ${String(found)}${allowed === undefined ? "" : ` (allowed: ${allowed})`}`,
    );
  }
}
