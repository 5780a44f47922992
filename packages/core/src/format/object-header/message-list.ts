/** The messages of one block of an object header (HDF5 File Format Specification, section IV.A.1), for both versions. */
import type { Fields } from "../../bytes/fields.ts";
import { MessageFlag } from "../messages/message-type.ts";
import { type HeaderBytes, HeaderMessage } from "./header-message.ts";

export interface MessageFormat {
  readonly version: 1 | 2;
  /** Version 2: each message has the creation order of attributes. */
  readonly ordered: boolean;
}

/** Bytes before a message's data. */
export const envelopeBytes = (format: MessageFormat): number => (format.version === 1 ? 8 : format.ordered ? 6 : 4);

/** Bytes that messages take with their envelopes. */
export function messagesBytes(messages: readonly HeaderMessage[], format: MessageFormat): number {
  return messages.reduce((sum, message) => sum + envelopeBytes(format) + message.length, 0);
}

/** Reads messages up to position `end`. What is left there, too short for a message, is a gap. */
export function readMessages(f: Fields, block: HeaderBytes, format: MessageFormat, end: number): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const envelope = envelopeBytes(format);
  while (end - f.position >= envelope) messages.push(readMessage(f, block, format, end));
  return messages;
}

function readMessage(f: Fields, block: HeaderBytes, format: MessageFormat, end: number): HeaderMessage {
  const old = format.version === 1;
  const type = old ? f.u16(0) : f.u8(0);
  const length = f.u16(0);
  const flags = f.u8(0);
  if (old) f.reserved(3);
  const order = format.ordered ? f.u16(0) : undefined;
  const offset = block.start + f.position;
  if (old && length % 8 !== 0) f.fail("has a message of a wrong length", length, "a multiple of 8");
  const left = end - f.position;
  if (length > left) f.fail("has a message that runs past its block", length, `at most ${left}`);
  if ((flags & MessageFlag.shared) !== 0 && (flags & MessageFlag.mustNotShare) !== 0) {
    f.fail("has a message with flags that exclude each other", `0x${flags.toString(16)}`);
  }
  f.reserved(length);
  return new HeaderMessage(type, flags, order, block, offset, length);
}

/** Writes or measures messages. */
export function writeMessages(f: Fields, messages: readonly HeaderMessage[], format: MessageFormat): void {
  for (const message of messages) {
    if (format.version === 1) {
      if (message.length % 8 !== 0) f.fail("has a message of a wrong length", message.length, "a multiple of 8");
      f.u16(message.type);
    } else f.u8(message.type);
    f.u16(message.length);
    f.u8(message.flags);
    if (format.version === 1) f.reserved(3);
    if (format.ordered) f.u16(message.order);
    f.bytes(message.data, message.length);
  }
}
