/** Huge objects of fractal heaps: alone in the file, found by number in a version 2 B-tree or by what their id says. */
import { Encoder } from "../../bytes/encoder.ts";
import type { FractalHeap } from "../../engine/fractal-heap/heap.ts";
import { numberedObject } from "../../engine/fractal-heap/huge-objects.ts";
import type { RecordLayout } from "../../format/btree-v2/node.ts";
import {
  HUGE_DIRECT_RECORD,
  HUGE_INDIRECT_RECORD,
  type HugeObject,
} from "../../format/btree-v2/records/huge-object.ts";
import type { HeapId } from "../../format/fractal-heap/heap-id.ts";
import type { Steps } from "../../steps/steps.ts";
import type { RecordOrder } from "../btree-v2/btree-way.ts";
import { createBtreeV2, insertRecord, removeRecord } from "../btree-v2/edited-btree.ts";
import { freeBtreeV2 } from "../btree-v2/free-btree.ts";
import type { EditorFile } from "../editor-file.ts";
import { freeRaw } from "../raw-space.ts";
import { putHeapHeader } from "./new-heap.ts";

/** Node size of the tree of huge objects, as the reference library has it. */
const NODE_SIZE = 512;

export function* insertHuge(file: EditorFile, heap: FractalHeap, object: Uint8Array): Steps<HeapId> {
  const { header, shape, address } = heap;
  // Files with paged aggregation keep huge objects among raw data.
  const at = file.allocator.allocate(object.length, "raw");
  yield* file.raw.write(at, object);
  const place: HugeObject = { address: at, length: object.length };
  const number = header.nextHugeId + 1;
  const kind = shape.hugeDirect ? HUGE_DIRECT_RECORD : HUGE_INDIRECT_RECORD;
  const hugeBtree = header.hugeBtree ?? createBtreeV2(file, { kind, nodeSize: NODE_SIZE });
  if (shape.hugeDirect)
    yield* insertRecord(file, hugeBtree, kind, record(file, HUGE_DIRECT_RECORD, place), byPlace(file, place));
  else
    yield* insertRecord(
      file,
      hugeBtree,
      kind,
      record(file, HUGE_INDIRECT_RECORD, { ...place, id: number }),
      byNumber(file, number),
    );
  putHeapHeader(file, address, {
    ...header,
    hugeBtree,
    nextHugeId: shape.hugeDirect ? header.nextHugeId : number,
    hugeSpace: header.hugeSpace + object.length,
    hugeObjects: header.hugeObjects + 1,
  });
  return shape.hugeDirect ? { kind: "huge", object: place } : { kind: "huge-numbered", id: number };
}

export function* removeHuge(
  file: EditorFile,
  heap: FractalHeap,
  id: Exclude<HeapId, { kind: "managed" | "tiny" }>,
): Steps<void> {
  const { header, address } = heap;
  const object = id.kind === "huge" ? id.object : yield* numberedObject(file, heap, id.id);
  if (header.hugeBtree !== null) {
    if (id.kind === "huge") yield* removeRecord(file, header.hugeBtree, HUGE_DIRECT_RECORD, byPlace(file, object));
    else yield* removeRecord(file, header.hugeBtree, HUGE_INDIRECT_RECORD, byNumber(file, id.id));
  }
  freeRaw(file, object.address, object.length);
  const left = {
    ...header,
    hugeSpace: header.hugeSpace - object.length,
    hugeObjects: header.hugeObjects - 1,
  };
  if (left.hugeObjects > 0 || left.hugeBtree === null) {
    putHeapHeader(file, address, left);
    return;
  }
  // An empty tree goes: the reference library would remove it when it closes the heap, also in a file that it only reads.
  yield* freeBtreeV2(file, left.hugeBtree, id.kind === "huge" ? HUGE_DIRECT_RECORD : HUGE_INDIRECT_RECORD);
  putHeapHeader(file, address, { ...left, hugeBtree: null, nextHugeId: 0, hugeIdsWrapped: false });
}

function record<R>(file: EditorFile, { layout }: RecordLayout<R>, value: R): Uint8Array {
  const to = new Encoder(file.structures.sizes, 32);
  layout(to, value);
  return to.finish();
}

/** The number is the last field of a record. */
function byNumber(file: EditorFile, number: number): RecordOrder {
  const { offsets, lengths } = file.structures.sizes;
  return { compare: (view) => number - unsigned(view, offsets + lengths, lengths) };
}

function byPlace(file: EditorFile, { address, length }: HugeObject): RecordOrder {
  const { offsets, lengths } = file.structures.sizes;
  return { compare: (view) => address - unsigned(view, 0, offsets) || length - unsigned(view, offsets, lengths) };
}

function unsigned(view: DataView, at: number, width: 2 | 4 | 8): number {
  if (width === 2) return view.getUint16(at, true);
  const low = view.getUint32(at, true);
  return width === 4 ? low : low + view.getUint32(at + 4, true) * 0x1_0000_0000;
}
