/** Making of object headers, versions 1 and 2 (HDF5 File Format Specification, section IV.A.1). */
import type { Address } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { type MessageFormat, messagesBytes } from "../../format/object-header/message-list.ts";
import {
  type HeaderTimes,
  type ObjectHeaderBlock,
  writeObjectHeader,
} from "../../format/object-header/object-header.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "./edited-header.ts";
import { HeaderBlock, messageOf } from "./header-block.ts";

export interface NewHeader {
  readonly version: 1 | 2;
  /** Version 2 alone. */
  readonly attributeOrder: { readonly tracked: boolean; readonly indexed: boolean };
  readonly times?: HeaderTimes;
  readonly messages: readonly { readonly type: number; readonly flags?: number; readonly data: Uint8Array }[];
  /** Bytes that the messages shall have room for at least: what is over serves messages to come. */
  readonly room: number;
}

/** A pointer to a further block finds room in every header: what the reference library has. */
const SMALLEST_ROOM = 22;

/** Makes a header that no link leads to yet: its reference count is 0 until one does. */
export function createHeader(file: EditorFile, header: NewHeader): Address {
  const format: MessageFormat = {
    version: header.version,
    ordered: header.version === 2 && header.attributeOrder.tracked,
  };
  const messages = header.messages.map(({ type, flags = 0, data }) => messageOf(type, flags, data, format));
  const used = messagesBytes(messages, format);
  const least = Math.max(used, header.room, SMALLEST_ROOM);
  const capacity = header.version === 1 ? Math.ceil(least / 8) * 8 : least;
  const prefix = prefixOf(header, capacity);
  const length = prefixBytes(prefix, file) + capacity;
  const address = file.allocator.allocate(length, "metadata");
  EditedHeader.made(file, prefix, new HeaderBlock(address, length, capacity, format, messages));
  file.unreferenced.fresh.add(address);
  return address;
}

/** Bytes of all that is no message. */
function prefixBytes(prefix: ObjectHeaderBlock, file: EditorFile): number {
  return prefix.version === 1 ? 16 : sizeOf((f) => writeObjectHeader(f, prefix), undefined, file.structures.sizes);
}

/** Times of a new object, where the header has a place for them. */
export function newTimes(file: EditorFile, version: 1 | 2, trackTimes: boolean): { readonly times?: HeaderTimes } {
  if (version === 1 || !trackTimes) return {};
  const now = file.now();
  return { times: { accessed: now, modified: now, changed: now, born: now } };
}

/** All but the messages; in version 2 the width of the size field follows from what it must hold. */
function prefixOf(header: NewHeader, capacity: number): ObjectHeaderBlock {
  if (header.version === 1) return { version: 1, referenceCount: 0, messageCount: 0, messages: [], length: 0 };
  return {
    version: 2,
    sizeWidth: capacity < 2 ** 8 ? 1 : capacity < 2 ** 16 ? 2 : 4,
    attributeOrderTracked: header.attributeOrder.tracked,
    attributeOrderIndexed: header.attributeOrder.indexed,
    ...(header.times === undefined ? {} : { times: header.times }),
    messages: [],
    gap: 0,
    length: 0,
  };
}
