/** The root group of a new file. The superblock points at it, which is one reference. */
import type { Address } from "../bytes/address.ts";
import { objectHeader } from "../engine/object-header.ts";
import { MessageType } from "../format/messages/message-type.ts";
import { type SymbolTableMessage, symbolTableMessage } from "../format/messages/symbol-table.ts";
import type { Steps } from "../steps/steps.ts";
import type { EditorFile } from "./editor-file.ts";
import { createGroup } from "./group/create-group.ts";
import type { NewFile } from "./new-file-settings.ts";
import { addReference } from "./object-header/references.ts";

const UNORDERED = { tracked: false, indexed: false };

export interface RootGroup {
  readonly address: Address;
  /** Where it is an old-style group. */
  readonly table?: SymbolTableMessage;
}

export function* createRootGroup(file: EditorFile, options: NewFile): Steps<RootGroup> {
  const { linkOrder = UNORDERED, attributeOrder = UNORDERED, trackTimes = true } = options;
  const address = createGroup(file, { linkOrder, attributeOrder, trackTimes });
  yield* addReference(file, address);
  const message = (yield* objectHeader(file, address)).find(MessageType.symbolTable);
  if (message === undefined) return { address };
  return { address, table: symbolTableMessage(message.decoder(file.structures.sizes)) };
}
