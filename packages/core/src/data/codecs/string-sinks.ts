/** Text: of fixed size (class 3), and of variable length (class 9, kind string). */
import type { Sizes } from "../../bytes/address.ts";
import type { StringPadding, StringType } from "../../format/datatype/datatype.ts";
import type { AnyData } from "../arrays.ts";
import type { HeapReferences } from "../sink.ts";
import type { Budget } from "./budget.ts";
import { ElementSink } from "./element-sink.ts";
import { tooShort } from "./heap-list.ts";
import { FieldDecoder } from "./text-fields.ts";
import { TextGatherer } from "./text-gatherer.ts";
import { VariableLengthReader } from "./variable-length.ts";

/** An element is its bytes, filled up to the size. */
export class StringSink extends ElementSink {
  readonly elementSize: number;
  private readonly decoder: FieldDecoder;
  private readonly out: string[];
  private readonly base: number;
  private readonly padding: StringPadding;
  private view: DataView | undefined;
  private source: Uint8Array | undefined;

  /** The texts go to `out` from `base` on. */
  constructor(type: StringType, count: number, out: string[], base: number) {
    super();
    this.elementSize = type.size;
    this.decoder = new FieldDecoder(type.size, type.padding, count, out);
    this.out = out;
    this.base = base;
    this.padding = type.padding;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    if (this.source !== source) {
      this.source = source;
      this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    }
    this.decoder.put(source, this.view!, at, stride, this.base + index, count);
  }

  clear(index: number, count: number): void {
    const text = this.padding === "spacepad" ? "\0".repeat(this.elementSize) : "";
    this.out.fill(text, this.base + index, this.base + index + count);
  }

  finish(): undefined {
    this.decoder.flush();
    this.source = this.view = undefined;
  }

  result(): AnyData {
    return this.out;
  }

  slice(start: number, end: number): AnyData {
    return this.out.slice(this.base + start, this.base + end);
  }
}

/** An element is the length in bytes, and the address and index of a heap object. */
export class VariableStringSink extends ElementSink {
  readonly elementSize: number;
  private readonly out: string[];
  private readonly base: number;
  private readonly reader: VariableLengthReader;
  private gatherer: TextGatherer | undefined;

  /** The texts go to `out` from `base` on; those not put are empty. */
  constructor(size: number, sizes: Sizes, count: number, out: string[], base: number, budget: Budget) {
    super();
    this.elementSize = size;
    this.reader = new VariableLengthReader(sizes, 1, count, budget);
    this.out = out.fill("", base, base + count);
    this.base = base;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    this.reader.put(source, at, stride, this.base + index, count);
  }

  clear(): void {}

  finish(): HeapReferences | undefined {
    this.reader.release();
    if (this.gatherer !== undefined) {
      this.gatherer.flush();
      this.gatherer = undefined;
      return undefined;
    }
    const { list, total } = this.reader;
    const gatherer = (this.gatherer = new TextGatherer(this.out, list.count, total));
    return list.references((i, block, offset, length) => {
      const needed = list.length(i);
      if (length < needed) throw tooShort(length, needed, "variable-length string");
      gatherer.add(list.slot(i), block, offset, offset + needed);
    });
  }

  result(): AnyData {
    return this.out;
  }

  slice(start: number, end: number): AnyData {
    return this.out.slice(this.base + start, this.base + end);
  }
}
