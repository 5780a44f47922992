/** Takes the elements of one piece from its source, and hands them on to where they stand in the result. */
import type { Sink } from "@h5ts/core";
import type { Converter } from "../element/converter.ts";
import type { Placement, RunVisitor } from "./placement.ts";

/** Elements converted at a time. */
const BATCH = 1024;
/** From this many bytes on `set` beats a loop. */
const LONG = 48;

const NOTHING: Uint8Array = new Uint8Array(0);

export interface PieceElements {
  /** Bytes of an element in the source. */
  readonly size: number;
  /** Absent where the source's elements are the view's. */
  readonly converter?: Converter;
  /** What elements of the source read as that were never written, in its own encoding; absent: zeros. */
  readonly fill?: Uint8Array;
}

export class PieceSink implements Sink, RunVisitor {
  readonly elementSize: number;
  readonly direct: Uint8Array | undefined;
  private readonly sink: Sink;
  private readonly placement: Placement;
  private readonly converter: Converter | undefined;
  private readonly fillValue: Uint8Array | undefined;
  private scratch: Uint8Array | undefined;
  /** What is being put. */
  private source: Uint8Array = NOTHING;
  private base = 0;
  private stride = 0;

  constructor(sink: Sink, placement: Placement, { size, converter, fill }: PieceElements) {
    this.sink = sink;
    this.placement = placement;
    this.elementSize = size;
    this.converter = converter;
    this.fillValue = fill;
    const { single } = placement;
    if (converter === undefined && single !== undefined && sink.direct !== undefined)
      this.direct = sink.direct.subarray(single * size, (single + placement.count) * size);
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    this.source = source;
    this.base = at - index * stride;
    this.stride = stride;
    this.placement.visit(index, count, this);
  }

  fill(index: number, count: number): void {
    this.put(this.fillElement(), 0, 0, index, count);
  }

  /** All elements of a placement are as never written. */
  fillAll(placement: Placement): void {
    this.source = this.fillElement();
    this.base = 0;
    this.stride = 0;
    placement.visit(0, placement.count, this);
  }

  private fillElement(): Uint8Array {
    return this.fillValue ?? new Uint8Array(this.elementSize);
  }

  run(result: number, number: number, length: number): void {
    const at = this.base + number * this.stride;
    if (this.converter !== undefined) this.converted(this.converter, at, result, length);
    else if (this.sink.direct !== undefined) this.copy(this.sink.direct, at, result, length);
    else this.sink.put(this.source, at, this.stride, result, length);
  }

  private copy(target: Uint8Array, at: number, result: number, length: number): void {
    const { source, stride, elementSize: size } = this;
    let to = result * size;
    if (stride === size && length * size >= LONG) {
      target.set(source.subarray(at, at + length * size), to);
      return;
    }
    for (let i = 0, from = at; i < length; i++, from += stride) {
      for (let k = 0; k < size; k++) target[to++] = source[from + k];
    }
  }

  private converted(converter: Converter, at: number, result: number, length: number): void {
    const { size } = converter;
    const scratch = (this.scratch ??= new Uint8Array(Math.min(BATCH, Math.max(this.placement.count, length)) * size));
    const most = scratch.length / size;
    for (let done = 0; done < length; done += most) {
      const some = Math.min(most, length - done);
      converter.convert(this.source, at + done * this.stride, this.stride, some, scratch, 0, size);
      this.sink.put(scratch, 0, size, result + done, some);
    }
  }

  /** Heap objects are fetched by whoever reads the view, once for all pieces. */
  finish(): undefined {}
}
