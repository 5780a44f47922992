/** What elements hold that nobody has written: the fill value, in the file's own bytes. */
import { type Address, asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import { type Steps, size } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { FilledHeap } from "./filled-heap.ts";
import { heapElement } from "./heap-slots.ts";

/** Bytes that are filled at once. */
const PIECE = 1 << 20;

type Filled = Pick<DatasetInfo, "fill" | "datatype">;

export class FillPattern {
  private readonly width: number;
  /** `undefined`: zeros. */
  private readonly element: Uint8Array | undefined;
  /** Where elements refer to heap objects: each must have its own. */
  private readonly heap: FilledHeap | undefined;

  private constructor(width: number, element: Uint8Array | undefined, heap: FilledHeap | undefined) {
    this.width = width;
    this.element = element;
    this.heap = heap;
  }

  static *load(file: EditorFile, { fill, datatype }: Filled): Steps<FillPattern> {
    const value = fill.defined === "user" ? fill.value : undefined;
    if (value?.some((byte) => byte !== 0) !== true) return new FillPattern(datatype.size, undefined, undefined);
    const element = heapElement(datatype, file.structures.sizes);
    const heap = element === undefined ? undefined : yield* FilledHeap.load(file, element, value);
    return new FillPattern(datatype.size, value, heap);
  }

  get isZero(): boolean {
    return this.element === undefined;
  }

  /** Whether the same bytes may stand in several places of the file. */
  get isRepeatable(): boolean {
    return this.heap === undefined;
  }

  /** Fills elements `[from, to)` of `bytes`. */
  fill(bytes: Uint8Array, from: number, to: number): void {
    const { element, width, heap } = this;
    const start = from * width;
    const end = to * width;
    if (end <= start) return;
    if (element === undefined) {
      bytes.fill(0, start, end);
      return;
    }
    bytes.set(element, start);
    for (let at = start + width; at < end; at += at - start)
      bytes.copyWithin(at, start, Math.min(at, start + end - at));
    heap?.renew(bytes, start, to - from);
  }

  /** `count` elements. */
  filled(count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count * this.width);
    if (!this.isZero) this.fill(bytes, 0, count);
    return bytes;
  }
}

/** Writes the fill value to space that was allocated just now: what stood there before must not show. */
export function* fillSpace(file: EditorFile, info: Filled, address: Address, bytes: number): Steps<void> {
  if (bytes === 0) return;
  const pattern = yield* FillPattern.load(file, info);
  // Behind the end of the storage there are zeros, as soon as it reaches so far.
  if (pattern.isZero && file.base + address >= (yield* size(file.storage))) {
    yield* file.raw.write(asAddress(address + bytes - 1), new Uint8Array(1));
    return;
  }
  const count = Math.ceil(Math.min(PIECE, bytes) / info.datatype.size);
  let piece = pattern.filled(count);
  for (let at = 0; at < bytes; at += piece.length) {
    if (at > 0 && !pattern.isRepeatable) piece = pattern.filled(Math.min(count, (bytes - at) / info.datatype.size));
    yield* file.raw.write(asAddress(address + at), piece.subarray(0, Math.min(piece.length, bytes - at)));
  }
}
