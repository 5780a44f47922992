/** Counts who refers to shared messages, and compares it with what the indexes of the file say. */
import type { Address } from "../../src/bytes/address.ts";
import { Decoder } from "../../src/bytes/decoder.ts";
import { lookup3 } from "../../src/bytes/lookup3.ts";
import { AttributeStorage } from "../../src/editor/attributes/attribute-storage.ts";
import type { EditorFile } from "../../src/editor/editor-file.ts";
import { openBtreeV2, visitNodes } from "../../src/engine/btree-v2.ts";
import { links } from "../../src/engine/group/links.ts";
import { objectHeader } from "../../src/engine/object-header.ts";
import { objectInfo } from "../../src/engine/object-info.ts";
import { sharedHeapMessage } from "../../src/engine/shared-message-heap.ts";
import { recordAt } from "../../src/format/btree-v2/node.ts";
import { SHARED_MESSAGE_RECORD, type SharedMessageRecord } from "../../src/format/btree-v2/records/shared-message.ts";
import { readAttribute } from "../../src/format/messages/attribute.ts";
import { MessageFlag, MessageType } from "../../src/format/messages/message-type.ts";
import { sharedMessage } from "../../src/format/messages/shared-message.ts";
import { SHARED_MESSAGE_LIST } from "../../src/format/shared-messages/list.ts";
import { SHARED_MESSAGE_TABLE, type SharedMessageIndex } from "../../src/format/shared-messages/table.ts";
import { runSync } from "../../src/steps/run-sync.ts";

/** A message by its type and hash, and who refers to it. */
export type Counts = Readonly<Record<string, number>>;

/** What the indexes say. */
export function countsInIndexes(file: EditorFile): Counts {
  const counts: Record<string, number> = {};
  for (const index of indexes(file)) {
    for (const record of recordsOf(file, index))
      counts[record.hash.toString(16)] = record.location === "heap" ? record.references : 1;
  }
  return counts;
}

/** Kinds and numbers of messages of the indexes. */
export const indexKinds = (file: EditorFile): string[] =>
  indexes(file).map(({ kind, messages, heap }) => `${kind} ${messages}${heap === null ? " no heap" : ""}`);

/** What headers and attributes refer to. */
export function countsOfUsers(file: EditorFile): Counts {
  const users = new Users(file);
  users.visit(file.info.root);
  return users.counts;
}

function indexes(file: EditorFile): readonly SharedMessageIndex[] {
  const place = file.sharedMessages!;
  return runSync(file.structures.get(SHARED_MESSAGE_TABLE, place.table, place)).indexes;
}

function recordsOf(file: EditorFile, { kind, index, messages }: SharedMessageIndex): readonly SharedMessageRecord[] {
  if (index === null) return [];
  if (kind === "list") return runSync(file.structures.get(SHARED_MESSAGE_LIST, index, { messages })).records;
  const tree = runSync(openBtreeV2(file, index, SHARED_MESSAGE_RECORD));
  const records: SharedMessageRecord[] = [];
  runSync(
    visitNodes(file, tree, (node) => {
      for (let i = 0; i < node.count; i++)
        records.push(recordAt(node, i, SHARED_MESSAGE_RECORD, file.structures.sizes));
    }),
  );
  return records;
}

class Users {
  readonly counts: Record<string, number> = {};
  private readonly file: EditorFile;
  private readonly seen = new Set<Address>();
  private readonly seenAttributes = new Set<string>();

  constructor(file: EditorFile) {
    this.file = file;
  }

  visit(address: Address): void {
    if (this.seen.has(address)) return;
    this.seen.add(address);
    const { file } = this;
    const { sizes } = file.structures;
    const header = runSync(objectHeader(file, address));
    for (const message of header.messages) {
      // Null messages may have the flags of what they were.
      if (message.type === MessageType.attribute || message.type === MessageType.nil) continue;
      if ((message.flags & MessageFlag.shared) !== 0) this.pointer(message.type, message.decoder(sizes));
      if ((message.flags & MessageFlag.sharable) !== 0) this.inHeader(message.type, message.data);
    }
    for (const { bytes, sharedId } of runSync(runSync(AttributeStorage.load(file, address)).all())) {
      if (sharedId !== undefined) {
        const key = this.add(MessageType.attribute, bytes);
        if (this.seenAttributes.has(key)) continue;
        this.seenAttributes.add(key);
      }
      const { datatype, datatypeShared, dataspace, dataspaceShared } = readAttribute(new Decoder(bytes, sizes, "a"));
      if (datatypeShared) this.pointer(MessageType.datatype, datatype);
      if (dataspaceShared) this.pointer(MessageType.dataspace, dataspace);
    }
    if (runSync(objectInfo(file, header)).kind !== "group") return;
    for (const link of runSync(links(file, address, "name"))) if (link.type === "hard") this.visit(link.address);
  }

  private pointer(type: number, from: Decoder): void {
    const shared = sharedMessage(from);
    if (shared.kind === "heap") this.add(type, runSync(sharedHeapMessage(this.file, type, shared.heapId)));
  }

  /** Headers of version 1 fill messages up: the one that an index has is the one meant. */
  private inHeader(type: number, data: Uint8Array): void {
    const known = countsInIndexes(this.file);
    for (let { length } = data; length > data.length - 8; length--) {
      const key = lookup3(data, 0, length, type).toString(16);
      if (!(key in known)) continue;
      this.add(type, data.subarray(0, length));
      return;
    }
    this.counts[`unknown message of type ${type}`] = 1;
  }

  private add(type: number, bytes: Uint8Array): string {
    const key = lookup3(bytes, 0, bytes.length, type).toString(16);
    this.counts[key] = (this.counts[key] ?? 0) + 1;
    return key;
  }
}
