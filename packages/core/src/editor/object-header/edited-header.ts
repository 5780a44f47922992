/**
 * Editing of object headers: messages are added, replaced and removed; the header never moves, but continues elsewhere.
 *
 * Blocks keep their place and size. Within a block messages are packed and what is left becomes null messages; a message
 * that fits into no block goes to a new one. Untouched messages keep their bytes, flags and creation order.
 */
import type { Address } from "../../bytes/address.ts";
import { encode } from "../../bytes/encode.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { AnyObjectInfo } from "../../contract.ts";
import { ObjectHeader, objectHeader } from "../../engine/object-header.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { CONTINUATION_BLOCK, writeContinuationBlock } from "../../format/object-header/continuation-block.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import type { MessageFormat } from "../../format/object-header/message-list.ts";
import {
  formatOf,
  OBJECT_HEADER,
  type ObjectHeaderBlock,
  writeObjectHeader,
} from "../../format/object-header/object-header.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { fitsHeader, HeaderBlock, messageOf, messageRoom } from "./header-block.ts";
import { BLOCK_OVERHEAD, HeaderBlocks } from "./header-blocks.ts";
import { HeaderInfo } from "./header-info.ts";
import { markUnknown } from "./unknown-messages.ts";

export class EditedHeader {
  readonly address: Address;
  private readonly file: EditorFile;
  private readonly blocks: HeaderBlocks;
  private readonly info: HeaderInfo;

  private constructor(blocks: HeaderBlocks, info?: AnyObjectInfo) {
    this.file = blocks.file;
    this.address = blocks.address;
    this.blocks = blocks;
    this.info = new HeaderInfo(info);
  }

  /** A header that was made just now, of one block. */
  static made(file: EditorFile, first: ObjectHeaderBlock, block: HeaderBlock): EditedHeader {
    const header = new EditedHeader(new HeaderBlocks(file, first, [block]));
    block.changed = true;
    header.apply();
    return header;
  }

  /**
   * Reads the header; nothing is changed before {@link apply}. UnsupportedError where a message that is not known says that
   * who does not know it must not change the object.
   */
  static *load(file: EditorFile, address: Address): Steps<EditedHeader> {
    return EditedHeader.kept(file, address) ?? (yield* EditedHeader.read(file, address));
  }

  /** The same, where it was edited before and nothing happened to it since. */
  static kept(file: EditorFile, address: Address): EditedHeader | undefined {
    const kept = file.editedHeaders.take(address);
    if (!(kept instanceof EditedHeader)) return undefined;
    const current = file.structures.inFront(OBJECT_HEADER, address);
    return current !== undefined && current === kept.head ? kept : undefined;
  }

  private static *read(file: EditorFile, address: Address): Steps<EditedHeader> {
    const header = yield* objectHeader(file, address);
    const format = formatOf(header.first);
    const blocks = [blockOfFirst(header, format)];
    for (const { address: at, length } of header.continuations) {
      const { messages } = yield* file.structures.get(CONTINUATION_BLOCK, at, {
        ...format,
        length,
        room: file.headers.room,
      });
      blocks.push(new HeaderBlock(at, length, length - BLOCK_OVERHEAD[format.version], format, messages));
    }
    for (const block of blocks) markUnknown(block, address);
    return new EditedHeader(new HeaderBlocks(file, header.first, blocks), header.info);
  }

  /** Lets go of it, without changes. */
  release(): void {
    this.file.editedHeaders.keep(this.address, this);
  }

  get version(): 1 | 2 {
    return this.blocks.format.version;
  }

  /** All but null and continuation messages, in their order. */
  get messages(): HeaderMessage[] {
    return this.blocks.list.flatMap((block) => block.messages.filter(({ type }) => type !== MessageType.continuation));
  }

  /** Messages of a type, in their order. */
  all(wanted: number): HeaderMessage[] {
    const found: HeaderMessage[] = [];
    for (const { messages } of this.blocks.list) for (const one of messages) if (one.type === wanted) found.push(one);
    return found;
  }

  count(wanted: number): number {
    let count = 0;
    for (const { messages } of this.blocks.list) for (const { type } of messages) if (type === wanted) count++;
    return count;
  }

  find(type: number): HeaderMessage | undefined {
    for (const { messages } of this.blocks.list)
      for (const message of messages) if (message.type === type) return message;
    return undefined;
  }

  /** The prefix: reference count (version 1), times and order of attributes (version 2). */
  get head(): ObjectHeaderBlock {
    return this.blocks.prefix;
  }

  set head(value: ObjectHeaderBlock) {
    this.blocks.prefix = value;
    this.blocks.list[0].changed = true;
    if (value.version === 1) this.info.referenceCount(value.referenceCount);
    else this.info.forget();
  }

  /** Whether a message of this many bytes can stand in a header at all. */
  static fits(length: number, version: 1 | 2): boolean {
    return fitsHeader(length, version);
  }

  /** The bytes that a layout function writes. */
  encode(write: (f: Fields) => void): Uint8Array {
    return encode(this.file.structures.sizes, write);
  }

  /** Adds a message. `order`: of attributes, where the header tracks it. */
  add(type: number, data: Uint8Array, flags = 0, order = 0): HeaderMessage {
    const message = this.made(type, flags, data, order);
    this.blocks.place(message);
    this.hasChanged(type);
    return message;
  }

  /** What is known of the object may not be so any more. */
  private hasChanged(type: number): void {
    if (type === MessageType.attribute) this.info.attributes(this.find(type) !== undefined);
    else this.info.forget();
  }

  /** Puts another message in the place of one, in its block if there is room. */
  replace(old: HeaderMessage, data: Uint8Array, flags: number = old.flags): HeaderMessage {
    const message = this.made(old.type, flags, data, old.order ?? 0);
    const block = this.blocks.blockOf(old);
    if (block.free + old.length >= message.length) block.replace(old, message);
    else {
      block.remove(old);
      this.blocks.place(message);
      this.blocks.dropEmpty();
    }
    this.hasChanged(old.type);
    return message;
  }

  /** Removes a message. Messages of other blocks move to where there is room now, if that empties their block. */
  remove(message: HeaderMessage): void {
    this.blocks.blockOf(message).remove(message);
    this.blocks.dropEmpty();
    this.blocks.gather();
    this.hasChanged(message.type);
  }

  /** Changes the file: puts all changed blocks, gives back those that are empty. Asks for nothing. */
  apply(): void {
    const { structures, allocator, pages } = this.file;
    for (const { address, room } of this.blocks.takeDropped()) {
      structures.forget(address);
      allocator.free(address, room, "metadata");
      pages.invalidate(address, room);
    }
    const { list } = this.blocks;
    for (let i = 1; i < list.length; i++) {
      const block = list[i];
      if (block.changed) putContinuation(this.file, block);
      block.changed = false;
    }
    this.putFirst();
    // Whoever asks for the header next need not put it together anew, also where only other blocks changed.
    structures.derive(this.address, this.whole());
    this.file.editedHeaders.keep(this.address, this);
  }

  private putFirst(): void {
    const { prefix, list } = this.blocks;
    const [first] = list;
    if (prefix.version === 1) {
      let messageCount = 0;
      for (const block of list) messageCount += block.messageCount;
      if (prefix.messageCount !== messageCount) this.head = { ...prefix, messageCount };
    }
    if (!first.changed) return;
    const written = withMessages(this.blocks.prefix, first);
    this.blocks.prefix = written;
    this.file.structures.put(OBJECT_HEADER, this.address, written, first.room, writeObjectHeader);
    first.changed = false;
  }

  /** The header as readers see it. */
  private whole(): ObjectHeader {
    const [first, ...others] = this.blocks.list;
    const messages = others.reduce((list, block) => list.concat(block.messages), first.messages.slice());
    const continuations = others.map(({ address, room }) => ({ address, length: room }));
    const header = new ObjectHeader(this.address, this.blocks.prefix, messages, continuations);
    header.info = this.info.known;
    return header;
  }

  private made(type: number, flags: number, data: Uint8Array, order: number): HeaderMessage {
    return messageOf(type, flags, data, this.blocks.format, order);
  }
}

function blockOfFirst(header: ObjectHeader, format: MessageFormat): HeaderBlock {
  const { first } = header;
  const used = first.messages.reduce((sum, { length }) => sum + messageRoom(length, format), 0);
  return new HeaderBlock(
    header.address,
    first.length,
    used + (first.version === 2 ? first.gap : 0),
    format,
    first.messages,
  );
}

/** Not spread: headers are many, and made anew with each change. */
function withMessages(prefix: ObjectHeaderBlock, block: HeaderBlock): ObjectHeaderBlock {
  const { messages, gap } = block.filled();
  const { room: length } = block;
  if (prefix.version !== 1) return { ...prefix, messages, gap, length };
  const { messageCount, referenceCount } = prefix;
  return { version: 1, messageCount, referenceCount, messages, length };
}

function putContinuation(file: EditorFile, block: HeaderBlock): void {
  const { format, room, address } = block;
  file.structures.put(CONTINUATION_BLOCK, address, block.filled(), room, (f, value) =>
    writeContinuationBlock(f, value, format),
  );
}
