/**
 * One message of an object header, still as its bytes (HDF5 File Format Specification, section IV.A.1): what is not
 * asked for is not decoded, and what is not changed is written as it was.
 */
import type { Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { messageTitle } from "../messages/message-type.ts";

/** The bytes of one block of an object header; owned, not a view of a page. */
export interface HeaderBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** File address of the first byte. */
  readonly address: number;
}

export class HeaderMessage {
  /** See `MessageType`. */
  readonly type: number;
  /** See `MessageFlag`. */
  readonly flags: number;
  /** Creation order, where the header tracks that of attributes. */
  readonly order: number | undefined;
  readonly block: HeaderBytes;
  /** Of the message's data in the block. */
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
    return new HeaderMessage(type, flags, order, headerBytes(data, 0), 0, data.length);
  }

  /** A view. */
  get data(): Uint8Array {
    return this.block.bytes.subarray(this.offset, this.offset + this.length);
  }

  get title(): string {
    return messageTitle(this.type);
  }

  decoder(sizes: Sizes): Decoder {
    const { bytes, view, address } = this.block;
    return new Decoder(bytes, sizes, this.title, address, this.offset, this.offset + this.length, view);
  }
}

export function headerBytes(bytes: Uint8Array, address: number): HeaderBytes {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), address };
}
