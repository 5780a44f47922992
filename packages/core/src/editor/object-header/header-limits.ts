/** How far object headers may grow: what is written can be read again, within the limits that the file was opened with. */
import { withinLimit } from "../../engine/limits.ts";
import { LimitError } from "../../errors.ts";
import type { ObjectHeaderBlock, ObjectHeaderV2 } from "../../format/object-header/object-header.ts";
import type { EditorFile } from "../editor-file.ts";
import type { HeaderBlock } from "./header-block.ts";

const TITLE = "Object header";
/** Version 1 headers count their messages in 16 bits. */
const MOST_MESSAGES = 0xffff;
/** Messages that the room left over in a new block can hold: they are added without being counted here. */
const UNCOUNTED = 1024;

/** LimitError where a header would get too large by one more block of `room` bytes. */
export function checkSize({ limits }: EditorFile, blocks: readonly HeaderBlock[], room: number): void {
  withinLimit(limits, "continuationBlocks", blocks.length, TITLE);
  const bytes = blocks.reduce((sum, block) => sum + block.room, room);
  withinLimit(limits, "objectHeaderBytes", bytes, TITLE);
  const messages = blocks.reduce((sum, block) => sum + block.messages.length, 0);
  if (messages + UNCOUNTED <= MOST_MESSAGES) return;
  throw new LimitError("has as many messages as it can count", {
    structure: TITLE,
    address: blocks[0].address,
    found: messages,
    allowed: `at most ${MOST_MESSAGES - UNCOUNTED}`,
  });
}

/** Bytes for messages that a first block may grow to: further blocks have room for what comes later, too. */
const LARGEST_GROWN = 2048;

/** What a first block becomes larger by. */
export interface Growth {
  readonly room: number;
  readonly capacity: number;
  /** Of the field with its size, where that must become wider. */
  readonly sizeWidth?: ObjectHeaderV2["sizeWidth"];
}

/** By how much the first block is to grow, so that `need` bytes fit behind its messages; `undefined`: not at all. */
export function growth(prefix: ObjectHeaderBlock, { free, capacity }: HeaderBlock, need: number): Growth | undefined {
  const more = need - free;
  if (capacity + more > LARGEST_GROWN) return undefined;
  if (prefix.version === 1 || prefix.sizeWidth > 1 || capacity + more < 0x100) return { room: more, capacity: more };
  return { room: more + 1, capacity: more, sizeWidth: 2 };
}
