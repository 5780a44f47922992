/** Elements as the bytes that they are in the file. */
import type { CompoundType } from "../format/datatype/datatype.ts";
import type { Sink } from "./sink.ts";
import type { HeapObjects, Source } from "./source.ts";

/** Elements that stand side by side. */
export class BytesSource implements Source {
  readonly elementSize: number;
  readonly direct: Uint8Array;

  constructor(bytes: Uint8Array, elementSize: number) {
    this.direct = bytes;
    this.elementSize = elementSize;
  }

  prepare(): undefined {
    return undefined;
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { direct, elementSize } = this;
    for (let i = 0; i < count; i++) {
      const from = (index + i) * elementSize;
      target.set(direct.subarray(from, from + elementSize), at + i * stride);
    }
  }
}

/** The bytes of elements, as they stand. */
export class BytesSink implements Sink {
  readonly elementSize: number;
  readonly direct: Uint8Array;
  private readonly fillBytes: Uint8Array;

  constructor(count: number, elementSize: number, fillBytes: Uint8Array = new Uint8Array(elementSize)) {
    this.direct = new Uint8Array(count * elementSize);
    this.elementSize = elementSize;
    this.fillBytes = fillBytes;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { direct, elementSize } = this;
    for (let i = 0; i < count; i++) {
      const from = at + i * stride;
      direct.set(source.subarray(from, from + elementSize), (index + i) * elementSize);
    }
  }

  fill(index: number, count: number): void {
    const { direct, elementSize, fillBytes } = this;
    for (let i = 0; i < count; i++) direct.set(fillBytes, (index + i) * elementSize);
  }

  finish(): undefined {
    return undefined;
  }
}

/** Whole elements out of those that stand in the file and a source of some of their members. */
export class MergedSource implements Source {
  readonly elementSize: number;
  readonly partial: CompoundType | undefined;
  private readonly there: BytesSource;
  private readonly members: Source;

  /** `there`: the bytes of as many elements, as they are. */
  constructor(there: Uint8Array, members: Source) {
    this.elementSize = members.elementSize;
    this.partial = members.partial;
    this.there = new BytesSource(there, members.elementSize);
    this.members = members;
  }

  prepare(): HeapObjects | undefined {
    return this.members.prepare();
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    this.there.take(index, count, target, at, stride);
    this.members.take(index, count, target, at, stride);
  }
}
