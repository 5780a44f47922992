/** Sequences of variable length (class 9): an element is a count, and the address and index of a heap object. */
import type { Sizes } from "../../bytes/address.ts";
import type { AnyData } from "../arrays.ts";
import type { HeapReferences } from "../sink.ts";
import type { Budget } from "./budget.ts";
import type { ElementSink as Base } from "./element-sink.ts";
import { ElementSink } from "./element-sink.ts";
import { tooShort } from "./heap-list.ts";
import { VariableLengthReader } from "./variable-length.ts";

/**
 * All sequences follow one another in one sink of the base type, as in Arrow's lists; each value is a slice of it. Their
 * elements may refer to heap objects in turn, which are the next round.
 */
export class SequenceSink extends ElementSink {
  readonly elementSize: number;
  private readonly reader: VariableLengthReader;
  private readonly makeBase: (count: number) => Base;
  private readonly count: number;
  private readonly out: AnyData[];
  private readonly at: number;
  private base: Base | undefined;
  private done = false;

  /** The sequences go to `out` from `at` on. `width`: bytes of an element of the base type. */
  constructor(
    size: number,
    sizes: Sizes,
    width: number,
    makeBase: (count: number) => Base,
    count: number,
    out: AnyData[],
    at: number,
    budget: Budget,
  ) {
    super();
    this.elementSize = size;
    this.reader = new VariableLengthReader(sizes, width, count, budget);
    this.makeBase = makeBase;
    this.count = count;
    this.out = out;
    this.at = at;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    this.reader.put(source, at, stride, index, count);
  }

  clear(): void {}

  finish(): HeapReferences | undefined {
    if (this.done) return undefined;
    if (this.base === undefined) {
      this.base = this.makeBase(this.reader.total);
      const first = this.request(this.base);
      if (first !== undefined) return first;
    }
    const next = this.base.finish();
    if (next === undefined) this.assemble(this.base);
    return next;
  }

  /** Asks for the objects, to be put one behind the other. */
  private request(base: Base): HeapReferences | undefined {
    const { list } = this.reader;
    this.reader.release();
    const starts = new Float64Array(list.count);
    for (let i = 0, start = 0; i < list.count; i++) {
      starts[i] = start;
      start += list.length(i);
    }
    const width = base.elementSize;
    return list.references((i, block, offset, length) => {
      const elements = list.length(i);
      if (length < elements * width) throw tooShort(length, elements * width, "variable-length sequence");
      base.put(block, offset, width, starts[i], elements);
    });
  }

  private assemble(base: Base): void {
    const { out, at, count } = this;
    const { list } = this.reader;
    out.fill(base.slice(0, 0), at, at + count);
    for (let i = 0, start = 0; i < list.count; i++) {
      const end = start + list.length(i);
      out[at + list.slot(i)] = base.slice(start, end);
      start = end;
    }
    this.done = true;
  }

  result(): AnyData {
    return this.out;
  }

  slice(start: number, end: number): AnyData {
    return this.out.slice(this.at + start, this.at + end);
  }
}
