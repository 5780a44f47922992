/**
 * Editing of one index of the table of shared messages, and of the heap that the messages stand in. Messages that nothing
 * refers to any more go; none are added: new ones stand where they are used, as the format allows.
 */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { compareBytes } from "../../bytes/text.ts";
import { openFractalHeap } from "../../engine/fractal-heap/heap.ts";
import { heapObject } from "../../engine/fractal-heap/objects.ts";
import { objectHeader, peekObjectHeader } from "../../engine/object-header.ts";
import { sharedIndex } from "../../engine/shared-message-heap.ts";
import { FormatError } from "../../errors.ts";
import { SHARED_MESSAGE_RECORD, type SharedMessageRecord } from "../../format/btree-v2/records/shared-message.ts";
import { messageTitle } from "../../format/messages/message-type.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import {
  SHARED_MESSAGE_TABLE,
  type SharedMessageIndex,
  sharedMessageTable,
} from "../../format/shared-messages/table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { removeObject } from "../fractal-heap/edited-heap.ts";
import { freeFractalHeap } from "../fractal-heap/free-heap.ts";
import { freeRecords, recordsOf, removeShared, replaceShared, type UsedIndex } from "./shared-records.ts";

/** A message that an index has. */
export interface SharedEntry {
  readonly record: SharedMessageRecord;
  readonly message: Uint8Array;
}

export class SharedIndex {
  private readonly file: EditorFile;
  private readonly type: number;
  private readonly number: number;
  private index: UsedIndex;

  private constructor(file: EditorFile, type: number, number: number, index: UsedIndex) {
    this.file = file;
    this.type = type;
    this.number = number;
    this.index = index;
  }

  /** The index for messages of a type. */
  static *load(file: EditorFile, type: number): Steps<SharedIndex> {
    const { number, index } = yield* sharedIndex(file, type);
    if (index.index === null || index.heap === null) return unknown(type);
    return new SharedIndex(file, type, number, { ...index, index: index.index, heap: index.heap });
  }

  /** The message that has an id in the heap. */
  *inHeap(id: Uint8Array): Steps<SharedEntry> {
    const message = (yield* this.object(id)).slice();
    const hash = lookup3(message, 0, message.length, this.type);
    for (const record of yield* recordsOf(this.file, this.index, hash))
      if (record.location === "heap" && compareBytes(record.heapId, id) === 0) return { record, message };
    return unknown(this.type);
  }

  /**
   * A message that stands in a header and may be shared from there; or its equal in the heap, which came there when it was
   * shared, and counts that in the header too. In headers of version 1 zeros may be behind the message.
   */
  *inHeader(header: Address, { data }: HeaderMessage): Steps<SharedEntry> {
    for (let { length } = data; length > 0 && length > data.length - 8; length--) {
      const message = data.subarray(0, length);
      const hash = lookup3(message, 0, length, this.type);
      for (const record of yield* recordsOf(this.file, this.index, hash)) {
        const found =
          record.location === "header"
            ? record.header === header && record.messageType === this.type
            : compareBytes(yield* this.object(record.heapId), message) === 0;
        if (found) return { record, message: message.slice() };
      }
      if (data[length - 1] !== 0) break;
    }
    return unknown(this.type);
  }

  /** One reference more to a message in the heap. */
  *keep(entry: SharedEntry): Steps<void> {
    yield* this.count(entry, 1);
  }

  /** One reference less. Whether it was the last: then the message is gone. */
  *release(entry: SharedEntry): Steps<boolean> {
    const { record } = entry;
    if (record.location === "heap" && record.references > 1) {
      yield* this.count(entry, -1);
      return false;
    }
    this.index = yield* removeShared(this.file, this.index, record, this.tie(entry));
    if (record.location === "heap") yield* removeObject(this.file, this.index.heap, record.heapId);
    if (this.index.messages > 0) yield* this.put(this.index);
    else yield* this.free();
    return true;
  }

  private *count(entry: SharedEntry, by: number): Steps<void> {
    const { record } = entry;
    if (record.location !== "heap") return unknown(this.type);
    const next = { ...record, references: record.references + by };
    yield* replaceShared(this.file, this.index, record, next, this.tie(entry));
  }

  /** An index without messages has neither heap nor records; and is a list again, if it may be. */
  private *free(): Steps<void> {
    const { file, index } = this;
    yield* freeRecords(file, index);
    yield* freeFractalHeap(file, index.heap);
    const kind = index.kind === "btree" && index.btreeCutoff === 0 ? "btree" : "list";
    yield* this.put({ ...index, kind, messages: 0, index: null, heap: null });
  }

  private *put(index: SharedMessageIndex): Steps<void> {
    const { structures, sharedMessages: place } = this.file;
    if (place === undefined) return;
    const { indexes } = yield* structures.get(SHARED_MESSAGE_TABLE, place.table, place);
    const table = { indexes: indexes.map((other, i) => (i === this.number ? index : other)) };
    const room = sizeOf((f) => void sharedMessageTable(f, table, place), undefined, structures.sizes);
    structures.put(
      SHARED_MESSAGE_TABLE,
      place.table,
      table,
      room,
      (f, value) => void sharedMessageTable(f, value, place),
    );
  }

  private *object(id: Uint8Array): Steps<Uint8Array> {
    return yield* heapObject(this.file, yield* openFractalHeap(this.file, this.index.heap), id);
  }

  /** Order of records of equal hash: by the messages, the shorter first. */
  private tie({ message }: SharedEntry): (record: Uint8Array) => Steps<number> {
    const { sizes } = this.file.structures;
    const messageOf = (record: SharedMessageRecord): Steps<Uint8Array> => this.messageOf(record);
    return function* (bytes) {
      const other = yield* messageOf(
        SHARED_MESSAGE_RECORD.layout(new Decoder(bytes, sizes, SHARED_MESSAGE_RECORD.title)),
      );
      return message.length - other.length || compareBytes(message, other);
    };
  }

  private *messageOf(record: SharedMessageRecord): Steps<Uint8Array> {
    if (record.location === "heap") return yield* this.object(record.heapId);
    const { file } = this;
    const header = peekObjectHeader(file, record.header) ?? (yield* objectHeader(file, record.header));
    const messages = header.messages.filter(({ type }) => type === record.messageType);
    return messages[record.index]?.data ?? unknown(record.messageType);
  }
}

function unknown(type: number): never {
  throw new FormatError("is shared, and the index of shared messages does not have it", {
    structure: messageTitle(type),
  });
}
