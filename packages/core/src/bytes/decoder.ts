/** Reads a structure from bytes in hand. Bounds are checked at every field: running past the end is a FormatError. */
import { FormatError } from "../errors.ts";
import { type Address, type AddressRegion, asAddress, type Sizes } from "./address.ts";
import type { Fields } from "./fields.ts";
import { lookup3 } from "./lookup3.ts";
import { decodeText } from "./text.ts";

const TWO_32 = 0x1_0000_0000;
const UNDEFINED_WIDE = 0xffff_ffff_ffff_ffffn;

export class Decoder implements Fields {
  readonly reading = true;
  /** The block and one view of it, shared by all decoders over it. */
  readonly block: Uint8Array;
  readonly view: DataView;
  readonly sizes: Sizes;
  /** The structure's name, for errors. */
  structure: string;
  /** File address of the block's first byte, for errors. */
  readonly base: number;
  private readonly start: number;
  private readonly end: number;
  /** Offset of the next field in the block. */
  private next: number;

  /** Over `block[start, end)`, which stands at file address `base` + `start`. */
  constructor(
    block: Uint8Array,
    sizes: Sizes,
    structure: string,
    base = 0,
    start = 0,
    end: number = block.length,
    view?: DataView,
  ) {
    this.block = block;
    this.view = view ?? new DataView(block.buffer, block.byteOffset, block.byteLength);
    this.sizes = sizes;
    this.structure = structure;
    this.base = base;
    this.start = start;
    this.next = start;
    this.end = end;
  }

  get position(): number {
    return this.next - this.start;
  }

  get remaining(): number {
    return this.end - this.next;
  }

  /** File address of the next field. */
  get here(): number {
    return this.base + this.next;
  }

  /** Moves to a position, counted from the structure's start. */
  seek(position: number): void {
    if (position < 0 || this.start + position > this.end)
      this.fail("runs past the end of its block", position, `0 to ${this.end - this.start}`);
    this.next = this.start + position;
  }

  /** A decoder over the next `length` bytes, which this one skips. */
  sub(length: number, structure: string = this.structure): Decoder {
    const from = this.take(length);
    return new Decoder(this.block, this.sizes, structure, this.base, from, from + length, this.view);
  }

  private take(count: number): number {
    const from = this.next;
    if (!(count >= 0 && count <= this.end - from)) {
      this.fail("is cut short", `${this.end - from} bytes left`, `at least ${count}`);
    }
    this.next = from + count;
    return from;
  }

  u8(_value?: number): number {
    return this.block[this.take(1)];
  }

  u16(_value?: number): number {
    return this.view.getUint16(this.take(2), true);
  }

  u24(_value?: number): number {
    const at = this.take(3);
    return this.block[at] | (this.block[at + 1] << 8) | (this.block[at + 2] << 16);
  }

  u32(_value?: number): number {
    return this.view.getUint32(this.take(4), true);
  }

  i32(_value?: number): number {
    return this.view.getInt32(this.take(4), true);
  }

  u64(_value?: number): number {
    const at = this.take(8);
    const high = this.view.getUint32(at + 4, true);
    const low = this.view.getUint32(at, true);
    if (high > 0x1f_ffff)
      this.fail(
        "holds a number beyond 2^53",
        `0x${high.toString(16)}${low.toString(16).padStart(8, "0")}`,
        "0 to 2^53 - 1",
      );
    return high * TWO_32 + low;
  }

  uint(_value: number | undefined, width: number): number {
    if (width === 8) return this.u64();
    const at = this.take(width);
    let value = 0;
    for (let k = width - 1; k >= 0; k--) value = value * 256 + this.block[at + k];
    if (value > Number.MAX_SAFE_INTEGER) this.fail("holds a number beyond 2^53", value, "0 to 2^53 - 1");
    return value;
  }

  address(_value?: Address | null): Address | null {
    const value = this.sizes.regions === undefined ? this.word(this.sizes.offsets) : this.regional(this.sizes.regions);
    return value === Infinity ? null : asAddress(value);
  }

  /** An address of a file in several parts. */
  private regional(regions: readonly AddressRegion[]): number {
    const at = this.next;
    if (this.sizes.offsets !== 8 || this.end - at < 8) return this.word(this.sizes.offsets);
    const wide = this.view.getBigUint64(at, true);
    const region = regions.findLast(({ start }) => start <= wide);
    if (wide === UNDEFINED_WIDE || region === undefined) return this.word(8);
    this.next = at + 8;
    return region.at + Number(wide - region.start);
  }

  length(_value?: number): number {
    return this.word(this.sizes.lengths);
  }

  /** Unsigned of 2, 4 or 8 bytes; all ones is Infinity. */
  private word(width: 2 | 4 | 8): number {
    if (width === 8) {
      const at = this.next;
      if (
        this.end - at >= 8 &&
        this.view.getUint32(at, true) === 0xffff_ffff &&
        this.view.getUint32(at + 4, true) === 0xffff_ffff
      ) {
        this.next = at + 8;
        return Infinity;
      }
      return this.u64();
    }
    const value = width === 4 ? this.u32() : this.u16();
    return value === (width === 4 ? 0xffff_ffff : 0xffff) ? Infinity : value;
  }

  bytes(_value: Uint8Array | undefined, count: number): Uint8Array {
    const at = this.take(count);
    return this.block.subarray(at, at + count);
  }

  signature(text: string): void {
    const at = this.take(text.length);
    for (let i = 0; i < text.length; i++) {
      if (this.block[at + i] !== text.charCodeAt(i)) {
        this.fail("has a wrong signature", decodeText(this.block, at, at + text.length), JSON.stringify(text));
      }
    }
  }

  reserved(count: number): void {
    this.take(count);
  }

  pad(multiple: number, start = 0): void {
    const over = (this.position - start) % multiple;
    if (over !== 0) this.take(multiple - over);
  }

  text(_value: string | undefined, count: number): string {
    const at = this.take(count);
    return decodeText(this.block, at, at + count);
  }

  cstring(_value?: string): string {
    const nul = this.block.indexOf(0, this.next);
    if (nul < 0 || nul >= this.end) this.fail("holds a string without a terminating NUL");
    const at = this.take(nul + 1 - this.next);
    return decodeText(this.block, at, nul);
  }

  checksum(start = 0): void {
    const at = this.next;
    const stored = this.u32();
    const computed = lookup3(this.block, this.start + start, at);
    if (stored !== computed) this.fail("fails its checksum", `0x${stored.toString(16)}`, `0x${computed.toString(16)}`);
  }

  fail(reason: string, found?: unknown, allowed?: string): never {
    throw new FormatError(reason, { structure: this.structure, address: this.base + this.next, found, allowed });
  }
}
