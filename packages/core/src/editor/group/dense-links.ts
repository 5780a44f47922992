/** Editing of dense links: messages in a fractal heap, with B-trees by hash of name and by creation order. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { encode } from "../../bytes/encode.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { compareBytes, encodeText } from "../../bytes/text.ts";
import { openFractalHeap } from "../../engine/fractal-heap/heap.ts";
import { heapObject } from "../../engine/fractal-heap/objects.ts";
import type { RecordLayout } from "../../format/btree-v2/node.ts";
import { LINK_NAME_RECORD } from "../../format/btree-v2/records/link-name.ts";
import { LINK_ORDER_RECORD } from "../../format/btree-v2/records/link-order.ts";
import { type LinkMessage, linkMessage } from "../../format/messages/link.ts";
import type { LinkInfoMessage } from "../../format/messages/link-info.ts";
import type { Steps } from "../../steps/steps.ts";
import type { RecordOrder } from "../btree-v2/btree-way.ts";
import { createBtreeV2, insertRecord, removeRecord } from "../btree-v2/edited-btree.ts";
import { freeBtreeV2 } from "../btree-v2/free-btree.ts";
import type { EditorFile } from "../editor-file.ts";
import { insertObject, removeObject } from "../fractal-heap/edited-heap.ts";
import { freeFractalHeap } from "../fractal-heap/free-heap.ts";
import { createFractalHeap, LINK_HEAP } from "../fractal-heap/new-heap.ts";

/** Where dense links stand. */
export interface DenseStorage {
  readonly heap: Address;
  readonly nameIndex: Address;
  readonly orderIndex: Address | null;
}

/** Node size of both indexes, as the reference library has it. */
const NODE_SIZE = 512;

export function denseStorage({ heap, nameIndex, orderIndex }: LinkInfoMessage): DenseStorage | undefined {
  return heap === null || nameIndex === null ? undefined : { heap, nameIndex, orderIndex: orderIndex ?? null };
}

export function createDenseLinks(file: EditorFile, orderIndexed: boolean): DenseStorage {
  return {
    heap: createFractalHeap(file, LINK_HEAP),
    nameIndex: createBtreeV2(file, { kind: LINK_NAME_RECORD, nodeSize: NODE_SIZE }),
    orderIndex: orderIndexed ? createBtreeV2(file, { kind: LINK_ORDER_RECORD, nodeSize: NODE_SIZE }) : null,
  };
}

/** Adds a link, whose name the group does not have. */
export function* insertDenseLink(
  file: EditorFile,
  { heap, nameIndex, orderIndex }: DenseStorage,
  link: LinkMessage,
): Steps<void> {
  const heapId = yield* insertObject(file, heap, encodeLink(file, link));
  const hash = lookup3(encodeText(link.name));
  yield* insertRecord(
    file,
    nameIndex,
    LINK_NAME_RECORD,
    encoded(file, LINK_NAME_RECORD, { hash, heapId }),
    byName(file, heap, link.name),
  );
  const { creationOrder } = link;
  if (orderIndex === null || creationOrder === undefined) return;
  yield* insertRecord(
    file,
    orderIndex,
    LINK_ORDER_RECORD,
    encoded(file, LINK_ORDER_RECORD, { creationOrder, heapId }),
    byOrder(creationOrder),
  );
}

/** Removes the link of that name; it, or `undefined` where there is none. */
export function* removeDenseLink(
  file: EditorFile,
  { heap, nameIndex, orderIndex }: DenseStorage,
  name: string,
): Steps<LinkMessage | undefined> {
  const record = yield* removeRecord(file, nameIndex, LINK_NAME_RECORD, byName(file, heap, name));
  if (record === undefined) return undefined;
  const { heapId } = LINK_NAME_RECORD.layout(new Decoder(record, file.structures.sizes, LINK_NAME_RECORD.title));
  const link = yield* linkAt(file, heap, heapId);
  if (orderIndex !== null && link.creationOrder !== undefined) {
    yield* removeRecord(file, orderIndex, LINK_ORDER_RECORD, byOrder(link.creationOrder));
  }
  yield* removeObject(file, heap, heapId);
  return link;
}

/** Gives heap and indexes back. */
export function* freeDenseLinks(file: EditorFile, { heap, nameIndex, orderIndex }: DenseStorage): Steps<void> {
  yield* freeFractalHeap(file, heap);
  yield* freeBtreeV2(file, nameIndex, LINK_NAME_RECORD);
  if (orderIndex !== null) yield* freeBtreeV2(file, orderIndex, LINK_ORDER_RECORD);
}

export function encodeLink(file: EditorFile, link: LinkMessage): Uint8Array {
  return encode(file.structures.sizes, (f) => void linkMessage(f, link));
}

function* linkAt(file: EditorFile, heapAddress: Address, heapId: Uint8Array): Steps<LinkMessage> {
  const heap = yield* openFractalHeap(file, heapAddress);
  return linkMessage(
    new Decoder((yield* heapObject(file, heap, heapId)).slice(), file.structures.sizes, "Link message"),
  );
}

/** By hash; names of equal hash by their bytes, which stand in the heap. */
function byName(file: EditorFile, heap: Address, name: string): RecordOrder {
  const bytes = encodeText(name);
  const hash = lookup3(bytes);
  return {
    compare: (record) => hash - record.getUint32(0, true),
    *tie(record) {
      const { heapId } = LINK_NAME_RECORD.layout(new Decoder(record, file.structures.sizes, LINK_NAME_RECORD.title));
      return compareBytes(bytes, encodeText((yield* linkAt(file, heap, heapId)).name));
    },
  };
}

const byOrder = (order: number): RecordOrder => ({
  compare: (record) => order - (record.getUint32(0, true) + record.getUint32(4, true) * 0x1_0000_0000),
});

function encoded<R>(file: EditorFile, { layout }: RecordLayout<R>, value: R): Uint8Array {
  return encode(file.structures.sizes, (f) => void layout(f, value));
}
