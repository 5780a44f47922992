/** Elements made of a fixed number of others, side by side: arrays and complex numbers. */
import type { AnyData } from "../arrays.ts";
import type { ComplexParts } from "../dtype/meaning.ts";
import type { HeapReferences } from "../sink.ts";
import { ElementSink } from "./element-sink.ts";

/** Arrays (class 10): the elements of all of them follow one another, as further axes of the result. */
export class ArraySink extends ElementSink {
  readonly elementSize: number;
  private readonly base: ElementSink;
  /** Elements of the base type in each. */
  private readonly parts: number;

  constructor(size: number, parts: number, base: ElementSink) {
    super(size === parts * base.elementSize ? base.direct : undefined);
    this.elementSize = size;
    this.base = base;
    this.parts = parts;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { base, parts } = this;
    const width = base.elementSize;
    if (stride === this.elementSize) base.put(source, at, width, index * parts, count * parts);
    else for (let i = 0; i < count; i++) base.put(source, at + i * stride, width, (index + i) * parts, parts);
  }

  clear(index: number, count: number): void {
    this.base.clear(index * this.parts, count * this.parts);
  }

  finish(): HeapReferences | undefined {
    return this.base.finish();
  }

  result(): AnyData {
    return this.base.result();
  }

  slice(start: number, end: number): AnyData {
    return this.base.slice(start * this.parts, end * this.parts);
  }
}

/** Complex numbers whose parts do not stand side by side: compounds with gaps, or in the other order. */
export class ComplexSink extends ElementSink {
  readonly elementSize: number;
  private readonly base: ElementSink;
  private readonly parts: ComplexParts;

  constructor(size: number, parts: ComplexParts, base: ElementSink) {
    super();
    this.elementSize = size;
    this.base = base;
    this.parts = parts;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { base, parts } = this;
    for (let i = 0, k = index * 2; i < count; i++, k += 2, at += stride) {
      base.put(source, at + parts.real, 0, k, 1);
      base.put(source, at + parts.imag, 0, k + 1, 1);
    }
  }

  clear(index: number, count: number): void {
    this.base.clear(index * 2, count * 2);
  }

  finish(): HeapReferences | undefined {
    return this.base.finish();
  }

  result(): AnyData {
    return this.base.result();
  }

  slice(start: number, end: number): AnyData {
    return this.base.slice(start * 2, end * 2);
  }
}
