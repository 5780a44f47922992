/**
 * What refers to messages that stand elsewhere: committed datatypes and shared messages count who does. Attributes are
 * messages too, but own more: see there.
 */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { type ObjectHeader, objectHeader, peekObjectHeader } from "../../engine/object-header.ts";
import { MessageFlag, MessageType, messageTitle } from "../../format/messages/message-type.ts";
import { type SharedMessage, sharedMessage } from "../../format/messages/shared-message.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { addReference, dropReference } from "../object-header/references.ts";
import { SharedIndex } from "./shared-index.ts";

/** A pointer to a message of a type. */
export interface MessagePointer {
  readonly type: number;
  readonly shared: SharedMessage;
}

export function pointerIn(file: EditorFile, type: number, bytes: Uint8Array): MessagePointer {
  return { type, shared: sharedMessage(new Decoder(bytes, file.structures.sizes, messageTitle(type))) };
}

/** Fails, if it must, where {@link keepMessage} or {@link releaseMessage} would; without changing anything. */
export function* checkPointer(file: EditorFile, { type, shared }: MessagePointer): Steps<void> {
  if (shared.kind === "committed") yield* objectHeader(file, shared.header);
  else yield* (yield* SharedIndex.load(file, type)).inHeap(shared.heapId);
}

/** One reference more to the message. */
export function* keepMessage(file: EditorFile, { type, shared }: MessagePointer): Steps<void> {
  if (shared.kind === "committed") yield* addReference(file, shared.header);
  else {
    const index = yield* SharedIndex.load(file, type);
    yield* index.keep(yield* index.inHeap(shared.heapId));
  }
}

/** One reference less. Whether a message in the heap of shared messages is gone with it. */
export function* releaseMessage(file: EditorFile, { type, shared }: MessagePointer): Steps<boolean> {
  if (shared.kind === "committed") {
    yield* dropReference(file, shared.header);
    return false;
  }
  const index = yield* SharedIndex.load(file, type);
  return yield* index.release(yield* index.inHeap(shared.heapId));
}

/** What a message of a header that goes, or is replaced by one of its own, leaves: one reference less, where it is shared. */
export function* releaseHeaderMessage(file: EditorFile, header: Address, message: HeaderMessage): Steps<void> {
  const { type, flags } = message;
  if ((flags & MessageFlag.shared) !== 0)
    yield* releaseMessage(file, { type, shared: sharedMessage(message.decoder(file.structures.sizes)) });
  else if ((flags & MessageFlag.sharable) !== 0) {
    const index = yield* SharedIndex.load(file, type);
    yield* index.release(yield* index.inHeader(header, message));
  }
}

/** The same for all messages of an object that is going to be deleted, but its attributes. */
export function* releaseMessages(file: EditorFile, address: Address): Steps<void> {
  const header: ObjectHeader = peekObjectHeader(file, address) ?? (yield* objectHeader(file, address));
  // Null messages may have the flags of what they were.
  for (const message of header.messages)
    if (message.type !== MessageType.attribute && message.type !== MessageType.nil)
      yield* releaseHeaderMessage(file, address, message);
}
