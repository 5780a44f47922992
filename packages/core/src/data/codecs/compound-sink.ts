/** Compounds (class 6): a column for each member. */
import type { AnyData } from "../arrays.ts";
import type { HeapReferences } from "../sink.ts";
import { ElementSink } from "./element-sink.ts";
import { joinReferences } from "./heap-list.ts";

/** Source bytes gone through for one member before the next: they stay in the cache. */
const BLOCK_BYTES = 64 * 1024;

export interface Column {
  readonly name: string;
  /** Bytes from the start of the element. */
  readonly offset: number;
  readonly sink: ElementSink;
}

export class CompoundSink extends ElementSink {
  readonly elementSize: number;
  private readonly columns: readonly Column[];
  /** Those whose values are not complete. */
  private unfinished: readonly ElementSink[];

  constructor(size: number, columns: readonly Column[]) {
    super();
    this.elementSize = size;
    this.columns = columns;
    this.unfinished = columns.map((column) => column.sink);
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const step = stride === 0 ? count : Math.max(1, Math.floor(BLOCK_BYTES / stride));
    for (let done = 0; done < count; done += step) {
      const rows = Math.min(step, count - done);
      const from = at + done * stride;
      for (const { offset, sink } of this.columns) sink.put(source, from + offset, stride, index + done, rows);
    }
  }

  clear(index: number, count: number): void {
    for (const { sink } of this.columns) sink.clear(index, count);
  }

  finish(): HeapReferences | undefined {
    const asked: HeapReferences[] = [];
    this.unfinished = this.unfinished.filter((sink) => {
      const references = sink.finish();
      if (references !== undefined) asked.push(references);
      return references !== undefined;
    });
    return joinReferences(asked);
  }

  result(): AnyData {
    return this.collect((sink) => sink.result());
  }

  slice(start: number, end: number): AnyData {
    return this.collect((sink) => sink.slice(start, end));
  }

  private collect(data: (sink: ElementSink) => AnyData): AnyData {
    const record: { [name: string]: AnyData } = Object.create(null);
    for (const { name, sink } of this.columns) record[name] = data(sink);
    return record;
  }
}

/** One member alone, of elements that have others. */
export class MemberSink extends ElementSink {
  readonly elementSize: number;
  private readonly offset: number;
  private readonly inner: ElementSink;

  constructor(size: number, offset: number, inner: ElementSink) {
    super();
    this.elementSize = size;
    this.offset = offset;
    this.inner = inner;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    this.inner.put(source, at + this.offset, stride, index, count);
  }

  clear(index: number, count: number): void {
    this.inner.clear(index, count);
  }

  finish(): HeapReferences | undefined {
    return this.inner.finish();
  }

  result(): AnyData {
    return this.inner.result();
  }

  slice(start: number, end: number): AnyData {
    return this.inner.slice(start, end);
  }
}
