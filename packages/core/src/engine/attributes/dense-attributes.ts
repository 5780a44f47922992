/** Dense attributes: messages in a fractal heap, found through a version 2 B-tree by hash of their names. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { encodeText } from "../../bytes/text.ts";
import type { AttributeInfo } from "../../contract.ts";
import { FormatError } from "../../errors.ts";
import { type BtreeV2Node, recordAt } from "../../format/btree-v2/node.ts";
import {
  ATTRIBUTE_HASH_OFFSET,
  ATTRIBUTE_NAME_RECORD,
  type AttributeNameRecord,
} from "../../format/btree-v2/records/attribute-name.ts";
import { type AttributeParts, readAttribute } from "../../format/messages/attribute.ts";
import type { AttributeInfoMessage } from "../../format/messages/attribute-info.ts";
import { MessageFlag, MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import { findRecords, visitNodes } from "../btree-v2.ts";
import type { FractalHeap } from "../fractal-heap/heap.ts";
import { type IndexedHeap, openIndexed, peekIndexed } from "../fractal-heap/indexed.ts";
import { heapObject, peekObject } from "../fractal-heap/objects.ts";
import { loadIndexed } from "../fractal-heap/prefetch.ts";
import { withinLimit } from "../limits.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { sharedHeapMessage } from "../shared-message-heap.ts";
import { attributeOf, peekAttribute } from "./attribute-value.ts";

const TITLE = messageTitle(MessageType.attribute);

/** The attribute of that name. */
export function* denseAttribute(
  file: MetadataFile,
  info: AttributeInfoMessage,
  name: string,
): Steps<AttributeInfo | undefined> {
  const { heap, tree } = peek(file, info) ?? (yield* open(file, info));
  const hash = lookup3(encodeText(name));
  const records: AttributeNameRecord[] = [];
  const compare = (view: DataView, at: number): number => hash - view.getUint32(at + ATTRIBUTE_HASH_OFFSET, true);
  yield* findRecords(file, tree, compare, (node, i) => records.push(recordOf(file, node, i)));
  for (const record of records) {
    const message = yield* messageOf(file, heap, record);
    if (message.name === name) return yield* attributeOf(file, message, orderOf(info, record));
  }
  return undefined;
}

/** All attributes, in no particular order. */
export function* denseAttributes(file: MetadataFile, info: AttributeInfoMessage): Steps<AttributeInfo[]> {
  const { heap, tree } = peek(file, info) ?? (yield* open(file, info));
  withinLimit(file.limits, "attributes", tree.header.totalRecords, TITLE);
  yield* loadIndexed(file, heap, tree);
  const records: AttributeNameRecord[] = [];
  yield* visitNodes(file, tree, (node) => {
    for (let i = 0; i < node.count; i++) records.push(recordOf(file, node, i));
  });
  const found: AttributeInfo[] = [];
  for (const record of records) {
    const message = peekMessage(file, heap, record) ?? (yield* messageOf(file, heap, record));
    const order = orderOf(info, record);
    found.push(peekAttribute(file, message, order) ?? (yield* attributeOf(file, message, order)));
  }
  return found;
}

export function* denseAttributeCount(file: MetadataFile, info: AttributeInfoMessage): Steps<number> {
  const { tree } = peek(file, info) ?? (yield* open(file, info));
  return tree.header.totalRecords;
}

interface Indexed {
  readonly heap: Address;
  readonly nameIndex: Address;
}

function indexed({ heap, nameIndex }: AttributeInfoMessage): Indexed {
  if (heap !== null && nameIndex !== null) return { heap, nameIndex };
  throw new FormatError("has no index of names", { structure: messageTitle(MessageType.attributeInfo) });
}

function peek(file: MetadataFile, info: AttributeInfoMessage): IndexedHeap | undefined {
  const { heap, nameIndex } = indexed(info);
  return peekIndexed(file, heap, nameIndex, ATTRIBUTE_NAME_RECORD);
}

function open(file: MetadataFile, info: AttributeInfoMessage): Steps<IndexedHeap> {
  const { heap, nameIndex } = indexed(info);
  return openIndexed(file, heap, nameIndex, ATTRIBUTE_NAME_RECORD);
}

function recordOf(file: MetadataFile, node: BtreeV2Node, i: number): AttributeNameRecord {
  return recordAt(node, i, ATTRIBUTE_NAME_RECORD, file.structures.sizes);
}

function orderOf(info: AttributeInfoMessage, record: AttributeNameRecord): number | undefined {
  return info.orderTracked ? record.creationOrder : undefined;
}

function peekMessage(file: MetadataFile, heap: FractalHeap, record: AttributeNameRecord): AttributeParts | undefined {
  if ((record.flags & MessageFlag.shared) !== 0) return undefined;
  const bytes = peekObject(file, heap, record.heapId);
  return bytes && decode(file, bytes);
}

function* messageOf(file: MetadataFile, heap: FractalHeap, record: AttributeNameRecord): Steps<AttributeParts> {
  const shared = (record.flags & MessageFlag.shared) !== 0;
  const bytes = shared
    ? yield* sharedHeapMessage(file, MessageType.attribute, record.heapId)
    : yield* heapObject(file, heap, record.heapId);
  return decode(file, bytes);
}

/** From a copy: the attribute outlives the block. */
function decode(file: MetadataFile, bytes: Uint8Array): AttributeParts {
  return readAttribute(new Decoder(bytes.slice(), file.structures.sizes, TITLE));
}
