/** Editing of the attributes of an object. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { AttributeInfo, NewAttribute } from "../../contract.ts";
import { elementCount } from "../../data/attribute-value.ts";
import type { Source } from "../../data/source.ts";
import { attributeOf } from "../../engine/attributes/attribute-value.ts";
import { NotFoundError } from "../../errors.ts";
import { readAttribute } from "../../format/messages/attribute.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { type HeapPlaces, placeHeapObjects, removeHeapObjects } from "../global-heap.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { addReference } from "../object-header/references.ts";
import { decodeAttribute, encodeAttribute, newAttributeBytes, wrongSize } from "./attribute-bytes.ts";
import {
  type AttributeReferences,
  attributeReferences,
  releaseElements,
  releaseReferences,
} from "./attribute-references.ts";
import { AttributeStorage, type StoredAttribute } from "./attribute-storage.ts";

const TITLE = messageTitle(MessageType.attribute);
const NOTHING: HeapPlaces = { addresses: [], indices: [] };

/** Makes an attribute, or replaces the one of that name, which keeps its place in the order of creation. */
export function* setAttribute(file: EditorFile, object: Address, attribute: NewAttribute): Steps<void> {
  const { name, dataspace, committed, source } = attribute;
  const placed = elementCount(dataspace) > 0 ? yield* placeHeapObjects(file, source) : NOTHING;
  let gone: AttributeReferences | undefined;
  try {
    const bytes = newAttributeBytes(file, attribute);
    const storage = yield* AttributeStorage.load(file, object);
    storage.check(name, bytes);
    const old = yield* storage.find(name);
    gone = old && (yield* attributeReferences(file, old));
    if (committed !== undefined) yield* EditedHeader.load(file, committed);
    if (old === undefined) yield* storage.add(name, bytes);
    else yield* storage.replace(old, bytes);
  } catch (error) {
    yield* removeHeapObjects(file, placed);
    throw error;
  }
  // Its header may be that of the object, which has changed.
  if (committed !== undefined) yield* addReference(file, committed);
  if (gone !== undefined) yield* releaseReferences(file, gone);
}

/** Overwrites the elements of an attribute that stays of its type and shape. NotFoundError where there is none. */
export function* modifyAttribute(file: EditorFile, object: Address, name: string, source: Source): Steps<void> {
  const storage = yield* AttributeStorage.load(file, object);
  const old = (yield* storage.find(name)) ?? absent(object, name);
  const info = yield* infoOf(file, old);
  const count = elementCount(info.dataspace);
  const { size } = info.datatype;
  if (count === 0) return;
  if (source.elementSize !== size) wrongSize(name, source.elementSize, size);
  const gone = yield* attributeReferences(file, old, source.partial);
  const placed = yield* placeHeapObjects(file, source);
  try {
    const message = decodeAttribute(file, old.bytes);
    const data = message.data.slice();
    source.take(0, count, data, 0, size);
    yield* storage.replace(old, encodeAttribute(file, { ...message, data }));
  } catch (error) {
    yield* removeHeapObjects(file, placed);
    throw error;
  }
  yield* releaseElements(file, gone);
}

/** NotFoundError where there is none of that name. */
export function* deleteAttribute(file: EditorFile, object: Address, name: string): Steps<void> {
  const storage = yield* AttributeStorage.load(file, object);
  const old = (yield* storage.find(name)) ?? absent(object, name);
  const gone = yield* attributeReferences(file, old);
  yield* storage.remove(old);
  yield* releaseReferences(file, gone);
}

/** Takes all attributes away from an object, which is going to be deleted. */
export function* freeAttributes(file: EditorFile, object: Address): Steps<void> {
  const storage = yield* AttributeStorage.load(file, object);
  const gone = [];
  for (const one of yield* storage.all()) gone.push(yield* attributeReferences(file, one));
  yield* storage.clear();
  for (const references of gone) yield* releaseReferences(file, references);
}

function infoOf(file: EditorFile, { bytes }: StoredAttribute): Steps<AttributeInfo> {
  return attributeOf(file, readAttribute(new Decoder(bytes, file.structures.sizes, TITLE)));
}

function absent(object: Address, name: string): never {
  throw new NotFoundError("has no attribute of that name", {
    structure: "Object header",
    address: object,
    found: name,
  });
}
