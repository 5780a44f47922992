/** Which messages of object headers move between blocks while headers are edited. */
import { MessageType } from "../../format/messages/message-type.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import { type HeaderBlock, messageRoom } from "./header-block.ts";

/** Moved first when room is needed: what is looked at least when an object is opened. */
const MOVED_FIRST: readonly number[] = [MessageType.attribute, MessageType.link, MessageType.objectComment];

export const movable = ({ messages }: HeaderBlock): HeaderMessage[] =>
  messages.filter(({ type }) => type !== MessageType.continuation);

/** Messages whose removal leaves at least `need` bytes free: as few as may be, of the kinds to be moved first. */
export function evicted(block: HeaderBlock, need: number): HeaderMessage[] {
  const rank = ({ type }: HeaderMessage): number =>
    MOVED_FIRST.includes(type) ? MOVED_FIRST.indexOf(type) : MOVED_FIRST.length;
  const moved: HeaderMessage[] = [];
  let { free } = block;
  for (const message of movable(block)
    .reverse()
    .sort((a, b) => rank(a) - rank(b))) {
    if (free >= need) break;
    moved.push(message);
    free += messageRoom(message.length, block.format);
  }
  return moved;
}

/** A block that messages may move to, and how much room it has, or will have. */
interface Target {
  readonly block: HeaderBlock;
  free: number;
}

/** Another block for each message of one, if all fit. What points at further blocks stays: it could end up behind itself. */
export function placesElsewhere(
  { messages, format }: HeaderBlock,
  targets: readonly Target[],
): Map<HeaderMessage, HeaderBlock> | undefined {
  const places = new Map<HeaderMessage, HeaderBlock>();
  for (const message of messages) {
    if (message.type === MessageType.continuation) return undefined;
    const need = messageRoom(message.length, format);
    const target = targets.find(({ free }) => free >= need);
    if (target === undefined) return undefined;
    target.free -= need;
    places.set(message, target.block);
  }
  return places;
}
