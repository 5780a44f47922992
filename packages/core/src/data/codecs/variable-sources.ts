/** Text and sequences of variable length (class 9): an element is a length, and the place of a heap object. */
import type { Sizes } from "../../bytes/address.ts";
import { DTypeError } from "../../errors.ts";
import type { Charset } from "../../format/datatype/datatype.ts";
import type { HeapObjects, Source } from "../source.ts";
import { HeapSource } from "./heap-source.ts";
import { encodeInto } from "./text-encoder.ts";

export class VariableStringSource extends HeapSource {
  private readonly data: readonly string[];
  private readonly charset: Charset;
  private readonly lengths: Uint32Array;
  private scratch = new Uint8Array(1024);

  constructor(elementSize: number, sizes: Sizes, charset: Charset, data: readonly string[]) {
    super(elementSize, sizes, data.length);
    this.data = data;
    this.charset = charset;
    this.lengths = new Uint32Array(data.length);
  }

  protected hasObject(i: number): boolean {
    return this.data[i].length > 0;
  }

  protected object(i: number): Uint8Array {
    const text = this.data[i];
    if (text.length * 3 > this.scratch.length) this.scratch = new Uint8Array(text.length * 3);
    const end = encodeInto(text, this.scratch, 0, this.scratch.length, this.charset, true);
    if (end < 0) {
      throw new DTypeError(`cannot hold the text of element ${i}`, {
        structure: "text of variable length",
        found: text,
        allowed: `${this.charset === "ascii" ? "ASCII" : "UTF-8"} without NUL`,
      });
    }
    this.lengths[i] = end;
    return this.scratch.subarray(0, end);
  }

  protected writeHead(i: number, view: DataView, at: number): number {
    view.setUint32(at, this.lengths[i], true);
    return 4;
  }
}

/** Sequences, whose elements follow one another in one source of the base type. */
export class SequenceSource extends HeapSource {
  private readonly base: Source;
  /** Where each begins, and where the last ends. */
  private readonly starts: Float64Array;
  private baseReady = false;

  constructor(elementSize: number, sizes: Sizes, base: Source, starts: Float64Array) {
    super(elementSize, sizes, starts.length - 1);
    this.base = base;
    this.starts = starts;
  }

  private length(i: number): number {
    return this.starts[i + 1] - this.starts[i];
  }

  /** First what the elements refer to, then the sequences themselves. */
  override prepare(): HeapObjects | undefined {
    if (!this.baseReady) {
      const inner = this.base.prepare();
      if (inner !== undefined) return inner;
      this.baseReady = true;
    }
    return super.prepare();
  }

  protected hasObject(i: number): boolean {
    return this.length(i) > 0;
  }

  protected object(i: number): Uint8Array {
    const width = this.base.elementSize;
    const bytes = new Uint8Array(this.length(i) * width);
    this.base.take(this.starts[i], this.length(i), bytes, 0, width);
    return bytes;
  }

  protected writeHead(i: number, view: DataView, at: number): number {
    view.setUint32(at, this.length(i), true);
    return 4;
  }
}
