/**
 * Heap objects of fill values: every element that is filled gets copies of its own, since they are freed when it is
 * overwritten.
 */
import { asAddress } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { heapAddress } from "../../data/codecs/heap-list.ts";
import { GLOBAL_HEAP_TABLE } from "../../format/global-heap/global-heap-collection.ts";
import { globalHeapId } from "../../format/global-heap/global-heap-id.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { HeapInsertion } from "../global-heap.ts";
import type { HeapElement } from "./heap-slots.ts";

/** Bytes of a heap object, and the objects that they refer to in turn. */
interface Original {
  readonly bytes: Uint8Array;
  readonly parts: readonly Part[];
}

/** An original, and where the places of its copies stand. */
interface Part {
  readonly place: number;
  readonly original: Original;
}

export class FilledHeap {
  private readonly file: EditorFile;
  private readonly size: number;
  private readonly parts: readonly Part[];
  private readonly insertion: HeapInsertion;

  private constructor(file: EditorFile, size: number, parts: readonly Part[]) {
    this.file = file;
    this.size = size;
    this.parts = parts;
    this.insertion = new HeapInsertion(file, undefined);
  }

  static *load(file: EditorFile, element: HeapElement, value: Uint8Array): Steps<FilledHeap> {
    return new FilledHeap(file, element.size, yield* partsOf(file, element, value, 1));
  }

  /** Gives the `count` elements from byte `at` on, which are copies of the fill value, objects of their own. */
  renew(bytes: Uint8Array, at: number, count: number): void {
    for (let i = 0; i < count; i++) this.renewParts(this.parts, bytes, at + i * this.size);
    this.insertion.finish();
  }

  private renewParts(parts: readonly Part[], bytes: Uint8Array, at: number): void {
    const { sizes } = this.file.structures;
    for (const { place, original } of parts) {
      const copy = original.bytes.slice();
      this.renewParts(original.parts, copy, 0);
      const { address, index } = this.insertion.add(copy);
      const to = new Encoder(sizes, 12);
      globalHeapId(to, { collection: address, index });
      bytes.set(to.finish(), at + place);
    }
  }
}

function* partsOf(
  file: EditorFile,
  { size, slots }: HeapElement,
  bytes: Uint8Array,
  elements: number,
): Steps<readonly Part[]> {
  const { sizes } = file.structures;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Part[] = [];
  for (let i = 0; i < elements; i++) {
    for (const { place, count, inner, present } of slots) {
      const at = i * size;
      const address = present(view, at) ? heapAddress(view, at + place, sizes) : undefined;
      if (address === undefined) continue;
      const index = view.getUint32(at + place + sizes.offsets, true);
      const table = yield* file.structures.get(GLOBAL_HEAP_TABLE, asAddress(address), undefined);
      const from = table.start + (table.offsets[index] ?? 0);
      const object = table.block.slice(from, from + (table.lengths[index] ?? 0));
      const nested = inner === undefined ? [] : yield* partsOf(file, inner, object, view.getUint32(at + count, true));
      parts.push({ place: at + place, original: { bytes: object, parts: nested } });
    }
  }
  return parts;
}
