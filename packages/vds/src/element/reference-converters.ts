/** Elements that refer to heap objects: their addresses become numbers of a foreign heap. */
import type { FileDatatype as Datatype, Sizes } from "@h5ts/core";
import { type Converter, ElementConverter } from "./converter.ts";
import type { ForeignHeap, HeapSource } from "./foreign-heap.ts";
import { textLength } from "./text-converter.ts";

const TWO_32 = 0x1_0000_0000;

/** An address of `width` bytes; 0 where there is none. */
function addressAt(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let k = width - 1; k >= 0; k--) value = value * 256 + bytes[at + k];
  return value;
}

function putNumber(bytes: Uint8Array, at: number, width: number, value: number): void {
  for (let k = 0, rest = value; k < width; k++) {
    bytes[at + k] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Where in an element the address stands, and bytes before and behind it that stay. */
interface Shape {
  readonly before: number;
  readonly behind: number;
}

/** A length and the id of an object (variable length), or an id alone (references to regions). */
const VARIABLE: Shape = { before: 4, behind: 4 };
const REGION: Shape = { before: 0, behind: 4 };

class ReferenceConverter extends ElementConverter {
  readonly size: number;
  private readonly shape: Shape;
  private readonly from: Sizes;
  private readonly to: Sizes;
  private readonly heap: ForeignHeap;
  private readonly source: HeapSource;

  constructor(shape: Shape, from: Sizes, to: Sizes, heap: ForeignHeap, source: HeapSource) {
    super();
    this.shape = shape;
    this.from = from;
    this.to = to;
    this.heap = heap;
    this.source = source;
    this.size = shape.before + to.offsets + shape.behind;
  }

  protected override one(source: Uint8Array, at: number, target: Uint8Array, to: number): void {
    const { before, behind } = this.shape;
    const address = addressAt(source, at + before, this.from.offsets);
    for (let k = 0; k < before; k++) target[to + k] = source[at + k];
    putNumber(target, to + before, this.to.offsets, address === 0 ? 0 : this.heap.numberOf(this.source, address));
    const from = at + before + this.from.offsets;
    for (let k = 0; k < behind; k++) target[to + before + this.to.offsets + k] = source[from + k];
  }
}

export const variableLength = (from: Sizes, to: Sizes, heap: ForeignHeap, source: HeapSource): Converter =>
  new ReferenceConverter(VARIABLE, from, to, heap, source);

export const regionReference = (from: Sizes, to: Sizes, heap: ForeignHeap, source: HeapSource): Converter =>
  new ReferenceConverter(REGION, from, to, heap, source);

/** Type and flags of a reference of HDF5 1.12. */
const HEAD = 2;
const OBJECT = 2;
const EXTERNAL = 1;

/** References of HDF5 1.12: those to objects of the same file hold a token, all others the id of an object. */
export class StandardReferenceConverter extends ElementConverter {
  readonly size: number;
  private readonly inHeap: Converter;
  private readonly fromSize: number;

  constructor(fromSize: number, size: number, from: Sizes, to: Sizes, heap: ForeignHeap, source: HeapSource) {
    super();
    this.size = size;
    this.fromSize = fromSize;
    this.inHeap = variableLength(from, to, heap, source);
  }

  protected override one(source: Uint8Array, at: number, target: Uint8Array, to: number): void {
    target.fill(0, to, to + this.size);
    const plain = source[at] === 0 || (source[at] === OBJECT && (source[at + 1] & EXTERNAL) === 0);
    target.set(source.subarray(at, at + (plain ? Math.min(this.size, this.fromSize) : HEAD)), to);
    if (!plain) this.inHeap.convert(source, at + HEAD, 0, 1, target, to + HEAD, 0);
  }
}

/** Text of fixed size, put into the heap. */
export class TextToHeapConverter extends ElementConverter {
  readonly size: number;
  private readonly from: Extract<Datatype, { class: "string" }>;
  private readonly to: Sizes;
  private readonly heap: ForeignHeap;

  constructor(from: Extract<Datatype, { class: "string" }>, to: Sizes, heap: ForeignHeap) {
    super();
    this.size = 8 + to.offsets;
    this.from = from;
    this.to = to;
    this.heap = heap;
  }

  protected override one(source: Uint8Array, at: number, target: Uint8Array, to: number): void {
    const { offsets } = this.to;
    const length = textLength(this.from, source, at);
    putNumber(target, to, 4, length % TWO_32);
    putNumber(target, to + 4, offsets, length === 0 ? 0 : this.heap.add(source.slice(at, at + length)));
    putNumber(target, to + 4 + offsets, 4, 1);
  }
}
