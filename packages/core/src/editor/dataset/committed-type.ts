/** A committed datatype, as the header of a dataset refers to it: it counts who does. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { sharedMessage } from "../../format/messages/shared-message.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { changeReferenceCount } from "../object-header/references.ts";

/** The body of a datatype message that stands elsewhere. */
export const committedTypeMessage =
  (header: Address) =>
  (f: Fields): void =>
    void sharedMessage(f, { kind: "committed", version: 2, header });

/** The header of the committed datatype with one reference more, to be applied. */
export function* referredTo(file: EditorFile, address: Address): Steps<EditedHeader> {
  const header = yield* EditedHeader.load(file, address);
  changeReferenceCount(file, header, 1);
  return header;
}
