/** The blocks of an object header while it is edited: where its messages stand, and where there is room for more. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { encode } from "../../bytes/encode.ts";
import { UnsupportedError } from "../../errors.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import type { MessageFormat } from "../../format/object-header/message-list.ts";
import type { ObjectHeaderBlock } from "../../format/object-header/object-header.ts";
import type { EditorFile } from "../editor-file.ts";
import { continuationOf, continuationRoom, HeaderBlock, messageRoom } from "./header-block.ts";
import { checkSize, growth } from "./header-limits.ts";
import { evicted, movable, placesElsewhere } from "./move-messages.ts";

/** Signature and checksum of a continuation block, version 2. */
export const BLOCK_OVERHEAD = { 1: 0, 2: 8 } as const;
/** A new block has room for as much again as the header has already, between these. */
const SMALLEST_SLACK = 64;
const LARGEST_SLACK = 16 << 10;

export class HeaderBlocks {
  readonly file: EditorFile;
  readonly format: MessageFormat;
  /** Of the first block. */
  prefix: ObjectHeaderBlock;
  private blocks: readonly HeaderBlock[];
  private dropped: HeaderBlock[] = [];

  constructor(file: EditorFile, prefix: ObjectHeaderBlock, blocks: readonly HeaderBlock[]) {
    this.file = file;
    this.prefix = prefix;
    this.format = blocks[0].format;
    this.blocks = blocks;
  }

  get address(): Address {
    return this.blocks[0].address;
  }

  /** The first one has the prefix. */
  get list(): readonly HeaderBlock[] {
    return this.blocks;
  }

  /** Blocks that were given up since the last time. */
  takeDropped(): HeaderBlock[] {
    return this.dropped.length === 0 ? this.dropped : this.dropped.splice(0);
  }

  /** Finds a place for a message, or makes one. */
  place(message: HeaderMessage): void {
    const need = messageRoom(message.length, this.format);
    const block = this.blocks.find(({ free }) => free >= need) ?? this.grown(need);
    if (block !== undefined) block.add(message);
    else this.extend([message]);
  }

  /** The block of a message. */
  blockOf(message: HeaderMessage): HeaderBlock {
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
    this.blocks = [...this.blocks, block];
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
  gather(): void {
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
  dropEmpty(): void {
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
