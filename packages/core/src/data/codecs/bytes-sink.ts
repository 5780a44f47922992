/** Elements as the bytes that they are in the file: opaque ones (class 5), and any type seen through `asBytes`. */
import type { AnyData } from "../arrays.ts";
import { ElementSink } from "./element-sink.ts";

/** From this many bytes on `set` beats a loop. */
const LONG = 48;

/** Copies elements of `size` bytes side by side. */
export function copyElements(
  target: Uint8Array,
  size: number,
  source: Uint8Array,
  at: number,
  stride: number,
  index: number,
  count: number,
): void {
  if (stride === size) {
    target.set(source.subarray(at, at + count * size), index * size);
    return;
  }
  for (let i = 0, to = index * size; i < count; i++, at += stride, to += size) {
    if (size < LONG) for (let k = 0; k < size; k++) target[to + k] = source[at + k];
    else target.set(source.subarray(at, at + size), to);
  }
}

/** All elements in one array of bytes. */
export class BytesSink extends ElementSink {
  readonly elementSize: number;
  protected readonly target: Uint8Array<ArrayBuffer>;
  private readonly fresh: boolean;

  constructor(size: number, target: Uint8Array<ArrayBuffer>, fresh: boolean) {
    super(target);
    this.elementSize = size;
    this.target = target;
    this.fresh = fresh;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    copyElements(this.target, this.elementSize, source, at, stride, index, count);
  }

  clear(index: number, count: number): void {
    if (!this.fresh) this.target.fill(0, index * this.elementSize, (index + count) * this.elementSize);
  }

  finish(): undefined {}

  result(): AnyData {
    return this.target;
  }

  slice(start: number, end: number): AnyData {
    return this.target.subarray(start * this.elementSize, end * this.elementSize);
  }
}

/** A view of its bytes for each element. */
export class OpaqueSink extends BytesSink {
  private readonly views: Uint8Array<ArrayBuffer>[];
  private readonly base: number;

  /** The views go to `views` from `base` on. */
  constructor(size: number, count: number, views: Uint8Array<ArrayBuffer>[], base: number) {
    super(size, new Uint8Array(count * size), true);
    this.views = views;
    this.base = base;
  }

  private view(i: number): Uint8Array<ArrayBuffer> {
    return this.target.subarray(i * this.elementSize, (i + 1) * this.elementSize);
  }

  override result(): AnyData {
    const count = this.target.length / this.elementSize;
    for (let i = 0; i < count; i++) this.views[this.base + i] = this.view(i);
    return this.views;
  }

  override slice(start: number, end: number): AnyData {
    return Array.from({ length: end - start }, (_, i) => this.view(start + i));
  }
}
