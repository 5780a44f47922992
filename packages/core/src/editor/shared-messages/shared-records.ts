/**
 * Records of one index of the table of shared messages while they are edited: in a list, or in a version 2 B-tree by hash of
 * the messages.
 */
import type { Address } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { compareBytes } from "../../bytes/text.ts";
import { findRecords, openBtreeV2, visitNodes } from "../../engine/btree-v2.ts";
import { type BtreeV2Node, recordAt } from "../../format/btree-v2/node.ts";
import {
  SHARED_MESSAGE_RECORD,
  type SharedMessageRecord,
  sharedRecordBytes,
} from "../../format/btree-v2/records/shared-message.ts";
import { SHARED_MESSAGE_LIST, sharedMessageList } from "../../format/shared-messages/list.ts";
import type { SharedMessageIndex } from "../../format/shared-messages/table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { RecordOrder } from "../btree-v2/btree-way.ts";
import { removeRecord, replaceRecord } from "../btree-v2/edited-btree.ts";
import { freeBtreeV2 } from "../btree-v2/free-btree.ts";
import type { EditorFile } from "../editor-file.ts";

/** An index that has messages. */
export interface UsedIndex extends SharedMessageIndex {
  readonly index: Address;
  readonly heap: Address;
}

/** Of records in B-trees: behind the place. */
const HASH_OFFSET = 1;

/** The records whose messages have that hash. */
export function* recordsOf(file: EditorFile, index: UsedIndex, hash: number): Steps<SharedMessageRecord[]> {
  if (index.kind === "list") return (yield* listRecords(file, index)).filter((record) => record.hash === hash);
  const tree = yield* openBtreeV2(file, index.index, SHARED_MESSAGE_RECORD);
  const found: SharedMessageRecord[] = [];
  const compare = (view: DataView, at: number): number => hash - view.getUint32(at + HASH_OFFSET, true);
  yield* findRecords(file, tree, compare, (node, i) => found.push(recordIn(file, node, i)));
  return found;
}

/** Puts another record of the same hash in the place of one. */
export function* replaceShared(
  file: EditorFile,
  index: UsedIndex,
  old: SharedMessageRecord,
  next: SharedMessageRecord,
  tie: RecordOrder["tie"],
): Steps<void> {
  if (index.kind === "btree") {
    yield* replaceRecord(file, index.index, SHARED_MESSAGE_RECORD, encoded(file, next), inTree(file, old, tie));
    return;
  }
  const records = yield* listRecords(file, index);
  putList(
    file,
    index,
    records.map((record) => (isSame(file, record, old) ? next : record)),
  );
}

/** Removes a record; the index without it. A B-tree with few records becomes a list. */
export function* removeShared(
  file: EditorFile,
  index: UsedIndex,
  old: SharedMessageRecord,
  tie: RecordOrder["tie"],
): Steps<UsedIndex> {
  const left = { ...index, messages: index.messages - 1 };
  if (index.kind === "list") {
    const records = yield* listRecords(file, index);
    putList(
      file,
      left,
      records.filter((record) => !isSame(file, record, old)),
    );
    return left;
  }
  yield* removeRecord(file, index.index, SHARED_MESSAGE_RECORD, inTree(file, old, tie));
  return left.messages < left.btreeCutoff && left.messages <= left.listCutoff ? yield* toList(file, left) : left;
}

/** Gives the list or the B-tree back. */
export function* freeRecords(file: EditorFile, index: UsedIndex): Steps<void> {
  if (index.kind === "btree") {
    yield* freeBtreeV2(file, index.index, SHARED_MESSAGE_RECORD);
    return;
  }
  const room = listRoom(file, index);
  file.structures.forget(index.index);
  file.allocator.free(index.index, room, "metadata");
  file.pages.invalidate(index.index, room);
}

function* toList(file: EditorFile, index: UsedIndex): Steps<UsedIndex> {
  const tree = yield* openBtreeV2(file, index.index, SHARED_MESSAGE_RECORD);
  const records: SharedMessageRecord[] = [];
  yield* visitNodes(file, tree, (node) => {
    for (let i = 0; i < node.count; i++) records.push(recordIn(file, node, i));
  });
  yield* freeBtreeV2(file, index.index, SHARED_MESSAGE_RECORD);
  const list = { ...index, kind: "list", index: file.allocator.allocate(listRoom(file, index), "metadata") } as const;
  putList(file, list, records);
  return list;
}

function* listRecords(file: EditorFile, { index, messages }: UsedIndex): Steps<readonly SharedMessageRecord[]> {
  return (yield* file.structures.get(SHARED_MESSAGE_LIST, index, { messages })).records;
}

function putList(file: EditorFile, index: UsedIndex, records: readonly SharedMessageRecord[]): void {
  const context = { messages: records.length };
  file.structures.put(
    SHARED_MESSAGE_LIST,
    index.index,
    { records },
    listRoom(file, index),
    (f, value) => void sharedMessageList(f, value, context),
  );
}

/** Signature, as many records as a list may have, checksum. */
const listRoom = (file: EditorFile, { listCutoff }: UsedIndex): number =>
  8 + listCutoff * sharedRecordBytes(file.structures.sizes);

function recordIn(file: EditorFile, node: BtreeV2Node, i: number): SharedMessageRecord {
  return recordAt(node, i, SHARED_MESSAGE_RECORD, file.structures.sizes);
}

function inTree(file: EditorFile, own: SharedMessageRecord, tie: RecordOrder["tie"]): RecordOrder {
  const bytes = encoded(file, own);
  return {
    compare: (record) => own.hash - record.getUint32(HASH_OFFSET, true),
    *tie(record) {
      return compareBytes(record, bytes) === 0 || tie === undefined ? 0 : yield* tie(record);
    },
  };
}

const isSame = (file: EditorFile, a: SharedMessageRecord, b: SharedMessageRecord): boolean =>
  compareBytes(encoded(file, a), encoded(file, b)) === 0;

function encoded(file: EditorFile, record: SharedMessageRecord): Uint8Array {
  const to = new Encoder(file.structures.sizes, 32);
  SHARED_MESSAGE_RECORD.layout(to, record);
  return to.finish();
}
