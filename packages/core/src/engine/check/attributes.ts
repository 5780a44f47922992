/** Checks the attributes of an object, wherever they stand, and what their messages and elements refer to. */
import type { Decoder } from "../../bytes/decoder.ts";
import { Decoder as BytesDecoder } from "../../bytes/decoder.ts";
import { FormatError } from "../../errors.ts";
import { ATTRIBUTE_NAME_RECORD, type AttributeNameRecord } from "../../format/btree-v2/records/attribute-name.ts";
import { ATTRIBUTE_ORDER_RECORD } from "../../format/btree-v2/records/attribute-order.ts";
import { type AttributeParts, readAttribute } from "../../format/messages/attribute.ts";
import { type AttributeInfoMessage, attributeInfoMessage } from "../../format/messages/attribute-info.ts";
import { MessageFlag, MessageType, messageTitle } from "../../format/messages/message-type.ts";
import { sharedMessage } from "../../format/messages/shared-message.ts";
import type { Steps } from "../../steps/steps.ts";
import { attributeOf } from "../attributes/attribute-value.ts";
import { openFractalHeap } from "../fractal-heap/heap.ts";
import { heapObject } from "../fractal-heap/objects.ts";
import type { ObjectHeader } from "../object-header.ts";
import { isShared, messageSource } from "../shared-message.ts";
import { sharedHeapMessage } from "../shared-message-heap.ts";
import type { Checker } from "./checker.ts";
import { checkNames, checkNextOrder, checkOrders, type Indexed, nameRecords } from "./dense.ts";
import { takeElements } from "./element-references.ts";
import { checkFractalHeap } from "./fractal-heap.ts";

const TITLE = messageTitle(MessageType.attribute);
const INFO_TITLE = messageTitle(MessageType.attributeInfo);

export function* checkAttributes(check: Checker, header: ObjectHeader): Steps<void> {
  const message = header.find(MessageType.attributeInfo);
  const info = message && attributeInfoMessage(message.decoder(check.sizes));
  const compact = yield* compactAttributes(check, header);
  if (info === undefined) return;
  if (info.heap !== null && compact.length > 0)
    check.fault("has attributes in its header beside those in its heap", {
      structure: "Object header",
      address: header.address,
      found: compact.length,
    });
  const orders = info.heap === null ? compact : yield* denseAttributes(check, info);
  checkNextOrder(check, INFO_TITLE, info.maxCreationOrder, orders);
}

/** Their creation orders. */
function* compactAttributes(check: Checker, header: ObjectHeader): Steps<(number | undefined)[]> {
  const names = new Set<string>();
  const orders: (number | undefined)[] = [];
  for (const message of header.messages) {
    if (message.type !== MessageType.attribute) continue;
    orders.push(message.order);
    // Where the message itself is shared, the table of shared messages keeps what it refers to.
    const first = !isShared(message) || firstUse(check, message.decoder(check.sizes));
    const parts = yield* check.guard(compactParts(check, message));
    if (parts === undefined) continue;
    if (names.has(parts.name))
      check.fault("has two attributes of one name", {
        structure: "Object header",
        address: header.address,
        found: parts.name,
      });
    names.add(parts.name);
    yield* check.guard(checkAttribute(check, parts, first));
  }
  return orders;
}

function* compactParts(check: Checker, message: ObjectHeader["messages"][number]): Steps<AttributeParts> {
  return readAttribute((yield* messageSource(check.file, message)).from);
}

/** Whether a shared attribute is met for the first time: what it refers to counts once, however many objects share it. */
function firstUse(check: Checker, pointer: Decoder): boolean {
  const shared = sharedMessage(pointer);
  return shared.kind !== "heap" || check.shared.first(MessageType.attribute, shared.heapId);
}

function* denseAttributes(check: Checker, info: AttributeInfoMessage): Steps<(number | undefined)[]> {
  const { heap: at, nameIndex, orderIndex } = info;
  if (at === null || nameIndex === null) throw new FormatError("has no index of names", { structure: INFO_TITLE });
  const records = yield* nameRecords(check, nameIndex, ATTRIBUTE_NAME_RECORD);
  const found: Indexed<AttributeNameRecord>[] = [];
  for (const record of records) {
    const first = !isSharedRecord(record) || check.shared.first(MessageType.attribute, record.heapId);
    if (isSharedRecord(record)) check.shared.add(MessageType.attribute, record.heapId);
    const parts = yield* check.guard(denseParts(check, info, record));
    if (parts === undefined) continue;
    const creationOrder = info.orderTracked ? record.creationOrder : undefined;
    found.push({ record, name: parts.name, creationOrder });
    yield* check.guard(checkAttribute(check, parts, first));
  }
  checkNames(check, ATTRIBUTE_NAME_RECORD.title, nameIndex, found);
  if (info.orderIndexed) {
    if (orderIndex === null || orderIndex === undefined)
      check.fault("has no index of creation order", { structure: INFO_TITLE });
    else yield* check.guard(checkOrders(check, orderIndex, ATTRIBUTE_ORDER_RECORD, found));
  }
  const own = records.filter((record) => !isSharedRecord(record));
  yield* check.guard(
    checkFractalHeap(
      check,
      at,
      own.map(({ heapId }) => heapId),
    ),
  );
  return found.map(({ creationOrder }) => creationOrder);
}

const isSharedRecord = ({ flags }: AttributeNameRecord): boolean => (flags & MessageFlag.shared) !== 0;

function* denseParts(check: Checker, info: AttributeInfoMessage, record: AttributeNameRecord): Steps<AttributeParts> {
  const { file } = check;
  const bytes = isSharedRecord(record)
    ? yield* sharedHeapMessage(file, MessageType.attribute, record.heapId)
    : yield* heapObject(file, yield* openFractalHeap(file, info.heap!), record.heapId);
  return readAttribute(new BytesDecoder(bytes.slice(), check.sizes, TITLE));
}

/** `first`: its message is not one that was met before, in another object. */
function* checkAttribute(check: Checker, parts: AttributeParts, first: boolean): Steps<void> {
  check.counts.attributes++;
  if (first) {
    if (parts.datatypeShared) useShared(check, MessageType.datatype, parts.datatype);
    if (parts.dataspaceShared) useShared(check, MessageType.dataspace, parts.dataspace);
  }
  const { datatype, data } = yield* attributeOf(check.file, parts);
  if (first) yield* takeElements(check, datatype, data);
}

/** A pointer to a message that stands elsewhere; it is read again later, from the same place. */
export function useShared(check: Checker, type: number, pointer: Decoder): void {
  const start = pointer.position;
  const shared = sharedMessage(pointer);
  pointer.seek(start);
  if (shared.kind === "heap") check.shared.add(type, shared.heapId);
  else check.references.use(shared.header);
}
