/** The time of the last change, where an object header keeps it: in its prefix, or in a message of older headers. */
import type { Address } from "../../bytes/address.ts";
import type { ObjectTimes } from "../../contract.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { modificationTimeMessage } from "../../format/messages/modification-time.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "./edited-header.ts";

/**
 * Sets the times of an object, as far as its header has places for them: what is copied keeps its own. Older headers know only
 * when an object was changed last.
 */
export function* setTimes(file: EditorFile, object: Address, times: ObjectTimes): Steps<void> {
  const header = yield* EditedHeader.load(file, object);
  const { head } = header;
  const changed = times.changed ?? times.modified;
  if (changed === undefined) return header.release();
  if (head.version === 2) {
    if (head.times === undefined) return header.release();
    const { accessed = changed, modified = changed, born = modified } = times;
    header.head = { ...head, times: { accessed, modified, changed, born } };
  } else if (!setModified(header, changed)) return header.release();
  header.apply();
}

/** Whether the header has a message that says when the object was changed. */
function setModified(header: EditedHeader, seconds: number): boolean {
  const message = header.find(MessageType.modificationTime);
  if (message === undefined) return false;
  header.replace(
    message,
    header.encode((f) => void modificationTimeMessage(f, { seconds })),
  );
  return true;
}

/** Sets it to now, in a header that is applied later. */
export function touch(file: EditorFile, header: EditedHeader): void {
  const { head } = header;
  if (head.version === 2) {
    if (head.times === undefined) return;
    const now = file.now();
    header.head = { ...head, times: { ...head.times, accessed: now, changed: now } };
    return;
  }
  setModified(header, file.now());
}
