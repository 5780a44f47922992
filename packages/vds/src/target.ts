/** Where the elements of a view go, whatever files and datatypes they come from. */
import { type DatasetInfo, type Sink, type Steps, sameType, type VirtualFile } from "@h5ts/core";
import { type Converter, CopyConverter } from "./element/converter.ts";
import { ForeignHeap, type HeapOrigin } from "./element/foreign-heap.ts";
import { hasReferences, makeConverter } from "./element/make-converter.ts";
import { PieceSink } from "./plan/piece-sink.ts";
import type { Placement } from "./plan/placement.ts";

/** A source, as far as its elements go. */
export interface ElementsOf {
  readonly file: VirtualFile;
  readonly info: DatasetInfo;
}

export interface TargetPiece {
  readonly sink: PieceSink;
  /** For a source that is itself a view: where it numbers its heap objects. */
  readonly heap?: ForeignHeap;
}

/** `heap`: where heap objects are numbered, if this view is a source of another. */
export function targetOf(
  file: VirtualFile,
  info: DatasetInfo,
  sink: Sink,
  sources: readonly (ElementsOf | undefined)[],
  heap?: ForeignHeap,
): Target {
  if (heap !== undefined || !hasReferences(info.datatype)) return new Target(file, info, sink, heap);
  const own = sources.every(
    (source) =>
      source === undefined ||
      (source.file === file && source.info.layout.class !== "virtual" && sameType(source.info.datatype, info.datatype)),
  );
  return new Target(file, info, sink, own ? undefined : new ForeignHeap());
}

/** Whether elements of a source are those of a view, and what was never written reads the same. */
export function sameElements(source: ElementsOf, view: ElementsOf): boolean {
  const { datatype, fill, layout } = source.info;
  if (layout.class === "virtual" || !sameType(datatype, view.info.datatype)) return false;
  if (source.file !== view.file && hasReferences(datatype)) return false;
  const [own, other] = [fill.value, view.info.fill.value];
  return own === other || (own?.length === other?.length && own?.every((byte, i) => byte === other?.[i]) === true);
}

export class Target {
  private readonly file: VirtualFile;
  private readonly info: DatasetInfo;
  private readonly sink: Sink;
  private readonly heap: ForeignHeap | undefined;
  /** By datatypes of sources, and files where that counts. */
  private converters: Map<unknown, Converter | undefined> | undefined;

  constructor(file: VirtualFile, info: DatasetInfo, sink: Sink, heap: ForeignHeap | undefined) {
    this.file = file;
    this.info = info;
    this.sink = sink;
    this.heap = heap;
  }

  /** The sink of a piece. */
  piece(source: ElementsOf, placement: Placement): TargetPiece {
    const { datatype, fill, layout } = source.info;
    const heap = this.heap !== undefined && layout.class === "virtual" ? new ForeignHeap() : undefined;
    const converter = heap === undefined ? this.converter(source) : this.make(source, heap);
    // A fill value's references are those of its file, not those numbered in the heap.
    const value = heap === undefined ? fill.value : undefined;
    return { sink: new PieceSink(this.sink, placement, { size: datatype.size, converter, fill: value }), heap };
  }

  /** Elements without a source. */
  fill(index: number, count: number): void {
    const { value } = this.info.fill;
    if (this.heap === undefined || value === undefined) {
      this.sink.fill(index, count);
      return;
    }
    // What it refers to is numbered as that of all others.
    const converter = this.make({ file: this.file, info: this.info }, this.file) ?? new CopyConverter(value.length);
    const element = new Uint8Array(converter.size);
    converter.convert(value, 0, 0, 1, element, 0, converter.size);
    this.sink.put(element, 0, 0, index, count);
  }

  /** Fetches heap objects. */
  complete(): Steps<void> {
    return (this.heap ?? this.file).complete(this.sink);
  }

  private converter(source: ElementsOf): Converter | undefined {
    if (this.heap !== undefined) return this.make(source, source.file);
    const { datatype } = source.info;
    if (sameType(datatype, this.info.datatype)) return undefined;
    const known = (this.converters ??= new Map()).get(datatype);
    if (known !== undefined) return known;
    const made = this.make(source, source.file);
    this.converters.set(datatype, made);
    return made;
  }

  /** `undefined` where the source's elements are those of the view. */
  private make({ file, info }: ElementsOf, origin: HeapOrigin): Converter | undefined {
    const { datatype } = this.info;
    if (this.heap === undefined && sameType(info.datatype, datatype)) return undefined;
    return makeConverter(info.datatype, datatype, {
      from: file.info.sizes,
      to: this.file.info.sizes,
      origin,
      heap: this.heap ?? new ForeignHeap(),
    });
  }
}
