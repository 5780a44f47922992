/** Editing of dense attributes: messages in a fractal heap, with B-trees by hash of name and by creation order. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { encode } from "../../bytes/encode.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { compareBytes, encodeText } from "../../bytes/text.ts";
import { findRecords, openBtreeV2, visitNodes } from "../../engine/btree-v2.ts";
import { openFractalHeap } from "../../engine/fractal-heap/heap.ts";
import { heapObject } from "../../engine/fractal-heap/objects.ts";
import { sharedHeapMessage } from "../../engine/shared-message-heap.ts";
import { type BtreeV2Node, type RecordLayout, recordAt } from "../../format/btree-v2/node.ts";
import {
  ATTRIBUTE_HASH_OFFSET,
  ATTRIBUTE_NAME_RECORD,
  type AttributeNameRecord,
} from "../../format/btree-v2/records/attribute-name.ts";
import { ATTRIBUTE_ORDER_RECORD } from "../../format/btree-v2/records/attribute-order.ts";
import { readAttribute } from "../../format/messages/attribute.ts";
import type { AttributeInfoMessage } from "../../format/messages/attribute-info.ts";
import { MessageFlag, MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import type { RecordOrder } from "../btree-v2/btree-way.ts";
import { createBtreeV2, insertRecord, removeRecord, replaceRecord } from "../btree-v2/edited-btree.ts";
import { freeBtreeV2 } from "../btree-v2/free-btree.ts";
import type { EditorFile } from "../editor-file.ts";
import { insertObject, removeObject } from "../fractal-heap/edited-heap.ts";
import { freeFractalHeap } from "../fractal-heap/free-heap.ts";
import { ATTRIBUTE_HEAP, createFractalHeap } from "../fractal-heap/new-heap.ts";

/** Where dense attributes stand. */
export interface DenseStorage {
  readonly heap: Address;
  readonly nameIndex: Address;
  readonly orderIndex: Address | null;
}

/** What an attribute's message is, and which id it has in the heap of shared messages, if it stands there. */
export interface AttributeContent {
  readonly name: string;
  /** The message, wherever it stands. */
  readonly bytes: Uint8Array;
  readonly sharedId?: Uint8Array;
  /** In the order of creation; {@link NO_ORDER} where it is not tracked. */
  readonly order: number;
}

export interface DenseAttribute extends AttributeContent {
  readonly record: AttributeNameRecord;
}

/** The creation order that is given to attributes where it is not tracked; tracked ones stay below. */
export const NO_ORDER = 0xffff;
/** Node size of both indexes, as the reference library has it. */
const NODE_SIZE = 512;

export function denseStorage({ heap, nameIndex, orderIndex }: AttributeInfoMessage): DenseStorage | undefined {
  return heap === null || nameIndex === null ? undefined : { heap, nameIndex, orderIndex: orderIndex ?? null };
}

export function createDenseAttributes(file: EditorFile, orderIndexed: boolean): DenseStorage {
  return {
    heap: createFractalHeap(file, ATTRIBUTE_HEAP),
    nameIndex: createBtreeV2(file, { kind: ATTRIBUTE_NAME_RECORD, nodeSize: NODE_SIZE }),
    orderIndex: orderIndexed ? createBtreeV2(file, { kind: ATTRIBUTE_ORDER_RECORD, nodeSize: NODE_SIZE }) : null,
  };
}

/** The attribute of that name. */
export function* findDenseAttribute(
  file: EditorFile,
  { heap, nameIndex }: DenseStorage,
  name: string,
): Steps<DenseAttribute | undefined> {
  const wanted = lookup3(encodeText(name));
  const tree = yield* openBtreeV2(file, nameIndex, ATTRIBUTE_NAME_RECORD);
  const records: AttributeNameRecord[] = [];
  const compare = (view: DataView, at: number): number => wanted - view.getUint32(at + ATTRIBUTE_HASH_OFFSET, true);
  yield* findRecords(file, tree, compare, (node, i) => records.push(recordOf(file, node, i)));
  for (const record of records) {
    const found = yield* contentOf(file, heap, record);
    if (found.name === name) return found;
  }
  return undefined;
}

/** All attributes, in no particular order. */
export function* listDenseAttributes(
  file: EditorFile,
  { heap, nameIndex }: DenseStorage,
): Steps<readonly DenseAttribute[]> {
  const tree = yield* openBtreeV2(file, nameIndex, ATTRIBUTE_NAME_RECORD);
  const records: AttributeNameRecord[] = [];
  yield* visitNodes(file, tree, (node) => {
    for (let i = 0; i < node.count; i++) records.push(recordOf(file, node, i));
  });
  const found: DenseAttribute[] = [];
  for (const record of records) found.push(yield* contentOf(file, heap, record));
  return found;
}

export function* countDenseAttributes(file: EditorFile, { nameIndex }: DenseStorage): Steps<number> {
  return (yield* openBtreeV2(file, nameIndex, ATTRIBUTE_NAME_RECORD)).header.totalRecords;
}

/** Adds an attribute, whose name the object does not have. */
export function* insertDenseAttribute(file: EditorFile, to: DenseStorage, attribute: AttributeContent): Steps<void> {
  const record = yield* stored(file, to, attribute);
  const { nameIndex, orderIndex } = to;
  const bytes = encoded(file, ATTRIBUTE_NAME_RECORD, record);
  yield* insertRecord(file, nameIndex, ATTRIBUTE_NAME_RECORD, bytes, byName(file, to.heap, record, attribute.name));
  if (orderIndex === null) return;
  const other = encoded(file, ATTRIBUTE_ORDER_RECORD, record);
  yield* insertRecord(file, orderIndex, ATTRIBUTE_ORDER_RECORD, other, byOrder(attribute.order));
}

/** Puts a message in the place of one; name and creation order stay. */
export function* replaceDenseAttribute(
  file: EditorFile,
  at: DenseStorage,
  { record: old, name, order, sharedId }: DenseAttribute,
  bytes: Uint8Array,
): Steps<void> {
  const { heap, nameIndex, orderIndex } = at;
  const record = yield* stored(file, at, { name, order, bytes });
  const next = encoded(file, ATTRIBUTE_NAME_RECORD, record);
  yield* replaceRecord(file, nameIndex, ATTRIBUTE_NAME_RECORD, next, byName(file, heap, old, name));
  if (orderIndex !== null) {
    const other = encoded(file, ATTRIBUTE_ORDER_RECORD, record);
    yield* replaceRecord(file, orderIndex, ATTRIBUTE_ORDER_RECORD, other, byOrder(order));
  }
  if (sharedId === undefined) yield* removeObject(file, heap, old.heapId);
}

export function* removeDenseAttribute(
  file: EditorFile,
  { heap, nameIndex, orderIndex }: DenseStorage,
  { record, name, order, sharedId }: DenseAttribute,
): Steps<void> {
  yield* removeRecord(file, nameIndex, ATTRIBUTE_NAME_RECORD, byName(file, heap, record, name));
  if (orderIndex !== null) yield* removeRecord(file, orderIndex, ATTRIBUTE_ORDER_RECORD, byOrder(order));
  if (sharedId === undefined) yield* removeObject(file, heap, record.heapId);
}

/** Gives heap and indexes back. */
export function* freeDenseAttributes(file: EditorFile, { heap, nameIndex, orderIndex }: DenseStorage): Steps<void> {
  yield* freeFractalHeap(file, heap);
  yield* freeBtreeV2(file, nameIndex, ATTRIBUTE_NAME_RECORD);
  if (orderIndex !== null) yield* freeBtreeV2(file, orderIndex, ATTRIBUTE_ORDER_RECORD);
}

function recordOf(file: EditorFile, node: BtreeV2Node, i: number): AttributeNameRecord {
  return recordAt(node, i, ATTRIBUTE_NAME_RECORD, file.structures.sizes);
}

/** The record of an attribute whose message is put into the heap, unless it stands in that of shared messages. */
function* stored(
  file: EditorFile,
  { heap }: DenseStorage,
  { name, bytes, sharedId, order }: AttributeContent,
): Steps<AttributeNameRecord> {
  return {
    heapId: sharedId ?? (yield* insertObject(file, heap, bytes)),
    flags: sharedId === undefined ? 0 : MessageFlag.shared,
    creationOrder: order,
    hash: lookup3(encodeText(name)),
  };
}

function* contentOf(file: EditorFile, heapAddress: Address, record: AttributeNameRecord): Steps<DenseAttribute> {
  const { heapId, flags, creationOrder: order } = record;
  const shared = (flags & MessageFlag.shared) !== 0;
  const bytes = shared
    ? yield* sharedHeapMessage(file, MessageType.attribute, heapId)
    : (yield* heapObject(file, yield* openFractalHeap(file, heapAddress), heapId)).slice();
  const { name } = readAttribute(new Decoder(bytes, file.structures.sizes, messageTitle(MessageType.attribute)));
  return { name, bytes, order, record, ...(shared ? { sharedId: heapId } : {}) };
}

/**
 * By hash; names of equal hash by their bytes, which stand in the heap. That of `own` is `name`.
 */
function byName(file: EditorFile, heap: Address, own: AttributeNameRecord, name: string): RecordOrder {
  const bytes = encodeText(name);
  const { sizes } = file.structures;
  return {
    compare: (record) => own.hash - record.getUint32(ATTRIBUTE_HASH_OFFSET, true),
    *tie(record) {
      const other = ATTRIBUTE_NAME_RECORD.layout(new Decoder(record, sizes, ATTRIBUTE_NAME_RECORD.title));
      const same = other.flags === own.flags && compareBytes(other.heapId, own.heapId) === 0;
      return same ? 0 : compareBytes(bytes, encodeText((yield* contentOf(file, heap, other)).name));
    },
  };
}

/** Behind id and flags. */
const ORDER_OFFSET = 9;

const byOrder = (order: number): RecordOrder => ({
  compare: (record) => order - record.getUint32(ORDER_OFFSET, true),
});

function encoded<R>(file: EditorFile, { layout }: RecordLayout<R>, value: R): Uint8Array {
  return encode(file.structures.sizes, (f) => void layout(f, value));
}
