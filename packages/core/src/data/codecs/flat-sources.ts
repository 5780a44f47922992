/** Sources of elements that hold all their bytes: numbers, arrays, complex numbers, opaque bytes, text of fixed size. */
import { DTypeError } from "../../errors.ts";
import type { StringType } from "../../format/datatype/datatype.ts";
import type { TypedArray } from "../arrays.ts";
import type { ComplexParts } from "../dtype/meaning.ts";
import type { HeapObjects, Source } from "../source.ts";
import { type NumberCodec, numberWriter } from "./numbers.ts";
import { checkTexts, encodeInto } from "./text-encoder.ts";
import type { Writer } from "./writer.ts";

export class NumberSource implements Source {
  readonly elementSize: number;
  readonly direct?: Uint8Array;
  private readonly writer: Writer;

  /** From an array of the codec's kind. */
  constructor(codec: NumberCodec, data: TypedArray | bigint[]) {
    this.elementSize = codec.type.size;
    this.writer = numberWriter(codec, data);
    if (codec.bits === "native" && !Array.isArray(data)) {
      this.direct = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
  }

  prepare(): undefined {}

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    this.writer.take(index, count, target, at, stride);
  }
}

/** Elements of `parts` others side by side: array datatypes, and complex numbers. */
export class ArraySource implements Source {
  readonly elementSize: number;
  readonly direct?: Uint8Array;
  private readonly base: Source;
  private readonly parts: number;

  constructor(size: number, parts: number, base: Source) {
    this.elementSize = size;
    this.base = base;
    this.parts = parts;
    if (size === parts * base.elementSize && base.direct !== undefined) this.direct = base.direct;
  }

  prepare(): HeapObjects | undefined {
    return this.base.prepare();
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { base, parts } = this;
    const width = base.elementSize;
    if (stride === this.elementSize) base.take(index * parts, count * parts, target, at, width);
    else for (let i = 0; i < count; i++) base.take((index + i) * parts, parts, target, at + i * stride, width);
  }
}

/** Complex numbers whose parts do not stand side by side. */
export class ComplexSource implements Source {
  readonly elementSize: number;
  private readonly base: Source;
  private readonly parts: ComplexParts;

  constructor(size: number, parts: ComplexParts, base: Source) {
    this.elementSize = size;
    this.base = base;
    this.parts = parts;
  }

  prepare(): undefined {}

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    for (let i = 0; i < count; i++, at += stride) {
      target.fill(0, at, at + this.elementSize);
      this.base.take((index + i) * 2, 1, target, at + this.parts.real, 0);
      this.base.take((index + i) * 2 + 1, 1, target, at + this.parts.imag, 0);
    }
  }
}

/** Opaque elements, as bytes of their size each. */
export class OpaqueSource implements Source {
  readonly elementSize: number;
  private readonly data: readonly Uint8Array[];

  /** DTypeError where an element has another number of bytes. */
  constructor(size: number, data: readonly Uint8Array[]) {
    this.elementSize = size;
    this.data = data;
    const wrong = data.findIndex((bytes) => bytes.length !== size);
    if (wrong < 0) return;
    throw new DTypeError(`has a wrong number of bytes in element ${wrong}`, {
      structure: "opaque datatype",
      found: data[wrong].length,
      allowed: String(size),
    });
  }

  prepare(): undefined {}

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    for (let i = 0; i < count; i++, at += stride) target.set(this.data[index + i], at);
  }
}

/** Text of fixed size, filled up as the datatype says; cut off behind the last character that fits, as NumPy does. */
export class StringSource implements Source {
  readonly elementSize: number;
  private readonly type: StringType;
  private readonly data: readonly string[];

  /** DTypeError where a text has characters that the type does not. */
  constructor(type: StringType, data: readonly string[]) {
    this.elementSize = type.size;
    this.type = type;
    this.data = data;
    checkTexts(data, type.charset, type.padding === "nullterm", `text of ${type.size} bytes`);
  }

  prepare(): undefined {}

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { type, data } = this;
    const pad = type.padding === "spacepad" ? 0x20 : 0;
    // A NUL at the end belongs to the text.
    const room = type.padding === "nullterm" ? type.size - 1 : type.size;
    for (let i = 0; i < count; i++, at += stride) {
      target.fill(pad, encodeInto(data[index + i], target, at, at + room), at + type.size);
    }
  }
}
