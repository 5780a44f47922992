/**
 * Object header continuation block (HDF5 File Format Specification, section IV.A.1): more messages of a header. Pointed at by
 * continuation messages, which say how long it is.
 */
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";
import { blockDecoder, type HeaderMessage, type HeaderRoom } from "./header-message.ts";
import { type MessageFormat, readMessages, writeMessages } from "./message-list.ts";

export interface ContinuationBlock {
  readonly messages: readonly HeaderMessage[];
  /** Unused bytes behind the messages, too few for one more. */
  readonly gap: number;
}

export interface ContinuationContext extends MessageFormat {
  readonly length: number;
  readonly room: HeaderRoom;
}

const TITLE = "Object header continuation block";
const SIGNATURE = "OCHK";
const CHECKSUM_BYTES = 4;

/** Writes or measures a block. */
export function writeContinuationBlock(f: Fields, v: ContinuationBlock, format: MessageFormat): void {
  if (format.version === 2) f.signature(SIGNATURE);
  writeMessages(f, v.messages, format);
  f.reserved(v.gap);
  if (format.version === 2) f.checksum();
}

function decode(from: Decoder, context: ContinuationContext): ContinuationBlock {
  const block = context.room.copy(from);
  const f = blockDecoder(block, from.sizes, TITLE);
  if (context.version === 1) {
    const messages = readMessages(f, block, context, context.length);
    if (f.remaining > 0) f.fail("has bytes behind its last message", f.remaining);
    return { messages, gap: 0 };
  }
  f.signature(SIGNATURE);
  const end = context.length - CHECKSUM_BYTES;
  const messages = readMessages(f, block, context, end);
  const gap = end - f.position;
  if (gap < 0) f.fail("is too short", context.length, "at least 8");
  f.reserved(gap);
  f.checksum();
  return { messages, gap };
}

export const CONTINUATION_BLOCK: Structure<ContinuationBlock, ContinuationContext> = {
  title: TITLE,
  guess: (context) => context.length,
  extent: (_, context) => context.length,
  decode,
};
