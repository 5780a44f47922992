/** How far object headers may grow: what is written can be read again, within the limits that the file was opened with. */
import { withinLimit } from "../../engine/limits.ts";
import { LimitError } from "../../errors.ts";
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
