/**
 * What an attribute refers to: objects of global heaps, a committed or shared datatype, a shared dataspace. The attribute
 * itself may be shared by several objects; then what it refers to is given back when the last of them loses it.
 */
import { Decoder } from "../../bytes/decoder.ts";
import { attributeOf } from "../../engine/attributes/attribute-value.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { readAttribute } from "../../format/messages/attribute.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import { elementHeapObjects } from "../dataset/heap-references.ts";
import type { EditorFile } from "../editor-file.ts";
import { type HeapPlaces, removeHeapObjects } from "../global-heap.ts";
import {
  checkPointer,
  keepMessage,
  type MessagePointer,
  pointerIn,
  releaseMessage,
} from "../shared-messages/release-messages.ts";
import { decodeAttribute } from "./attribute-bytes.ts";
import type { AttributeContent } from "./dense-attributes.ts";

export interface AttributeReferences {
  /** Where the attribute itself stands, if it is shared. */
  readonly own: MessagePointer | undefined;
  readonly parts: readonly MessagePointer[];
  readonly heapObjects: HeapPlaces | undefined;
}

/** Read before the attribute goes; `part`: of its type, whose heap objects are asked for alone. */
export function* attributeReferences(
  file: EditorFile,
  { bytes, sharedId }: AttributeContent,
  part?: Datatype,
): Steps<AttributeReferences> {
  const type = MessageType.attribute;
  const own =
    sharedId === undefined ? undefined : { type, shared: { kind: "heap", version: 3, heapId: sharedId } as const };
  const parts = partsOf(file, bytes);
  for (const pointer of own === undefined ? parts : [own, ...parts]) yield* checkPointer(file, pointer);
  const message = readAttribute(new Decoder(bytes, file.structures.sizes, messageTitle(type)));
  const { datatype, data } = yield* attributeOf(file, message);
  return { own, parts, heapObjects: yield* elementHeapObjects(file, part ?? datatype, data) };
}

function partsOf(file: EditorFile, bytes: Uint8Array): MessagePointer[] {
  const { datatypeShared, datatype, dataspaceShared, dataspace } = decodeAttribute(file, bytes);
  return [
    ...(datatypeShared ? [pointerIn(file, MessageType.datatype, datatype)] : []),
    ...(dataspaceShared ? [pointerIn(file, MessageType.dataspace, dataspace)] : []),
  ];
}

/** The attribute is gone from one object. */
export function* releaseReferences(file: EditorFile, { own, parts, heapObjects }: AttributeReferences): Steps<void> {
  if (own !== undefined && !(yield* releaseMessage(file, own))) return;
  for (const pointer of parts) yield* releaseMessage(file, pointer);
  if (heapObjects !== undefined) yield* removeHeapObjects(file, heapObjects);
}

/** The attribute has other elements; one that was shared stands by itself from now on. */
export function* releaseElements(file: EditorFile, references: AttributeReferences): Steps<void> {
  const { own, parts, heapObjects } = references;
  if (own !== undefined) {
    for (const pointer of parts) yield* keepMessage(file, pointer);
    yield* releaseReferences(file, references);
  } else if (heapObjects !== undefined) yield* removeHeapObjects(file, heapObjects);
}
