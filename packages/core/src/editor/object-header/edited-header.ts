/**
 * Editing of object headers: messages are added, replaced and removed; the header never moves, but continues elsewhere.
 *
 * Blocks keep their place and size. Within a block messages are packed and what is left becomes null messages; a message
 * that fits into no block goes to a new one. Untouched messages keep their bytes, flags and creation order.
 */
import { type Address, asAddress } from "../../bytes/address.ts";
import { encode } from "../../bytes/encode.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { AnyObjectInfo } from "../../contract.ts";
import { ObjectHeader, objectHeader } from "../../engine/object-header.ts";
import { UnsupportedError } from "../../errors.ts";
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
import {
  continuationOf,
  continuationRoom,
  HeaderBlock,
  LARGEST_MESSAGE,
  messageOf,
  messageRoom,
} from "./header-block.ts";
import { HeaderInfo } from "./header-info.ts";
import { checkSize, growth } from "./header-limits.ts";
import { evicted, movable, placesElsewhere } from "./move-messages.ts";
import { markUnknown } from "./unknown-messages.ts";

/** Signature and checksum of a continuation block, version 2. */
const BLOCK_OVERHEAD = { 1: 0, 2: 8 } as const;
/** A new block has room for as much again as the header has already, between these. */
const SMALLEST_SLACK = 64;
const LARGEST_SLACK = 16 << 10;

export class EditedHeader {
  readonly address: Address;
  private readonly file: EditorFile;
  private prefix: ObjectHeaderBlock;
  private readonly format: MessageFormat;
  private blocks: HeaderBlock[];
  private dropped: HeaderBlock[] = [];
  private readonly info: HeaderInfo;

  private constructor(file: EditorFile, first: ObjectHeaderBlock, blocks: HeaderBlock[], info?: AnyObjectInfo) {
    this.file = file;
    this.address = blocks[0].address;
    this.prefix = first;
    this.format = blocks[0].format;
    this.blocks = blocks;
    this.info = new HeaderInfo(info);
  }

  /** A header that was made just now, of one block. */
  static made(file: EditorFile, first: ObjectHeaderBlock, block: HeaderBlock): EditedHeader {
    const header = new EditedHeader(file, first, [block]);
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
    if (kept === undefined) return undefined;
    const current = file.structures.inFront(OBJECT_HEADER, address);
    return current !== undefined && current === kept.prefix ? kept : undefined;
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
    return new EditedHeader(file, header.first, blocks, header.info);
  }

  /** Lets go of it, without changes. */
  release(): void {
    this.file.editedHeaders.keep(this);
  }

  get version(): 1 | 2 {
    return this.format.version;
  }

  /** All but null and continuation messages, in their order. */
  get messages(): HeaderMessage[] {
    return this.blocks.flatMap((block) => block.messages.filter(({ type }) => type !== MessageType.continuation));
  }

  /** Messages of a type, in their order. */
  all(wanted: number): HeaderMessage[] {
    const found: HeaderMessage[] = [];
    for (const { messages } of this.blocks) for (const one of messages) if (one.type === wanted) found.push(one);
    return found;
  }

  count(wanted: number): number {
    let count = 0;
    for (const { messages } of this.blocks) for (const { type } of messages) if (type === wanted) count++;
    return count;
  }

  find(type: number): HeaderMessage | undefined {
    for (const { messages } of this.blocks) for (const message of messages) if (message.type === type) return message;
    return undefined;
  }

  /** The prefix: reference count (version 1), times and order of attributes (version 2). */
  get head(): ObjectHeaderBlock {
    return this.prefix;
  }

  set head(value: ObjectHeaderBlock) {
    this.prefix = value;
    this.blocks[0].changed = true;
    if (value.version === 1) this.info.referenceCount(value.referenceCount);
    else this.info.forget();
  }

  /** Whether a message of this many bytes can stand in a header at all. */
  static fits(length: number, version: 1 | 2): boolean {
    return length <= (version === 1 ? LARGEST_MESSAGE - 7 : LARGEST_MESSAGE);
  }

  /** The bytes that a layout function writes. */
  encode(write: (f: Fields) => void): Uint8Array {
    return encode(this.file.structures.sizes, write);
  }

  /** Adds a message. `order`: of attributes, where the header tracks it. */
  add(type: number, data: Uint8Array, flags = 0, order = 0): HeaderMessage {
    const message = this.made(type, flags, data, order);
    this.place(message);
    this.hasChanged(type);
    return message;
  }

  private place(message: HeaderMessage): void {
    const need = messageRoom(message.length, this.format);
    const block = this.blocks.find(({ free }) => free >= need) ?? this.grown(need);
    if (block !== undefined) block.add(message);
    else this.extend([message]);
  }

  /** What is known of the object may not be so any more. */
  private hasChanged(type: number): void {
    if (type === MessageType.attribute) this.info.attributes(this.find(type) !== undefined);
    else this.info.forget();
  }

  /** Puts another message in the place of one, in its block if there is room. */
  replace(old: HeaderMessage, data: Uint8Array, flags: number = old.flags): HeaderMessage {
    const message = this.made(old.type, flags, data, old.order ?? 0);
    const block = this.blockOf(old);
    if (block.free + old.length >= message.length) block.replace(old, message);
    else {
      block.remove(old);
      this.place(message);
      this.dropEmpty();
    }
    this.hasChanged(old.type);
    return message;
  }

  /** Removes a message. Messages of other blocks move to where there is room now, if that empties their block. */
  remove(message: HeaderMessage): void {
    this.blockOf(message).remove(message);
    this.dropEmpty();
    this.gather();
    this.hasChanged(message.type);
  }

  /** Changes the file: puts all changed blocks, gives back those that are empty. Asks for nothing. */
  apply(): void {
    const { structures, allocator, pages } = this.file;
    for (const { address, room } of this.dropped) {
      structures.forget(address);
      allocator.free(address, room, "metadata");
      pages.invalidate(address, room);
    }
    this.dropped = [];
    for (let i = 1; i < this.blocks.length; i++) {
      const block = this.blocks[i];
      if (block.changed) putContinuation(this.file, block);
      block.changed = false;
    }
    this.putFirst();
    // Whoever asks for the header next need not put it together anew, also where only other blocks changed.
    structures.derive(this.address, this.whole());
    this.file.editedHeaders.keep(this);
  }

  private putFirst(): void {
    const { prefix } = this;
    const [first] = this.blocks;
    if (prefix.version === 1) {
      let messageCount = 0;
      for (const block of this.blocks) messageCount += block.messageCount;
      if (prefix.messageCount !== messageCount) this.head = { ...prefix, messageCount };
    }
    if (!first.changed) return;
    this.prefix = withMessages(this.prefix, first);
    this.file.structures.put(OBJECT_HEADER, this.address, this.prefix, first.room, writeObjectHeader);
    first.changed = false;
  }

  /** The header as readers see it. */
  private whole(): ObjectHeader {
    const [first, ...others] = this.blocks;
    const messages = others.reduce((list, block) => list.concat(block.messages), first.messages.slice());
    const continuations = others.map(({ address, room }) => ({ address, length: room }));
    const header = new ObjectHeader(this.address, this.prefix, messages, continuations);
    header.info = this.info.known;
    return header;
  }

  private made(type: number, flags: number, data: Uint8Array, order: number): HeaderMessage {
    if (!EditedHeader.fits(data.length, this.format.version)) {
      throw new UnsupportedError("is too large for an object header", {
        found: `${data.length} bytes`,
        allowed: `at most ${LARGEST_MESSAGE}`,
      });
    }
    return messageOf(type, flags, data, this.format, order);
  }

  private blockOf(message: HeaderMessage): HeaderBlock {
    const block = this.blocks.find(({ messages }) => messages.includes(message));
    if (block === undefined) throw new RangeError("the message is not in this header");
    return block;
  }

  /** The first block, where what stands behind it in the file is free and neither was there at the last commit. */
  private grown(need: number): HeaderBlock | undefined {
    const { file, prefix } = this;
    const [first] = this.blocks;
    if (this.blocks.length > 1 || !file.allocator.isFresh(first.address, first.room)) return undefined;
    const more = growth(prefix, first, need);
    if (more === undefined) return undefined;
    const end = asAddress(first.address + first.room);
    if (!file.allocator.extendAt(end, more.room, "metadata")) return undefined;
    if (more.sizeWidth !== undefined) this.prefix = { ...prefix, sizeWidth: more.sizeWidth } as ObjectHeaderBlock;
    first.grow(more.room, more.capacity);
    return first;
  }

  /** A new block for messages that fit nowhere; and for some of another block, if its pointer has no room otherwise. */
  private extend(messages: readonly HeaderMessage[]): void {
    const { file, format } = this;
    const { sizes } = file.structures;
    const pointer = continuationRoom(sizes, format);
    const from = this.blocks.findLast(({ free }) => free >= pointer) ?? this.roomiest(pointer);
    const moved = evicted(from, pointer);
    const all = [...moved, ...messages];
    const used = all.reduce((sum, { length }) => sum + messageRoom(length, format), 0);
    const before = this.blocks.reduce((sum, { capacity }) => sum + capacity, 0);
    const slack = Math.min(LARGEST_SLACK, Math.max(SMALLEST_SLACK, before));
    const capacity = Math.ceil((used + slack) / 8) * 8;
    const room = capacity + BLOCK_OVERHEAD[format.version];
    checkSize(file, this.blocks, room);
    const address = file.allocator.allocate(room, "metadata");
    const block = new HeaderBlock(address, room, capacity, format, all);
    block.changed = true;
    for (const message of moved) from.remove(message);
    from.add(continuationOf({ address, length: room }, format, (write) => encode(sizes, write)));
    this.blocks.push(block);
  }

  /** A block whose messages can make room for a pointer. */
  private roomiest(pointer: number): HeaderBlock {
    const block = this.blocks.findLast(
      (candidate) =>
        movable(candidate).reduce((sum, { length }) => sum + messageRoom(length, this.format), candidate.free) >=
        pointer,
    );
    if (block === undefined)
      throw new UnsupportedError("has no room for a pointer to more messages", {
        structure: "Object header",
        address: this.address,
      });
    return block;
  }

  /** Further blocks whose messages fit into the others are given up. */
  private gather(): void {
    const pointer = continuationRoom(this.file.structures.sizes, this.format);
    for (const block of this.blocks.slice(1).reverse()) {
      // One that went may have left the one with the pointer to it empty.
      if (!this.blocks.includes(block)) continue;
      const others = this.blocks
        .filter((other) => other !== block)
        .map((other) => ({
          block: other,
          free: other.free + (other.messages.some((one) => this.pointsAt(one, block.address)) ? pointer : 0),
        }));
      const places = placesElsewhere(block, others);
      if (places === undefined) continue;
      for (const [message, target] of places) target.add(message);
      block.clear();
      this.dropEmpty();
    }
  }

  /** Blocks without messages go, with the pointers to them; which may leave further ones empty. */
  private dropEmpty(): void {
    for (let empty = this.emptyBlock(); empty !== undefined; empty = this.emptyBlock()) {
      const gone = empty;
      this.blocks = this.blocks.filter((block) => block !== gone);
      this.dropped.push(gone);
      for (const block of this.blocks) {
        for (const message of [...block.messages]) if (this.pointsAt(message, gone.address)) block.remove(message);
      }
    }
  }

  private emptyBlock(): HeaderBlock | undefined {
    return this.blocks.slice(1).find(({ messages }) => messages.length === 0);
  }

  private pointsAt(message: HeaderMessage, address: Address): boolean {
    if (message.type !== MessageType.continuation) return false;
    return message.decoder(this.file.structures.sizes).address() === address;
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
