/**
 * One message of an object header, still as its bytes (HDF5 File Format Specification, section IV.A.1): what is not
 * asked for is not decoded, and what is not changed is written as it was.
 */
import type { Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { messageTitle } from "../messages/message-type.ts";

/** Where the bytes of a block of an object header stand: owned, not a view of a page. */
export interface HeaderBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** File address of `bytes[0]`, if it stood in the file before the block as it does here. */
  readonly base: number;
  /** Where the block begins and ends in `bytes`. */
  readonly start: number;
  readonly end: number;
}

export class HeaderMessage {
  /** See `MessageType`. */
  readonly type: number;
  /** See `MessageFlag`. */
  readonly flags: number;
  /** Creation order, where the header tracks that of attributes. */
  readonly order: number | undefined;
  readonly block: HeaderBytes;
  /** Of the message's data in `block.bytes`. */
  readonly offset: number;
  readonly length: number;

  constructor(
    type: number,
    flags: number,
    order: number | undefined,
    block: HeaderBytes,
    offset: number,
    length: number,
  ) {
    this.type = type;
    this.flags = flags;
    this.order = order;
    this.block = block;
    this.offset = offset;
    this.length = length;
  }

  /** A message that stands in no file yet. */
  static of(type: number, flags: number, data: Uint8Array, order?: number): HeaderMessage {
    return new HeaderMessage(type, flags, order, new OwnBytes(data), 0, data.length);
  }

  /** A view. */
  get data(): Uint8Array {
    return this.block.bytes.subarray(this.offset, this.offset + this.length);
  }

  get title(): string {
    return messageTitle(this.type);
  }

  decoder(sizes: Sizes): Decoder {
    const { bytes, view, base } = this.block;
    return new Decoder(bytes, sizes, this.title, base, this.offset, this.offset + this.length, view);
  }
}

/** The bytes of one message alone; few of them are ever looked at again. */
class OwnBytes implements HeaderBytes {
  readonly bytes: Uint8Array;
  readonly base = 0;
  readonly start = 0;
  private made: DataView | undefined = undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get end(): number {
    return this.bytes.length;
  }

  get view(): DataView {
    const { buffer, byteOffset, byteLength } = this.bytes;
    this.made ??= new DataView(buffer, byteOffset, byteLength);
    return this.made;
  }
}

/**
 * Room for blocks of object headers, which are many and small: an array of its own for each would cost more than reading
 * it. Room goes when no message in it is held any more.
 */
export class HeaderRoom {
  private bytes = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  /** Copies what is left of a decoder. */
  copy(from: Decoder): HeaderBytes {
    const length = from.remaining;
    const address = from.here;
    if (length > this.bytes.length - this.used) {
      this.bytes = new Uint8Array(Math.max(ROOM, length));
      this.view = new DataView(this.bytes.buffer);
      this.used = 0;
    }
    const start = this.used;
    this.used += length;
    this.bytes.set(from.bytes(undefined, length), start);
    return { bytes: this.bytes, view: this.view, base: address - start, start, end: start + length };
  }
}

const ROOM = 1 << 15;

/** A decoder over a whole block. */
export function blockDecoder({ bytes, view, base, start, end }: HeaderBytes, sizes: Sizes, title: string): Decoder {
  return new Decoder(bytes, sizes, title, base, start, end, view);
}
