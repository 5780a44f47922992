/** A committed datatype, as the header of a dataset refers to it: it counts who does. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { referenceCountMessage } from "../../format/messages/reference-count.ts";
import { sharedMessage } from "../../format/messages/shared-message.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";

/** The body of a datatype message that stands elsewhere. */
export const committedTypeMessage =
  (header: Address) =>
  (f: Fields): void =>
    void sharedMessage(f, { kind: "committed", version: 2, header });

/** The header of the committed datatype with one reference more, to be applied. */
export function* referredTo(file: EditorFile, address: Address): Steps<EditedHeader> {
  const header = yield* EditedHeader.load(file, address);
  const { head } = header;
  if (head.version === 1) {
    header.head = { ...head, referenceCount: head.referenceCount + 1 };
    return header;
  }
  const old = header.find(MessageType.referenceCount);
  const count = old === undefined ? 1 : referenceCountMessage(old.decoder(file.structures.sizes)).count;
  const data = header.encode((f) => void referenceCountMessage(f, { count: count + 1 }));
  if (old === undefined) header.add(MessageType.referenceCount, data);
  else header.replace(old, data);
  return header;
}
