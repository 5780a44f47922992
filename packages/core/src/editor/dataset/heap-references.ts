/** The heap objects that elements of a dataset refer to, to be freed with them. */
import { asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import { heapAddress } from "../../data/codecs/heap-list.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Sink } from "../../data/sink.ts";
import { readDataset } from "../../engine/dataset/read-dataset.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { GLOBAL_HEAP_TABLE } from "../../format/global-heap/global-heap-collection.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import type { HeapPlaces } from "../global-heap.ts";
import { type HeapElement, heapElement } from "./heap-slots.ts";

/** Those of the selected elements that are stored. A FormatError where they are not where elements say. */
export function* datasetHeapObjects(
  file: EditorFile,
  info: DatasetInfo,
  selection: Selection,
): Steps<HeapPlaces | undefined> {
  const element = heapElement(info.datatype, file.structures.sizes);
  if (element === undefined || info.layout.class === "virtual") return undefined;
  const references = new References(file, element);
  // Nothing is kept of the elements but their places.
  yield* readDataset({ ...file, limits: { ...file.limits, resultBytes: Infinity } }, info, selection, references);
  yield* references.follow();
  return references.places;
}

/** Those of elements in hand, one behind the other: of attributes, and of fill values. */
export function* elementHeapObjects(
  file: EditorFile,
  datatype: Datatype,
  elements: Uint8Array,
): Steps<HeapPlaces | undefined> {
  const element = heapElement(datatype, file.structures.sizes);
  if (element === undefined) return undefined;
  const references = new References(file, element);
  references.put(elements, 0, element.size, 0, Math.floor(elements.length / element.size));
  yield* references.follow();
  return references.places;
}

/** Takes elements, and keeps only where they point. */
class References implements Sink {
  readonly elementSize: number;
  readonly places: HeapPlaces = { addresses: [], indices: [] };
  private readonly file: EditorFile;
  private readonly element: HeapElement;
  /** Objects that have places of their own. */
  private nested: {
    readonly address: number;
    readonly index: number;
    readonly count: number;
    readonly inner: HeapElement;
  }[] = [];

  constructor(file: EditorFile, element: HeapElement) {
    this.file = file;
    this.element = element;
    this.elementSize = element.size;
  }

  put(source: Uint8Array, at: number, stride: number, _index: number, count: number): void {
    this.take(this.element, source, at, stride, count);
  }

  /** What is not stored refers to nothing. */
  fill(): void {}

  finish(): undefined {}

  private take({ slots }: HeapElement, source: Uint8Array, at: number, stride: number, count: number): void {
    const { sizes } = this.file.structures;
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    for (let i = 0; i < count; i++, at += stride) {
      for (const slot of slots) {
        if (!slot.present(view, at)) continue;
        const address = heapAddress(view, at + slot.place, sizes);
        if (address === undefined) continue;
        const index = view.getUint32(at + slot.place + sizes.offsets, true);
        this.places.addresses.push(address);
        this.places.indices.push(index);
        const { inner } = slot;
        if (inner !== undefined)
          this.nested.push({ address, index, count: view.getUint32(at + slot.count, true), inner });
      }
    }
  }

  /** Goes on to what the objects refer to; and sees that all of them are there. */
  *follow(): Steps<void> {
    const { structures } = this.file;
    while (this.nested.length > 0) {
      const some = this.nested;
      this.nested = [];
      for (const { address, index, count, inner } of some) {
        const table = yield* structures.get(GLOBAL_HEAP_TABLE, asAddress(address), undefined);
        const offset = table.offsets[index] ?? 0;
        if (offset === 0) continue;
        const bytes = table.block.subarray(table.start + offset, table.start + offset + table.lengths[index]);
        this.take(inner, bytes, 0, inner.size, Math.min(count, Math.floor(bytes.length / inner.size)));
      }
    }
    for (const address of new Set(this.places.addresses))
      yield* structures.get(GLOBAL_HEAP_TABLE, asAddress(address), undefined);
  }
}
