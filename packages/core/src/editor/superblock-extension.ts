/** The superblock extension: an object header with messages about the file, which superblocks of version 2 and 3 point at. */
import type { Address } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import type { Fields } from "../bytes/fields.ts";
import { btreeKMessage } from "../format/messages/btree-k.ts";
import { fileSpaceInfoMessage } from "../format/messages/file-space-info.ts";
import { MessageFlag, MessageType } from "../format/messages/message-type.ts";
import type { Steps } from "../steps/steps.ts";
import { headerVersion } from "./dataset/structure-versions.ts";
import type { EditorFile } from "./editor-file.ts";
import type { NewFileSettings } from "./new-file-settings.ts";
import { createHeader, type NewHeader } from "./object-header/new-header.ts";
import { addReference } from "./object-header/references.ts";

type NewMessage = NewHeader["messages"][number];

const UNORDERED = { tracked: false, indexed: false };
export const FILE_SPACE_FLAGS: number = MessageFlag.mustNotShare | MessageFlag.markIfUnknown;

/** Makes the extension of a new file, where it has something to say. */
export function* createExtension(file: EditorFile, settings: NewFileSettings): Steps<Address | null> {
  if (settings.version < 2) return null;
  const messages: NewMessage[] = [];
  const add = (type: number, flags: number, write: (f: Fields) => void): void => {
    const to = new Encoder(file.structures.sizes);
    write(to);
    messages.push({ type, flags, data: to.finish() });
  };
  const { ranks, defaultRanks, space } = settings;
  if (!defaultRanks) {
    const flags = MessageFlag.constant | MessageFlag.mustNotShare;
    add(MessageType.btreeK, flags, (f) => void btreeKMessage(f, ranks));
  }
  if (space) add(MessageType.fileSpaceInfo, FILE_SPACE_FLAGS, (f) => void fileSpaceInfoMessage(f, space));
  return messages.length === 0 ? null : yield* createExtensionWith(file, messages);
}

/** Makes an extension of these messages. */
export function* createExtensionWith(file: EditorFile, messages: readonly NewMessage[]): Steps<Address> {
  const version = headerVersion(file.bounds, false);
  const address = createHeader(file, { version, attributeOrder: UNORDERED, messages, room: 0 });
  yield* addReference(file, address);
  return address;
}
