/** Checks what belongs to the file itself: superblock, its extension, and persistent free-space managers. */
import { asAddress } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { Sizer } from "../../bytes/sizer.ts";
import { fileClassBytes } from "../../format/free-space/sections.ts";
import { cacheImageMessage } from "../../format/messages/cache-image.ts";
import { fileSpaceInfoMessage } from "../../format/messages/file-space-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { CACHE_IMAGE_TITLE } from "../../format/superblock/cache-image.ts";
import { DRIVER_INFORMATION } from "../../format/superblock/driver-information.ts";
import { readSuperblock, SUPERBLOCK_TITLE, type Superblock, superblock } from "../../format/superblock/superblock.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";
import { readFreeSpace, type Section } from "./free-space.ts";
import { checkHeader } from "./object.ts";

/** The superblock, and what it points at besides the root group. Gives the free sections of the file. */
export function* checkFileSpace(check: Checker): Steps<{ superblock: Superblock; free: Section[] }> {
  const value = yield* ownSuperblock(check);
  const sizer = new Sizer(check.sizes);
  superblock(sizer as Fields, value);
  check.uses(0, sizer.position, SUPERBLOCK_TITLE);
  if ("driverInformation" in value && value.driverInformation !== null)
    yield* check.structure(DRIVER_INFORMATION, value.driverInformation, undefined);
  const free = "extension" in value && value.extension !== null ? yield* checkExtension(check, value.extension) : [];
  return { superblock: value, free };
}

function* ownSuperblock({ file, sizes }: Checker): Steps<Superblock> {
  const window = file.pages.peek(0, 100) ?? (yield* file.pages.read(0, 100));
  return readSuperblock(window.block, window.offset, sizes);
}

function* checkExtension(check: Checker, address: number): Steps<Section[]> {
  const header = yield* checkHeader(check, asAddress(address));
  const image = header.find(MessageType.cacheImage);
  if (image !== undefined) {
    const { address: at, length } = cacheImageMessage(image.decoder(check.sizes));
    if (at !== null) check.uses(at, length, CACHE_IMAGE_TITLE);
  }
  const message = header.find(MessageType.fileSpaceInfo);
  if (message === undefined) return [];
  const { managers } = fileSpaceInfoMessage(message.decoder(check.sizes));
  const sections: Section[] = [];
  for (const manager of managers) {
    if (manager === null) continue;
    for (const one of (yield* check.guard(readFreeSpace(check, manager, "file", fileClassBytes))) ?? [])
      sections.push(one);
  }
  return sections.sort((a, b) => a.address - b.address);
}
