/** Messages that stand elsewhere: committed datatypes, and the heap of messages that several headers share. */
import type { Address } from "../bytes/address.ts";
import { Decoder } from "../bytes/decoder.ts";
import { FormatError } from "../errors.ts";
import { MessageFlag, messageTitle } from "../format/messages/message-type.ts";
import { sharedMessage } from "../format/messages/shared-message.ts";
import type { HeaderMessage } from "../format/object-header/header-message.ts";
import type { Steps } from "../steps/steps.ts";
import type { MetadataFile } from "./metadata-file.ts";
import { objectHeader, peekObjectHeader } from "./object-header.ts";
import { sharedHeapMessage } from "./shared-message-heap.ts";

/** A message's bytes, wherever they stand. */
export interface MessageSource {
  readonly from: Decoder;
  /** The object in whose header they stand, where that is another one. */
  readonly committed?: Address;
}

export const isShared = (message: HeaderMessage): boolean => (message.flags & MessageFlag.shared) !== 0;

/** The bytes of a message of type `type`, found by the pointer that `pointer` is at. */
export function* sharedSource(file: MetadataFile, type: number, pointer: Decoder): Steps<MessageSource> {
  const shared = sharedMessage(pointer);
  const sizes = file.structures.sizes;
  if (shared.kind === "heap") {
    const bytes = yield* sharedHeapMessage(file, type, shared.heapId);
    return { from: new Decoder(bytes, sizes, messageTitle(type)) };
  }
  const { header: address } = shared;
  const header = peekObjectHeader(file, address) ?? (yield* objectHeader(file, address));
  const message = header.only(type);
  if (message === undefined || isShared(message)) {
    throw new FormatError("is shared and does not stand where it should", { structure: messageTitle(type), address });
  }
  return { from: message.decoder(sizes), committed: address };
}

/** The bytes of a header message. */
export function* messageSource(file: MetadataFile, message: HeaderMessage): Steps<MessageSource> {
  const from = message.decoder(file.structures.sizes);
  return isShared(message) ? yield* sharedSource(file, message.type, from) : { from };
}

/** The bytes of those messages that are shared. */
export function* sharedSources(
  file: MetadataFile,
  messages: readonly HeaderMessage[],
): Steps<Map<HeaderMessage, MessageSource>> {
  const sources = new Map<HeaderMessage, MessageSource>();
  for (const message of messages) if (isShared(message)) sources.set(message, yield* messageSource(file, message));
  return sources;
}
