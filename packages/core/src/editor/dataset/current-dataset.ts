/** A dataset as it stands in the file now, and the messages of it that edits replace. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { DatasetInfo } from "../../contract.ts";
import { objectHeader, peekObjectHeader } from "../../engine/object-header.ts";
import { objectInfo, peekObjectInfo } from "../../engine/object-info.ts";
import { FormatError } from "../../errors.ts";
import { type DataLayout, dataLayoutMessage } from "../../format/messages/data-layout.ts";
import { type Dataspace, dataspaceMessage } from "../../format/messages/dataspace.ts";
import { MessageFlag, MessageType, messageTitle } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { touch } from "../object-header/touch.ts";
import { releaseHeaderMessage } from "../shared-messages/release-messages.ts";

/** What the header says now: callers may hold what it said before other changes. */
export function* currentDataset(file: EditorFile, address: Address): Steps<DatasetInfo> {
  const header = peekObjectHeader(file, address) ?? (yield* objectHeader(file, address));
  const info = peekObjectInfo(file, header) ?? (yield* objectInfo(file, header));
  if (info.kind === "dataset") return info;
  throw new FormatError("is no dataset", { structure: "Object header", address, found: info.kind });
}

/** Replaces the data layout message. */
export function* putLayout(file: EditorFile, address: Address, layout: DataLayout): Steps<void> {
  const header = yield* EditedHeader.load(file, address);
  replaceLayout(header, layout);
  touch(file, header);
  header.apply();
}

/** Replaces the data layout message of a header that is applied later. */
export function replaceLayout(header: EditedHeader, layout: DataLayout): void {
  replace(header, MessageType.dataLayout, (f) => void dataLayoutMessage(f, layout));
}

/** Replaces the dataspace message of a header that is applied later. One that is shared has a user less. */
export function* replaceDataspace(file: EditorFile, header: EditedHeader, dataspace: Dataspace): Steps<void> {
  const old = header.find(MessageType.dataspace);
  if (old !== undefined && (old.flags & (MessageFlag.shared | MessageFlag.sharable)) !== 0)
    yield* releaseHeaderMessage(file, header.address, old);
  replace(header, MessageType.dataspace, (f) => void dataspaceMessage(f, dataspace));
}

function replace(header: EditedHeader, type: number, write: (f: Fields) => void): void {
  const old = header.find(type);
  if (old === undefined)
    throw new FormatError("lacks a message that a dataset needs", {
      structure: "Object header",
      address: header.address,
      allowed: messageTitle(type),
    });
  // A message shared with others is replaced by one of the dataset's own.
  header.replace(old, header.encode(write), old.flags & ~NOT_ITS_OWN);
}

const NOT_ITS_OWN = MessageFlag.shared | MessageFlag.sharable | MessageFlag.constant;
