/** The remark that an object header may hold. */
import type { Address } from "../../bytes/address.ts";
import { encodeText } from "../../bytes/text.ts";
import { LimitError, UnsupportedError } from "../../errors.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { objectCommentMessage } from "../../format/messages/object-comment.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "./edited-header.ts";
import { touch } from "./touch.ts";

/** Leaves a remark, in place of the one there is; the empty one is none. */
export function* setComment(file: EditorFile, object: Address, comment: string): Steps<void> {
  const header = yield* EditedHeader.load(file, object);
  const old = header.find(MessageType.objectComment);
  if (comment === "") {
    if (old === undefined) return header.release();
    header.remove(old);
  } else {
    check(comment, header.version, object);
    const data = header.encode((f) => void objectCommentMessage(f, { comment }));
    if (old === undefined) header.add(MessageType.objectComment, data);
    else header.replace(old, data);
  }
  touch(file, header);
  header.apply();
}

/** Refuses what no message can hold. */
function check(comment: string, version: 1 | 2, address: Address): void {
  const about = { structure: "Object comment message", address };
  if (comment.includes("\0")) throw new UnsupportedError("cannot have a NUL in it", { ...about, found: comment });
  const { length } = encodeText(comment);
  if (!EditedHeader.fits(length + 1, version))
    throw new LimitError("is longer than a message can be", { ...about, found: `${length} bytes`, allowed: "65535" });
}
