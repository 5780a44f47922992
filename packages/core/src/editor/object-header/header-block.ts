/** One block of an object header while it is edited: a fixed room in the file, and the messages in it. */
import type { Address, Sizes } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { UnsupportedError } from "../../errors.ts";
import { type Continuation, continuationMessage } from "../../format/messages/continuation.ts";
import { MessageType, messageTitle } from "../../format/messages/message-type.ts";
import { HeaderMessage } from "../../format/object-header/header-message.ts";
import { envelopeBytes, type MessageFormat } from "../../format/object-header/message-list.ts";

/** The most that a message's length field can say. */
export const LARGEST_MESSAGE: number = 0xffff;

/** Bytes that a message of `length` bytes takes with its envelope. */
export function messageRoom(length: number, format: MessageFormat): number {
  return envelopeBytes(format) + (format.version === 1 ? Math.ceil(length / 8) * 8 : length);
}

/** Whether a message of this many bytes can stand in a header at all. */
export function fitsHeader(length: number, version: 1 | 2): boolean {
  return length <= (version === 1 ? LARGEST_MESSAGE - 7 : LARGEST_MESSAGE);
}

/**
 * A message as a header of this version holds it: version 1 fills it up to a multiple of 8 bytes. UnsupportedError for one
 * whose length no header can say, such as a compound datatype of thousands of members.
 */
export function messageOf(
  type: number,
  flags: number,
  data: Uint8Array,
  format: MessageFormat,
  order = 0,
): HeaderMessage {
  if (!fitsHeader(data.length, format.version)) {
    throw new UnsupportedError("is too large for an object header", {
      structure: messageTitle(type),
      found: `${data.length} bytes`,
      allowed: `at most ${LARGEST_MESSAGE}`,
    });
  }
  let bytes = data;
  if (format.version === 1 && data.length % 8 !== 0) {
    bytes = new Uint8Array(Math.ceil(data.length / 8) * 8);
    bytes.set(data);
  }
  return HeaderMessage.of(type, flags, bytes, format.ordered ? order : undefined);
}

/** The pointer to a further block, as a message. */
export function continuationOf(
  next: Continuation,
  format: MessageFormat,
  encode: (write: (f: Fields) => void) => Uint8Array,
): HeaderMessage {
  return messageOf(
    MessageType.continuation,
    0,
    encode((f) => void continuationMessage(f, next)),
    format,
  );
}

/** Bytes that a pointer to a further block takes. */
export function continuationRoom(sizes: Sizes, format: MessageFormat): number {
  return messageRoom(sizeOf(continuationMessage, { address: 0 as Address, length: 0 }, sizes), format);
}

const longestNull = ({ version }: MessageFormat): number => (version === 1 ? LARGEST_MESSAGE - 7 : LARGEST_MESSAGE);

/** What null messages hold; few are longer. */
const ZEROS = new Uint8Array(1024);

const nullMessage = (length: number, format: MessageFormat): HeaderMessage =>
  messageOf(MessageType.nil, 0, length <= ZEROS.length ? ZEROS.subarray(0, length) : new Uint8Array(length), format);

export class HeaderBlock {
  /** Where the block stands; the first one with the header's prefix. */
  readonly address: Address;
  readonly format: MessageFormat;
  changed = false;
  private bytes: number;
  private most: number;
  private used = 0;
  /** Without null messages: what they take is free. */
  private list: HeaderMessage[];

  constructor(
    address: Address,
    room: number,
    capacity: number,
    format: MessageFormat,
    messages: readonly HeaderMessage[],
  ) {
    this.address = address;
    this.bytes = room;
    this.most = capacity;
    this.format = format;
    this.list = messages.filter(({ type }) => type !== MessageType.nil);
    for (const message of this.list) this.used += this.roomOf(message);
  }

  get messages(): readonly HeaderMessage[] {
    return this.list;
  }

  /** Bytes that the block has in the file, all in all. */
  get room(): number {
    return this.bytes;
  }

  /** Bytes for messages with their envelopes. */
  get capacity(): number {
    return this.most;
  }

  /** Bytes that no message takes. */
  get free(): number {
    return this.most - this.used;
  }

  add(message: HeaderMessage): void {
    this.list.push(message);
    this.used += this.roomOf(message);
    this.changed = true;
  }

  remove(message: HeaderMessage): void {
    const i = this.list.indexOf(message);
    if (i < 0) return;
    this.list.splice(i, 1);
    this.used -= this.roomOf(message);
    this.changed = true;
  }

  replace(old: HeaderMessage, next: HeaderMessage): void {
    this.list[this.list.indexOf(old)] = next;
    this.used += next.length - old.length;
    this.changed = true;
  }

  /** All messages have gone to other blocks. */
  clear(): void {
    this.list = [];
    this.used = 0;
  }

  /** The block has become larger by so many bytes in the file, so many of which are for messages. */
  grow(room: number, capacity: number): void {
    this.bytes += room;
    this.most += capacity;
    this.changed = true;
  }

  private roomOf({ length }: HeaderMessage): number {
    return envelopeBytes(this.format) + length;
  }

  /** Messages as they are written, null messages included. */
  get messageCount(): number {
    const { free, format } = this;
    const envelope = envelopeBytes(format);
    const nulls = free < envelope ? 0 : Math.ceil((free - envelope + 1) / (envelope + longestNull(format)));
    return this.list.length + nulls;
  }

  /** Messages as they are written, and the gap behind them: what is free becomes null messages, as far as they fit. */
  filled(): { readonly messages: readonly HeaderMessage[]; readonly gap: number } {
    const { format } = this;
    const envelope = envelopeBytes(format);
    const messages = this.list.slice();
    let { free } = this;
    while (free >= envelope) {
      const length = Math.min(free - envelope, longestNull(format));
      messages.push(nullMessage(length, format));
      free -= envelope + length;
    }
    return { messages, gap: free };
  }
}
