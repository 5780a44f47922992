/** Counts the bytes that a layout function will write. */
import { type Address, DEFAULT_SIZES, type Sizes } from "./address.ts";
import type { Fields, Layout } from "./fields.ts";
import { encodeText } from "./text.ts";

export class Sizer implements Fields {
  readonly reading = false;
  readonly remaining: number = Infinity;
  readonly sizes: Sizes;
  position = 0;

  constructor(sizes: Sizes = DEFAULT_SIZES) {
    this.sizes = sizes;
  }

  private add<T>(count: number, value: T | undefined): T {
    this.position += count;
    return value as T;
  }

  u8(value: number | undefined): number {
    return this.add(1, value);
  }
  u16(value: number | undefined): number {
    return this.add(2, value);
  }
  u24(value: number | undefined): number {
    return this.add(3, value);
  }
  u32(value: number | undefined): number {
    return this.add(4, value);
  }
  u64(value: number | undefined): number {
    return this.add(8, value);
  }
  i32(value: number | undefined): number {
    return this.add(4, value);
  }
  uint(value: number | undefined, width: number): number {
    return this.add(width, value);
  }
  address(value: Address | null | undefined): Address | null {
    return this.add(this.sizes.offsets, value);
  }
  length(value: number | undefined): number {
    return this.add(this.sizes.lengths, value);
  }
  bytes(value: Uint8Array | undefined, count: number): Uint8Array {
    return this.add(count, value);
  }
  signature(text: string): void {
    this.add(text.length, text);
  }
  reserved(count: number): void {
    this.position += count;
  }
  pad(multiple: number, start = 0): void {
    const over = (this.position - start) % multiple;
    if (over !== 0) this.position += multiple - over;
  }
  text(value: string | undefined, count: number): string {
    return this.add(count, value);
  }
  cstring(value: string | undefined): string {
    return this.add(encodeText(value ?? "").length + 1, value);
  }
  checksum(): void {
    this.position += 4;
  }
  fail(reason: string, found?: unknown): never {
    throw new RangeError(`a value to measure ${reason}: ${String(found)}`);
  }
}

/** Bytes that `layout` writes for `value`. */
export function sizeOf<T, C>(layout: Layout<T, C>, value: T, sizes: Sizes = DEFAULT_SIZES, context?: C): number {
  const sizer = new Sizer(sizes);
  layout(sizer, value, context);
  return sizer.position;
}
