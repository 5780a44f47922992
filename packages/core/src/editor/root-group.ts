/** The root group of a new file: by symbol table or new-style, as the file's versions and its order of creation ask. */
import type { Address } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import type { Fields } from "../bytes/fields.ts";
import { sizeOf } from "../bytes/sizer.ts";
import { groupInfoMessage } from "../format/messages/group-info.ts";
import { type LinkMessage, linkMessage } from "../format/messages/link.ts";
import { type LinkInfoMessage, linkInfoMessage } from "../format/messages/link-info.ts";
import { MessageFlag, MessageType } from "../format/messages/message-type.ts";
import { type SymbolTableMessage, symbolTableMessage } from "../format/messages/symbol-table.ts";
import type { Steps } from "../steps/steps.ts";
import { headerVersion, isAtLeast } from "./dataset/structure-versions.ts";
import type { EditorFile } from "./editor-file.ts";
import { createSymbolTable } from "./group/symbol-table.ts";
import type { NewFile } from "./new-file-settings.ts";
import { EditedHeader } from "./object-header/edited-header.ts";
import { messageRoom } from "./object-header/header-block.ts";
import { createHeader } from "./object-header/new-header.ts";

const UNORDERED = { tracked: false, indexed: false };
/** Links that a new group has room for at once, with names of this many bytes: as the reference library has it. */
const EXPECTED = { entries: 4, name: "12345678" };

export interface RootGroup {
  readonly address: Address;
  /** Where it is an old-style group. */
  readonly table?: SymbolTableMessage;
}

export function* createRootGroup(file: EditorFile, options: NewFile): Steps<RootGroup> {
  const { linkOrder = UNORDERED, attributeOrder = UNORDERED } = options;
  if (isAtLeast(file.bounds, "v108") || linkOrder.tracked) return { address: yield* newStyle(file, options) };
  const version = headerVersion(file.bounds, attributeOrder.tracked);
  const table = createSymbolTable(file);
  const data = encoded(file, (f) => void symbolTableMessage(f, table));
  const messages = [{ type: MessageType.symbolTable, data }];
  const address = createHeader(file, { version, attributeOrder, ...times(file, version, options), messages, room: 24 });
  yield* countReference(file, address);
  return { address, table };
}

function* newStyle(file: EditorFile, options: NewFile): Steps<Address> {
  const { linkOrder = UNORDERED, attributeOrder = UNORDERED } = options;
  const version = headerVersion(file.bounds, attributeOrder.tracked);
  const links = encoded(file, (f) => void linkInfoMessage(f, linkInfo(linkOrder)));
  const group = encoded(file, (f) => void groupInfoMessage(f, {}));
  const format = { version, ordered: attributeOrder.tracked };
  const link = { name: EXPECTED.name, type: "hard", address: 0 as Address, charset: "ascii" } as const;
  const expected: LinkMessage = { ...link, ...(linkOrder.tracked ? { creationOrder: 0 } : {}) };
  const linkRoom = messageRoom(sizeOf(linkMessage, expected, file.structures.sizes), format);
  const address = createHeader(file, {
    version,
    attributeOrder,
    ...times(file, version, options),
    messages: [
      { type: MessageType.linkInfo, data: links },
      { type: MessageType.groupInfo, flags: MessageFlag.constant, data: group },
    ],
    room: messageRoom(links.length, format) + messageRoom(group.length, format) + EXPECTED.entries * linkRoom,
  });
  yield* countReference(file, address);
  return address;
}

function linkInfo({ tracked, indexed }: { readonly tracked: boolean; readonly indexed: boolean }): LinkInfoMessage {
  return {
    orderTracked: tracked,
    orderIndexed: indexed,
    ...(tracked ? { maxCreationOrder: 0 } : {}),
    heap: null,
    nameIndex: null,
    ...(indexed ? { orderIndex: null } : {}),
  };
}

function times(file: EditorFile, version: 1 | 2, { trackTimes = true }: NewFile) {
  const now = file.now();
  return version === 2 && trackTimes ? { times: { accessed: now, modified: now, changed: now, born: now } } : {};
}

/** The superblock points at the object: that is one reference. Headers of version 2 have one unless they say otherwise. */
export function* countReference(file: EditorFile, address: Address): Steps<void> {
  const header = yield* EditedHeader.load(file, address);
  if (header.head.version !== 1) return;
  header.head = { ...header.head, referenceCount: 1 };
  header.apply();
}

function encoded(file: EditorFile, write: (f: Fields) => void): Uint8Array {
  const to = new Encoder(file.structures.sizes);
  write(to);
  return to.finish();
}
