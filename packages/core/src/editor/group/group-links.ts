/** Links of a group while it is edited, whatever its style: put in and taken out, without looking at what they lead to. */
import type { Address } from "../../bytes/address.ts";
import { encodeText } from "../../bytes/text.ts";
import type { LinkInfo, LinkTarget, NewLink } from "../../contract.ts";
import { link } from "../../engine/group/links.ts";
import { objectHeader, peekObjectHeader } from "../../engine/object-header.ts";
import { NotFoundError, UnsupportedError } from "../../errors.ts";
import type { ScratchPad } from "../../format/group/symbol-table-entry.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { type SymbolTableMessage, symbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { convertGroup } from "./convert-group.ts";
import { insertLink, removeLink } from "./new-style-links.ts";
import { insertEntry, removeEntry } from "./symbol-table.ts";

/** Adds a link. UnsupportedError where the name is taken; old-style groups that cannot hold it are converted. */
export function* putLink(file: EditorFile, group: Address, added: NewLink): Steps<void> {
  const table = yield* symbolTableOf(file, group);
  if (table !== undefined && fitsSymbolTable(added)) {
    const entry = yield* entryOf(file, added);
    if (!(yield* insertEntry(file, table, encodeText(added.name), entry))) refuseTaken(group, added.name);
    return;
  }
  if ((yield* link(file, group, added.name)) !== undefined) refuseTaken(group, added.name);
  if (table !== undefined) yield* convertGroup(file, group, table);
  yield* insertLink(file, group, added);
}

function refuseTaken(group: Address, name: string): never {
  throw new UnsupportedError("has a link of that name already", { structure: "Group", address: group, found: name });
}

/** The link of that name. NotFoundError where there is none, or where the object is no group. */
export function* linkToChange(file: EditorFile, group: Address, name: string): Steps<LinkInfo> {
  const found = yield* link(file, group, name);
  if (found !== undefined) return found;
  yield* symbolTableOf(file, group);
  throw new NotFoundError("has no link of that name", { structure: "Group", address: group, found: name });
}

/** Removes a link that the group has. */
export function* takeLink(file: EditorFile, group: Address, name: string): Steps<void> {
  const table = yield* symbolTableOf(file, group);
  if (table === undefined) yield* removeLink(file, group, name);
  else yield* removeEntry(file, table, encodeText(name));
}

/** What the reference library converts a group for is a character set that entries cannot name, and links of other types. */
const fitsSymbolTable = ({ charset, type }: NewLink): boolean =>
  charset === "ascii" && (type === "hard" || type === "soft");

/** The symbol table of an old-style group. NotFoundError where the object is no group. */
export function* symbolTableOf(file: EditorFile, group: Address): Steps<SymbolTableMessage | undefined> {
  const header = peekObjectHeader(file, group) ?? (yield* objectHeader(file, group));
  const message = header.find(MessageType.symbolTable);
  if (message !== undefined) return symbolTableMessage(message.decoder(file.structures.sizes));
  if (header.find(MessageType.linkInfo) !== undefined) return undefined;
  throw new NotFoundError("is no group and has no links", { structure: "Object header", address: group });
}

interface Entry {
  readonly header: Address | null;
  readonly scratch: ScratchPad;
  readonly soft?: Uint8Array;
}

/** Entries of old-style groups remember where their symbol tables are. */
function* entryOf(file: EditorFile, target: LinkTarget): Steps<Entry> {
  if (target.type === "soft") return { header: null, scratch: { cacheType: 0 }, soft: encodeText(target.target) };
  if (target.type !== "hard") throw new RangeError("not a link of a symbol table");
  const { address } = target;
  const header = peekObjectHeader(file, address) ?? (yield* objectHeader(file, address));
  const message = header.find(MessageType.symbolTable);
  if (message === undefined) return { header: address, scratch: { cacheType: 0 } };
  return { header: address, scratch: { cacheType: 1, ...symbolTableMessage(message.decoder(file.structures.sizes)) } };
}
