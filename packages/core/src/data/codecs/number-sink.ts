/** Numbers: the one sink that may hold the file's bytes as its result. */
import { swapInPlace } from "../../bytes/swap.ts";
import type { AnyData, TypedArray } from "../arrays.ts";
import { ElementSink } from "./element-sink.ts";
import { type NumberCodec, numberReader } from "./numbers.ts";
import type { Reader } from "./reader.ts";

const bytesOf = (array: TypedArray): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export class NumberSink extends ElementSink {
  readonly elementSize: number;
  private readonly target: TypedArray | bigint[];
  private readonly fresh: boolean;
  private readonly codec: NumberCodec;
  /** Made when first needed: what is read directly does without. */
  private reader: Reader | undefined = undefined;
  /** Bytes to turn around at the end: all elements came as they stand in the file. */
  private unswapped: Uint8Array | undefined;

  /**
   * Into an array of the codec's kind; `fresh`: it is all zeros. `whole`: this is the outermost sink, and `direct` may
   * be filled from outside.
   */
  constructor(codec: NumberCodec, target: TypedArray | bigint[], fresh: boolean, whole: boolean) {
    const direct = whole && codec.bits !== undefined;
    super(direct ? bytesOf(target as TypedArray) : undefined);
    this.elementSize = codec.type.size;
    this.target = target;
    this.fresh = fresh;
    if (codec.bits === "swapped") this.unswapped = this.direct;
    this.codec = codec;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    this.reader ??= this.makeReader();
    this.reader.put(source, at, stride, index, count);
  }

  private makeReader(): Reader {
    const { codec, direct, target } = this;
    return numberReader(direct === undefined ? codec : { ...codec, bits: "native" }, target);
  }

  clear(index: number, count: number): void {
    if (Array.isArray(this.target)) this.target.fill(0n, index, index + count);
    else if (!this.fresh)
      new Uint8Array(this.target.buffer, this.target.byteOffset).fill(0, ...this.bytes(index, count));
  }

  private bytes(index: number, count: number): [number, number] {
    const width = (this.target as TypedArray).BYTES_PER_ELEMENT;
    return [index * width, (index + count) * width];
  }

  finish(): undefined {
    if (this.unswapped !== undefined) swapInPlace(this.unswapped, this.elementSize);
    this.unswapped = undefined;
  }

  result(): AnyData {
    return this.target;
  }

  slice(start: number, end: number): AnyData {
    return Array.isArray(this.target) ? this.target.slice(start, end) : this.target.subarray(start, end);
  }
}
