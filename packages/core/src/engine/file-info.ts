/** What superblock, superblock extension and driver information say of a file. */
import type { Address } from "../bytes/address.ts";
import type { FileInfo } from "../contract.ts";
import { FormatError } from "../errors.ts";
import { btreeKMessage } from "../format/messages/btree-k.ts";
import { type CacheImageMessage, cacheImageMessage } from "../format/messages/cache-image.ts";
import { driverInfoMessage } from "../format/messages/driver-info.ts";
import { type FileSpaceInfo, fileSpaceInfoMessage } from "../format/messages/file-space-info.ts";
import { MessageFlag, MessageType } from "../format/messages/message-type.ts";
import { type SharedMessageTableMessage, sharedMessageTableMessage } from "../format/messages/shared-message-table.ts";
import type { HeaderMessage } from "../format/object-header/header-message.ts";
import type { DriverInformation } from "../format/superblock/driver-information.ts";
import { SUPERBLOCK_TITLE, type Superblock } from "../format/superblock/superblock.ts";
import type { Steps } from "../steps/steps.ts";
import type { BtreeRanks } from "./metadata-file.ts";
import { type HeaderFile, type ObjectHeader, objectHeader } from "./object-header.ts";

/** What is gathered before a file can be read. */
export interface FileDescription {
  readonly ranks: BtreeRanks;
  readonly sharedMessages?: SharedMessageTableMessage;
  readonly fileSpace?: FileSpaceInfo;
  readonly driver?: DriverInformation;
  readonly cacheImage?: CacheImageMessage;
}

/** Ranks that version 2 and 3 superblocks mean, unless their extension says otherwise. */
const DEFAULT_RANKS: BtreeRanks = { groupLeafK: 4, groupInternalK: 16, chunkInternalK: 32 };

export function* describeFile(
  file: HeaderFile,
  superblock: Superblock,
  driver: DriverInformation | undefined,
): Steps<FileDescription> {
  if ("rootEntry" in superblock) {
    const { groupLeafK, groupInternalK, chunkInternalK } = superblock;
    return { ranks: { groupLeafK, groupInternalK, chunkInternalK }, ...(driver && { driver }) };
  }
  return superblock.extension === null
    ? { ranks: DEFAULT_RANKS }
    : yield* readExtension(file, superblock.extension, superblock.root);
}

function* readExtension(file: HeaderFile, address: Address, root: Address): Steps<FileDescription> {
  if (address === root) {
    throw new FormatError("has its root group for an extension", { structure: SUPERBLOCK_TITLE, found: address });
  }
  const header = yield* objectHeader(file, address);
  const { sizes } = file.structures;
  const from = (type: number) => header.only(type)?.decoder(sizes);
  const ranks = from(MessageType.btreeK);
  const shared = from(MessageType.sharedMessageTable);
  const space = fileSpaceOf(header)?.decoder(sizes);
  const driver = from(MessageType.driverInfo);
  const image = from(MessageType.cacheImage);
  return {
    ranks: ranks === undefined ? DEFAULT_RANKS : btreeKMessage(ranks),
    ...(shared && { sharedMessages: sharedMessageTableMessage(shared) }),
    ...(space && { fileSpace: fileSpaceInfoMessage(space) }),
    ...(driver && { driver: driverInfoMessage(driver) }),
    ...(image && { cacheImage: cacheImageMessage(image) }),
  };
}

/** The file space info message, unless a library that did not know it has changed the file since: then it says nothing. */
export function fileSpaceOf(extension: ObjectHeader): HeaderMessage | undefined {
  const message = extension.only(MessageType.fileSpaceInfo);
  return message === undefined || (message.flags & MessageFlag.wasUnknown) !== 0 ? undefined : message;
}

export function fileInfo(
  label: string,
  sizes: FileInfo["sizes"],
  position: number,
  superblock: Superblock,
  { fileSpace, driver }: FileDescription,
): FileInfo {
  const root = "root" in superblock ? superblock.root : superblock.rootEntry.header;
  if (root === null)
    throw new FormatError("has no root group", { structure: SUPERBLOCK_TITLE, found: "undefined address" });
  return {
    label,
    superblockVersion: superblock.version,
    userblockSize: position,
    sizes,
    root,
    // Stored from the start of the file, where the superblock was when it was written.
    endOfFile: superblock.endOfFile - superblock.base,
    consistencyFlags: superblock.consistencyFlags,
    ...(fileSpace && {
      fileSpace: {
        strategy: fileSpace.strategy,
        persist: fileSpace.persist,
        threshold: fileSpace.threshold,
        pageSize: fileSpace.pageSize,
      },
    }),
    ...(driver && { driver: driver.driver }),
  };
}
