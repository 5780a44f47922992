/** Text: of fixed size (class 3), and of variable length (class 9, kind string). */
import type { StringType, VariableLengthType } from "../../format/datatype/datatype.ts";
import type { AnyData } from "../arrays.ts";
import type { HeapReferences } from "../sink.ts";
import type { Budget } from "./budget.ts";
import { copyElements } from "./bytes-sink.ts";
import { ElementSink } from "./element-sink.ts";
import { tooShort } from "./heap-list.ts";
import { decodeFields, TextGatherer } from "./text-blocks.ts";
import { VariableLengthReader } from "./variable-length.ts";

/** Collects all bytes, and decodes them at the end. */
export class StringSink extends ElementSink {
  readonly elementSize: number;
  /** Until they are decoded. */
  private bytes: Uint8Array | undefined;
  private readonly type: StringType;
  private readonly count: number;
  private readonly out: string[];
  private readonly base: number;

  /** The texts go to `out` from `base` on. */
  constructor(type: StringType, count: number, out: string[], base: number) {
    const bytes = new Uint8Array(count * type.size);
    super(bytes);
    this.bytes = bytes;
    this.elementSize = type.size;
    this.type = type;
    this.count = count;
    this.out = out;
    this.base = base;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    copyElements(this.bytes!, this.elementSize, source, at, stride, index, count);
  }

  clear(): void {}

  finish(): undefined {
    if (this.bytes === undefined) return;
    decodeFields(this.bytes, this.elementSize, this.count, this.type.padding, this.out, this.base);
    this.bytes = undefined;
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
  constructor(type: VariableLengthType, count: number, out: string[], base: number, budget: Budget) {
    super();
    this.elementSize = type.size;
    this.reader = new VariableLengthReader(type.size - 8, 1, budget);
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
    const gatherer = (this.gatherer = new TextGatherer(this.out));
    const { list } = this.reader;
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
