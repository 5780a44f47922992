/** Deletion of objects that nothing refers to any more, with all that they own. */
import type { Address } from "../../bytes/address.ts";
import { links } from "../../engine/group/links.ts";
import { type ObjectHeader, objectHeader, peekObjectHeader } from "../../engine/object-header.ts";
import { objectInfo, peekObjectInfo } from "../../engine/object-info.ts";
import { UnsupportedError } from "../../errors.ts";
import { linkInfoMessage } from "../../format/messages/link-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { symbolTableMessage } from "../../format/messages/symbol-table.ts";
import type { Steps } from "../../steps/steps.ts";
import { freeAttributes } from "../attributes/edit-attributes.ts";
import { freeDatasetStorage } from "../dataset/free-dataset.ts";
import type { EditorFile } from "../editor-file.ts";
import { denseStorage, freeDenseLinks } from "../group/dense-links.ts";
import { freeSymbolTable } from "../group/free-symbol-table.ts";
import { give } from "../group/symbol-table-nodes.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { dropReference, referenceCount } from "../object-header/references.ts";
import { releaseMessages } from "../shared-messages/release-messages.ts";

/**
 * Deletes what lost its last reference, and what loses its own by that: one after the other, however deep groups nest. The
 * objects that are gone.
 */
export function* deleteLost(file: EditorFile): Steps<Address[]> {
  const { lost } = file.unreferenced;
  const gone: Address[] = [];
  // Those that are added on the way come up too.
  for (const address of lost) {
    lost.delete(address);
    yield* deleteObject(file, address);
    gone.push(address);
  }
  return gone;
}

/** Deletes an object that no link leads to yet, with {@link deleteLost}. UnsupportedError where one does. */
export function* discardObject(file: EditorFile, address: Address): Steps<void> {
  const header = yield* EditedHeader.load(file, address);
  const count = referenceCount(file, header);
  if (count > 0)
    throw new UnsupportedError("is referred to, and cannot be given up", {
      structure: "Object header",
      address,
      found: `${count} references`,
    });
  file.unreferenced.lost.add(address);
}

function* deleteObject(file: EditorFile, address: Address): Steps<void> {
  const header = peekObjectHeader(file, address) ?? (yield* objectHeader(file, address));
  const info = peekObjectInfo(file, header) ?? (yield* objectInfo(file, header));
  if (info.kind === "dataset") yield* freeDatasetStorage(file, info);
  if (info.kind === "group") yield* freeLinks(file, header);
  yield* freeAttributes(file, address);
  yield* releaseMessages(file, address);
  yield* freeHeader(file, address);
}

/** The links of a group, with one reference less to the objects that they lead to. */
function* freeLinks(file: EditorFile, header: ObjectHeader): Steps<void> {
  for (const link of yield* links(file, header.address, "name"))
    if (link.type === "hard") yield* dropReference(file, link.address);
  const { sizes } = file.structures;
  const table = header.find(MessageType.symbolTable);
  if (table !== undefined) yield* freeSymbolTable(file, symbolTableMessage(table.decoder(sizes)));
  const info = header.find(MessageType.linkInfo);
  const dense = info && denseStorage(linkInfoMessage(info.decoder(sizes)));
  if (dense !== undefined) yield* freeDenseLinks(file, dense);
}

/** The header may have changed since it was looked at: deleting a dataset tidies its messages. */
function* freeHeader(file: EditorFile, address: Address): Steps<void> {
  const header = peekObjectHeader(file, address) ?? (yield* objectHeader(file, address));
  for (const { address: at, length } of header.continuations) give(file, at, length);
  give(file, address, header.first.length);
  file.unreferenced.fresh.delete(address);
}
