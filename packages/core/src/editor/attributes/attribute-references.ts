/** What an attribute refers to: objects of global heaps, a committed datatype. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { attributeOf } from "../../engine/attributes/attribute-value.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { readAttribute } from "../../format/messages/attribute.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import { elementHeapObjects } from "../dataset/heap-references.ts";
import type { EditorFile } from "../editor-file.ts";
import { type HeapPlaces, removeHeapObjects } from "../global-heap.ts";
import { dropReference } from "../object-header/references.ts";
import type { AttributeContent } from "./dense-attributes.ts";

export interface AttributeReferences {
  readonly heapObjects: HeapPlaces | undefined;
  readonly committed: Address | undefined;
}

/** Read before the attribute goes; `part`: of its type, whose heap objects are asked for alone. */
export function* attributeReferences(
  file: EditorFile,
  { bytes }: Pick<AttributeContent, "bytes">,
  part?: Datatype,
): Steps<AttributeReferences> {
  const parts = readAttribute(new Decoder(bytes, file.structures.sizes, messageTitle(MessageType.attribute)));
  const { datatype, committed, data } = yield* attributeOf(file, parts);
  return { heapObjects: yield* elementHeapObjects(file, part ?? datatype, data), committed };
}

/** Frees what an attribute that is gone referred to. */
export function* releaseReferences(file: EditorFile, { heapObjects, committed }: AttributeReferences): Steps<void> {
  if (heapObjects !== undefined) yield* removeHeapObjects(file, heapObjects);
  if (committed !== undefined) yield* dropReference(file, committed);
}
