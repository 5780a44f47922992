/** Messages in the heaps of the table of shared messages. */
import { FormatError } from "../errors.ts";
import { MessageType, messageTitle } from "../format/messages/message-type.ts";
import { SHARED_MESSAGE_TABLE, type SharedMessageIndex } from "../format/shared-messages/table.ts";
import type { Steps } from "../steps/steps.ts";
import { openFractalHeap } from "./fractal-heap/heap.ts";
import { heapObject } from "./fractal-heap/objects.ts";
import type { MetadataFile } from "./metadata-file.ts";

/** An index of the table of shared messages, and its number in it. */
export interface NumberedIndex {
  readonly number: number;
  readonly index: SharedMessageIndex;
}

/** The message of type `type` with an id; a copy. */
export function* sharedHeapMessage(file: MetadataFile, type: number, heapId: Uint8Array): Steps<Uint8Array> {
  const { index } = yield* sharedIndex(file, type);
  if (index.heap === null) return fail(type, NO_HEAP);
  const heap = yield* openFractalHeap(file, index.heap);
  return (yield* heapObject(file, heap, heapId)).slice();
}

/** The index for messages of type `type`. */
export function* sharedIndex(file: MetadataFile, type: number): Steps<NumberedIndex> {
  const { structures, sharedMessages: place } = file;
  if (place === undefined) return fail(type, "is shared in a file that has no table of shared messages");
  const { indexes } =
    structures.peek(SHARED_MESSAGE_TABLE, place.table, place) ??
    (yield* structures.get(SHARED_MESSAGE_TABLE, place.table, place));
  // Both fill value messages share one index.
  const flag = 1 << (type === MessageType.fillValueOld ? MessageType.fillValue : type);
  const number = indexes.findIndex(({ messageTypes }) => (messageTypes & flag) !== 0);
  return number < 0 ? fail(type, NO_HEAP) : { number, index: indexes[number] };
}

const NO_HEAP = "is shared in a file that has no heap for its type";

function fail(type: number, reason: string): never {
  throw new FormatError(reason, { structure: messageTitle(type) });
}
