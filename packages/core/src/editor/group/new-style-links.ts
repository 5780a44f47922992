/**
 * Editing of new-style groups: a few links stand in the group's header, many in dense storage; the group info message says
 * at which numbers they change places.
 */
import type { Address } from "../../bytes/address.ts";
import { compareBytes } from "../../bytes/text.ts";
import type { NewLink } from "../../contract.ts";
import { openBtreeV2 } from "../../engine/btree-v2.ts";
import { denseLinks } from "../../engine/group/dense-links.ts";
import { LINK_NAME_RECORD } from "../../format/btree-v2/records/link-name.ts";
import { groupInfoMessage } from "../../format/messages/group-info.ts";
import { type LinkMessage, linkMessage } from "../../format/messages/link.ts";
import { type LinkInfoMessage, linkInfoMessage } from "../../format/messages/link-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import type { HeaderMessage } from "../../format/object-header/header-message.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { touch } from "../object-header/touch.ts";
import {
  createDenseLinks,
  denseStorage,
  encodeLink,
  freeDenseLinks,
  insertDenseLink,
  removeDenseLink,
} from "./dense-links.ts";

/** Where the reference library changes from one storage to the other, unless the group says otherwise. */
const PHASE_CHANGE = { maxCompact: 8, minDense: 6 };

/** A group's header, and what it says of its links. */
interface Group {
  readonly header: EditedHeader;
  readonly message: HeaderMessage;
  readonly info: LinkInfoMessage;
  readonly phaseChange: { readonly maxCompact: number; readonly minDense: number };
}

function* load(file: EditorFile, address: Address): Steps<Group> {
  const header = yield* EditedHeader.load(file, address);
  const { sizes } = file.structures;
  const message = header.find(MessageType.linkInfo);
  if (message === undefined) throw new RangeError("not a new-style group");
  const group = header.find(MessageType.groupInfo);
  const { phaseChange = PHASE_CHANGE } = group === undefined ? {} : groupInfoMessage(group.decoder(sizes));
  return { header, message, info: linkInfoMessage(message.decoder(sizes)), phaseChange };
}

/** Adds a link, whose name the group does not have; its creation order is given here. */
export function* insertLink(file: EditorFile, address: Address, link: NewLink): Steps<void> {
  const { header, message, info, phaseChange } = yield* load(file, address);
  const order = info.maxCreationOrder ?? 0;
  const numbered = { ...link, creationOrder: info.orderTracked ? order : undefined } as LinkMessage;
  const counted = info.orderTracked ? { ...info, maxCreationOrder: order + 1 } : info;
  const dense = denseStorage(info);
  const bytes = encodeLink(file, numbered);
  const compact = linksIn(header);
  if (dense !== undefined) {
    yield* insertDenseLink(file, dense, numbered);
    replaceInfo(header, message, counted);
  } else if (compact.length < phaseChange.maxCompact && EditedHeader.fits(bytes.length, header.version)) {
    replaceInfo(header, message, counted);
    header.add(MessageType.link, bytes);
  } else {
    const storage = createDenseLinks(file, info.orderIndexed);
    for (const old of compact) {
      yield* insertDenseLink(file, storage, linkMessage(old.decoder(file.structures.sizes)));
      header.remove(old);
    }
    yield* insertDenseLink(file, storage, numbered);
    replaceInfo(header, message, { ...counted, ...placed(counted, storage) });
  }
  touch(file, header);
  header.apply();
}

/** Removes the link of that name; it, or `undefined` where there is none. */
export function* removeLink(file: EditorFile, address: Address, name: string): Steps<LinkMessage | undefined> {
  const { header, message, info, phaseChange } = yield* load(file, address);
  const { sizes } = file.structures;
  const dense = denseStorage(info);
  if (dense === undefined) {
    const compact = linksIn(header);
    const found = compact.find((one) => linkMessage(one.decoder(sizes)).name === name);
    if (found === undefined) return undefined;
    const link = linkMessage(found.decoder(sizes));
    replaceInfo(header, message, remaining(info, compact.length - 1));
    header.remove(found);
    touch(file, header);
    header.apply();
    return link;
  }
  const link = yield* removeDenseLink(file, dense, name);
  if (link === undefined) return undefined;
  const { totalRecords } = (yield* openBtreeV2(file, dense.nameIndex, LINK_NAME_RECORD)).header;
  let left = remaining(info, totalRecords);
  if (totalRecords < phaseChange.minDense) {
    const rest = (yield* denseLinks(file, info)) as LinkMessage[];
    const messages = rest.map((one) => encodeLink(file, one));
    if (messages.every(({ length }) => EditedHeader.fits(length, header.version))) {
      yield* freeDenseLinks(file, dense);
      left = { ...left, ...placed(info, undefined) };
      for (const bytes of messages) header.add(MessageType.link, bytes);
    }
  }
  replaceInfo(header, message, left);
  touch(file, header);
  header.apply();
  return link;
}

/** A group that has become empty counts the order of creation from 0 again, as in the reference library. */
function remaining(info: LinkInfoMessage, count: number): LinkInfoMessage {
  return info.orderTracked && count === 0 ? { ...info, maxCreationOrder: 0 } : info;
}

function linksIn(header: EditedHeader): HeaderMessage[] {
  return header.messages.filter(({ type }) => type === MessageType.link);
}

/** The places of the message; an index by creation order only where there is one. */
function placed(info: LinkInfoMessage, storage: ReturnType<typeof denseStorage>): Partial<LinkInfoMessage> {
  const orderIndex = info.orderIndexed ? { orderIndex: storage?.orderIndex ?? null } : {};
  return { heap: storage?.heap ?? null, nameIndex: storage?.nameIndex ?? null, ...orderIndex };
}

function replaceInfo(header: EditedHeader, message: HeaderMessage, info: LinkInfoMessage): void {
  const data = header.encode((f) => void linkInfoMessage(f, info));
  if (compareBytes(data, message.data.subarray(0, data.length)) !== 0) header.replace(message, data);
}
