/** Text and sequences of variable length (class 9): an element is a length, and the place of a heap object. */
import type { Sizes } from "../../bytes/address.ts";
import type { Charset } from "../../format/datatype/datatype.ts";
import type { HeapObjects, Source } from "../source.ts";
import { HeapSource } from "./heap-source.ts";
import { checkTexts, type PackedTexts, packTexts } from "./text-encoder.ts";

/** Texts, all encoded at once. */
export class VariableStringSource extends HeapSource {
  private readonly texts: PackedTexts;

  /** DTypeError where a text has characters that the type does not, or a NUL. */
  constructor(elementSize: number, sizes: Sizes, charset: Charset, data: readonly string[]) {
    super(elementSize, sizes, data.length);
    checkTexts(data, charset, true, "text of variable length");
    this.texts = packTexts(data);
  }

  private length(i: number): number {
    return this.texts.starts[i + 1] - this.texts.starts[i];
  }

  /** Empty text is an object without bytes, as libhdf5 has it: no object is C's null pointer. */
  protected hasObject(): boolean {
    return true;
  }

  protected object(i: number): Uint8Array {
    return this.texts.bytes.subarray(this.texts.starts[i], this.texts.starts[i + 1]);
  }

  protected writeHead(i: number, view: DataView, at: number): number {
    view.setUint32(at, this.length(i), true);
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
