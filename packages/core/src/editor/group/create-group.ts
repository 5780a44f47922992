/** Making of groups: old-style ones with a symbol table, new-style ones with link info and group info messages. */
import type { Address } from "../../bytes/address.ts";
import { asAddress } from "../../bytes/address.ts";
import { encode } from "../../bytes/encode.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { NewGroup } from "../../contract.ts";
import { UnsupportedError } from "../../errors.ts";
import { groupInfoMessage } from "../../format/messages/group-info.ts";
import { linkMessage } from "../../format/messages/link.ts";
import { linkInfoMessage } from "../../format/messages/link-info.ts";
import { MessageFlag, MessageType } from "../../format/messages/message-type.ts";
import { symbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { MessageFormat } from "../../format/object-header/message-list.ts";
import { headerVersion, isAtLeast, requireVersion } from "../dataset/structure-versions.ts";
import type { EditorFile } from "../editor-file.ts";
import { messageRoom } from "../object-header/header-block.ts";
import { createHeader, type NewHeader, newTimes } from "../object-header/new-header.ts";
import { createSymbolTable } from "./symbol-table.ts";

/** The reference library makes room for this many links, with names of this many bytes. */
const ESTIMATED_LINKS = 4;
const ESTIMATED_NAME = "8 bytes.";

type Message = NewHeader["messages"][number];

/**
 * Makes an empty group that no link leads to yet; the address of its object header. As in the reference library it is of the
 * old style in files for all versions, unless the order of links is tracked.
 */
export function createGroup(file: EditorFile, options: NewGroup): Address {
  const { bounds } = file;
  const { linkOrder, attributeOrder } = options;
  if (linkOrder.indexed && !linkOrder.tracked)
    throw new UnsupportedError("cannot index the order of links without tracking it", {
      structure: "Link info message",
    });
  const newStyle = linkOrder.tracked || isAtLeast(bounds, "v108");
  if (newStyle) requireVersion(bounds, "v108", "a group that tracks the order of its links");
  if (attributeOrder.tracked) requireVersion(bounds, "v108", "an object header with the order of attributes");
  const version = headerVersion(bounds, attributeOrder.tracked);
  const format: MessageFormat = { version, ordered: attributeOrder.tracked };
  const { messages, room } = newStyle ? newStyleMessages(file, options, format) : oldStyleMessages(file, format);
  const times = newTimes(file, version, options.trackTimes);
  return createHeader(file, { version, attributeOrder, ...times, messages, room });
}

interface Messages {
  readonly messages: readonly Message[];
  readonly room: number;
}

function newStyleMessages(file: EditorFile, { linkOrder }: NewGroup, format: MessageFormat): Messages {
  const { tracked, indexed } = linkOrder;
  const info = {
    orderTracked: tracked,
    orderIndexed: indexed,
    ...(tracked ? { maxCreationOrder: 0 } : {}),
    heap: null,
    nameIndex: null,
    ...(indexed ? { orderIndex: null } : {}),
  };
  const messages: Message[] = [
    { type: MessageType.linkInfo, data: encoded(file, (f) => void linkInfoMessage(f, info)) },
    {
      type: MessageType.groupInfo,
      flags: MessageFlag.constant,
      data: encoded(file, (f) => void groupInfoMessage(f, {})),
    },
  ];
  const link = encoded(
    file,
    (f) =>
      void linkMessage(f, {
        type: "hard",
        name: ESTIMATED_NAME,
        charset: "ascii",
        address: asAddress(0),
        ...(tracked ? { creationOrder: 0 } : {}),
      }),
  );
  const taken = messages.reduce((sum, { data }) => sum + messageRoom(data.length, format), 0);
  return { messages, room: taken + ESTIMATED_LINKS * messageRoom(link.length, format) };
}

function oldStyleMessages(file: EditorFile, format: MessageFormat): Messages {
  const table = createSymbolTable(file);
  const data = encoded(file, (f) => void symbolTableMessage(f, table));
  return { messages: [{ type: MessageType.symbolTable, data }], room: messageRoom(data.length, format) };
}

const encoded = (file: EditorFile, write: (f: Fields) => void): Uint8Array => encode(file.structures.sizes, write);
