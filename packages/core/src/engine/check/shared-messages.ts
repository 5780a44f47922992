/** Checks the table of shared messages: its indexes, their heaps, and how often each message is counted. */
import type { Address } from "../../bytes/address.ts";
import { recordAt } from "../../format/btree-v2/node.ts";
import {
  SHARED_MESSAGE_RECORD,
  type SharedMessageRecord,
  sharedRecordBytes,
} from "../../format/btree-v2/records/shared-message.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { SHARED_MESSAGE_LIST } from "../../format/shared-messages/list.ts";
import { SHARED_MESSAGE_TABLE, type SharedMessageIndex } from "../../format/shared-messages/table.ts";
import type { Steps } from "../../steps/steps.ts";
import { openFractalHeap } from "../fractal-heap/heap.ts";
import { heapObject } from "../fractal-heap/objects.ts";
import { objectHeader } from "../object-header.ts";
import { checkBtreeV2 } from "./btree-v2.ts";
import type { Checker } from "./checker.ts";
import { checkFractalHeap } from "./fractal-heap.ts";
import { hex } from "./shared-uses.ts";

const TITLE = SHARED_MESSAGE_TABLE.title;

/** Once all objects of the file were looked at. */
export function* checkSharedMessages(check: Checker): Steps<void> {
  const place = check.file.sharedMessages;
  if (place === undefined) {
    if (check.shared.any) check.fault("is missing, and messages are shared", { structure: TITLE });
    return;
  }
  const { indexes } = yield* check.structure(SHARED_MESSAGE_TABLE, place.table, place);
  for (const index of indexes) yield* check.guard(checkIndex(check, index));
}

function* checkIndex(check: Checker, index: SharedMessageIndex): Steps<void> {
  const records = index.index === null ? [] : yield* readIndex(check, index, index.index);
  if (records.length !== index.messages)
    check.fault("has another number of messages than its index", {
      structure: TITLE,
      found: index.messages,
      allowed: String(records.length),
    });
  const uses = check.shared.ofTypes(typesOf(index));
  const heapIds: Uint8Array[] = [];
  for (const record of records) {
    if (record.location === "header") yield* check.guard(checkPlace(check, record));
    else {
      heapIds.push(record.heapId);
      yield* check.guard(checkCount(check, index, record, uses));
    }
  }
  for (const [id, count] of uses)
    check.fault("has no record of a message that is shared", { structure: TITLE, found: `${id}, ${count} times` });
  if (index.heap !== null) yield* checkFractalHeap(check, index.heap, heapIds);
}

/** Both fill value messages share one index. */
function typesOf({ messageTypes }: SharedMessageIndex): number {
  const fill = (messageTypes >> MessageType.fillValue) & 1;
  return messageTypes | (fill << MessageType.fillValueOld);
}

function* readIndex(check: Checker, index: SharedMessageIndex, address: Address): Steps<SharedMessageRecord[]> {
  const { messages, listCutoff } = index;
  if (index.kind === "list") {
    const room = 8 + listCutoff * sharedRecordBytes(check.sizes);
    return [...(yield* check.structure(SHARED_MESSAGE_LIST, address, { messages }, room)).records];
  }
  const records: SharedMessageRecord[] = [];
  yield* checkBtreeV2(check, address, SHARED_MESSAGE_RECORD, (node, i) => {
    const record = recordAt(node, i, SHARED_MESSAGE_RECORD, check.sizes);
    const last = records.at(-1);
    if (last !== undefined && last.hash > record.hash)
      check.fault("has records out of order", { structure: SHARED_MESSAGE_RECORD.title, address, found: record.hash });
    records.push(record);
  });
  return records;
}

/**
 * Takes the message from `uses`. The first object that had it, before it was shared, may still have it in its own header, and
 * counts as well.
 */
function* checkCount(
  check: Checker,
  index: SharedMessageIndex,
  { heapId, references }: Extract<SharedMessageRecord, { location: "heap" }>,
  uses: Map<string, number>,
): Steps<void> {
  const id = hex(heapId);
  const count = uses.get(id) ?? 0;
  uses.delete(id);
  if (references === count || index.heap === null) return;
  const heap = yield* openFractalHeap(check.file, index.heap);
  const own = check.shared.ownCount(typesOf(index), yield* heapObject(check.file, heap, heapId));
  if (references !== count + own)
    check.fault("counts the uses of a message wrongly", {
      structure: TITLE,
      found: references,
      allowed: `${count} in the heap, ${own} in headers`,
    });
}

/** A message that may come to be shared stands where its record says. */
function* checkPlace(check: Checker, record: Extract<SharedMessageRecord, { location: "header" }>): Steps<void> {
  const { header: address, messageType, index } = record;
  const header = yield* objectHeader(check.file, address);
  const same = header.messages.filter(({ type }) => type === messageType);
  if (index >= same.length)
    check.fault("has a record of a message that its header does not have", {
      structure: TITLE,
      found: `message ${index} of type ${messageType} at 0x${address.toString(16)}`,
    });
}
