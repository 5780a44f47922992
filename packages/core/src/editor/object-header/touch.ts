/** The time of the last change, where an object header keeps it: in its prefix, or in a message of older headers. */
import { MessageType } from "../../format/messages/message-type.ts";
import { modificationTimeMessage } from "../../format/messages/modification-time.ts";
import type { EditorFile } from "../editor-file.ts";
import type { EditedHeader } from "./edited-header.ts";

/** Sets it to now, in a header that is applied later. */
export function touch(file: EditorFile, header: EditedHeader): void {
  const { head } = header;
  if (head.version === 2) {
    if (head.times === undefined) return;
    const now = file.now();
    header.head = { ...head, times: { ...head.times, accessed: now, changed: now } };
    return;
  }
  const message = header.find(MessageType.modificationTime);
  if (message === undefined) return;
  const time = { seconds: file.now() };
  header.replace(
    message,
    header.encode((f) => void modificationTimeMessage(f, time)),
  );
}
