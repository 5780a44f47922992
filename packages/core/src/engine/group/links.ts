/** Links of a group, wherever they stand: in a symbol table, in the group's header, or in a fractal heap. */
import type { Address } from "../../bytes/address.ts";
import { compareText } from "../../bytes/text.ts";
import type { LinkInfo } from "../../contract.ts";
import { NotFoundError } from "../../errors.ts";
import { linkMessage } from "../../format/messages/link.ts";
import { type LinkInfoMessage, linkInfoMessage } from "../../format/messages/link-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { type SymbolTableMessage, symbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { type ObjectHeader, objectHeader, peekObjectHeader } from "../object-header.ts";
import { denseLink, denseLinkCount, denseLinks } from "./dense-links.ts";
import { symbolTableCount, symbolTableLink, symbolTableLinks } from "./symbol-table.ts";

type LinkStorage =
  | { readonly kind: "symbol-table"; readonly table: SymbolTableMessage }
  | { readonly kind: "compact" }
  | { readonly kind: "dense"; readonly info: LinkInfoMessage };

/** The link of that name; `undefined` where the group has none, or where the object is no group. */
export function* link(file: MetadataFile, group: Address, name: string): Steps<LinkInfo | undefined> {
  const header = peekObjectHeader(file, group) ?? (yield* objectHeader(file, group));
  const storage = storageOf(file, header);
  switch (storage?.kind) {
    case "symbol-table":
      return yield* symbolTableLink(file, storage.table, name);
    case "compact":
      return compactLinks(file, header).find((one) => one.name === name);
    case "dense":
      return yield* denseLink(file, storage.info, name);
    case undefined:
      return undefined;
  }
}

/** All links: by name, or in the order of their creation where that is wanted and tracked. */
export function* links(file: MetadataFile, group: Address, order: "name" | "creation"): Steps<LinkInfo[]> {
  const header = peekObjectHeader(file, group) ?? (yield* objectHeader(file, group));
  const storage = storageOf(file, header);
  switch (storage?.kind) {
    case "symbol-table":
      return yield* symbolTableLinks(file, storage.table);
    case "compact":
      return sorted(compactLinks(file, header), order);
    case "dense":
      return sorted(yield* denseLinks(file, storage.info), order);
    case undefined:
      return notGroup(group);
  }
}

export function* linkCount(file: MetadataFile, group: Address): Steps<number> {
  const header = peekObjectHeader(file, group) ?? (yield* objectHeader(file, group));
  const storage = storageOf(file, header);
  switch (storage?.kind) {
    case "symbol-table":
      return yield* symbolTableCount(file, storage.table);
    case "compact":
      return header.messages.reduce((count, { type }) => count + (type === MessageType.link ? 1 : 0), 0);
    case "dense":
      return yield* denseLinkCount(file, storage.info);
    case undefined:
      return notGroup(group);
  }
}

function storageOf(file: MetadataFile, header: ObjectHeader): LinkStorage | undefined {
  const { sizes } = file.structures;
  const table = header.find(MessageType.symbolTable);
  if (table !== undefined) return { kind: "symbol-table", table: symbolTableMessage(table.decoder(sizes)) };
  const message = header.find(MessageType.linkInfo);
  if (message === undefined) return undefined;
  const info = linkInfoMessage(message.decoder(sizes));
  return info.heap === null ? { kind: "compact" } : { kind: "dense", info };
}

function compactLinks(file: MetadataFile, header: ObjectHeader): LinkInfo[] {
  const { sizes } = file.structures;
  const found: LinkInfo[] = [];
  for (const message of header.messages) {
    if (message.type === MessageType.link) found.push(linkMessage(message.decoder(sizes)));
  }
  return found;
}

function sorted(found: LinkInfo[], order: "name" | "creation"): LinkInfo[] {
  if (order === "creation" && found.every((one) => one.creationOrder !== undefined)) {
    return found.sort((a, b) => a.creationOrder! - b.creationOrder!);
  }
  return found.sort((a, b) => compareText(a.name, b.name));
}

function notGroup(address: Address): never {
  throw new NotFoundError("is no group and has no links", { structure: "Object header", address });
}
