/** Numbers read as others: through a small array of their own kind, or straight where there is a reader for it. */
import type { AnyData, TypedArray } from "../arrays.ts";
import { type converter, convertInto } from "./convert.ts";
import { ElementSink } from "./element-sink.ts";
import { makeNumbers, type NumberCodec, numberReader } from "./numbers.ts";
import type { Reader } from "./reader.ts";

/** Elements that are converted at a time. */
const BATCH = 1024;

/** Reads into the array of the codec, converts from there. `convert` absent: as assignment between the arrays does. */
export class ConvertingReader implements Reader {
  private readonly scratch: TypedArray | bigint[];
  private readonly reader: Reader;
  private readonly target: TypedArray | bigint[];
  private readonly convert: ReturnType<typeof converter> | undefined;

  constructor(codec: NumberCodec, target: TypedArray | bigint[], convert: ReturnType<typeof converter> | undefined) {
    this.scratch = makeNumbers(codec.array, BATCH);
    this.reader = numberReader(codec, this.scratch);
    this.target = target;
    this.convert = convert;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    for (let done = 0; done < count; done += BATCH) {
      const some = Math.min(BATCH, count - done);
      this.reader.put(source, at + done * stride, stride, 0, some);
      this.place(index + done, some);
    }
  }

  private place(index: number, count: number): void {
    const { scratch, target, convert } = this;
    if (convert !== undefined) convertInto(scratch, count, target, index, convert);
    else (target as Float64Array).set((scratch as Float64Array).subarray(0, count), index);
  }
}

/** Numbers by any reader; never the file's own bytes. */
export class ConvertSink extends ElementSink {
  readonly elementSize: number;
  private readonly target: TypedArray | bigint[];
  private readonly reader: Reader;
  private readonly finished: (data: TypedArray | bigint[]) => AnyData;

  /** `finished` makes the data of the array, or of a part of it. */
  constructor(
    size: number,
    target: TypedArray | bigint[],
    reader: Reader,
    finished: (data: TypedArray | bigint[]) => AnyData = (data) => data,
  ) {
    super();
    this.elementSize = size;
    this.target = target;
    this.reader = reader;
    this.finished = finished;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    this.reader.put(source, at, stride, index, count);
  }

  clear(index: number, count: number): void {
    if (Array.isArray(this.target)) this.target.fill(0n, index, index + count);
    else this.target.subarray(index, index + count).fill(0 as never);
  }

  finish(): undefined {}

  result(): AnyData {
    return this.finished(this.target);
  }

  slice(start: number, end: number): AnyData {
    return this.finished(Array.isArray(this.target) ? this.target.slice(start, end) : this.target.subarray(start, end));
  }
}
