/**
 * What the file itself needs at a commit, whatever was changed: its free-space managers are written anew, and what the
 * reference library left in the file for itself alone, a metadata cache image, is dissolved.
 */
import type { Address } from "../bytes/address.ts";
import { fileSpaceOf } from "../engine/file-info.ts";
import { type ObjectHeader, objectHeader } from "../engine/object-header.ts";
import { type CacheImageMessage, cacheImageMessage } from "../format/messages/cache-image.ts";
import { type FileSpaceInfo, fileSpaceInfoMessage } from "../format/messages/file-space-info.ts";
import { MessageType } from "../format/messages/message-type.ts";
import type { Steps } from "../steps/steps.ts";
import type { EditorFile } from "./editor-file.ts";
import { KeptManagers } from "./file-space/kept-managers.ts";
import { readManagers } from "./file-space/read-managers.ts";
import { FreeExtents } from "./free-extents.ts";
import { EditedHeader } from "./object-header/edited-header.ts";
import type { Transaction } from "./transaction.ts";

export class Upkeep {
  private readonly file: EditorFile;
  private readonly extension: Address | null;
  private readonly managers: KeptManagers | undefined;
  private image: CacheImageMessage | undefined;
  private needed: boolean;

  constructor(
    file: EditorFile,
    extension: Address | null,
    parts: { readonly managers?: KeptManagers; readonly image?: CacheImageMessage; readonly due?: boolean } = {},
  ) {
    this.file = file;
    this.extension = extension;
    this.managers = parts.managers;
    this.image = parts.image;
    this.needed = parts.due === true;
  }

  /** Whether a commit is needed for this alone. */
  get due(): boolean {
    return this.needed;
  }

  /** Takes and gives back what space this needs. Afterwards the file's end may be given back, and nothing else. */
  *prepare(): Steps<void> {
    this.needed = false;
    if (this.image !== undefined && this.extension !== null) yield* this.dissolve(this.image, this.extension);
    this.image = undefined;
    if (this.managers !== undefined) yield* this.managers.place();
  }

  /** Changes what depends on the file's end. */
  finish(): void {
    this.managers?.put();
  }

  /** What the image held is among the patches already. */
  private *dissolve({ address, length }: CacheImageMessage, extension: Address): Steps<void> {
    const header = yield* EditedHeader.load(this.file, extension);
    const message = header.find(MessageType.cacheImage);
    if (message !== undefined) header.remove(message);
    header.apply();
    if (address !== null && length > 0) this.file.allocator.free(address, length, "metadata");
  }
}

/** For a new file, that has nothing yet but what it is to become. */
export function upkeepOfNew(file: EditorFile, extension: Address | null, space: FileSpaceInfo | undefined): Upkeep {
  if (extension === null || !space?.persist) return new Upkeep(file, extension);
  return new Upkeep(file, extension, { managers: new KeptManagers(file, extension, space, new FreeExtents()) });
}

/** Where a file ends. */
export interface EndOfFile {
  /** As its superblock says. */
  readonly end: number;
  /** Bytes that it has, from the base address on. */
  readonly length: number;
  /** What it keeps of its free space is not to be believed. */
  readonly forgetSpace: boolean;
}

/** For a file that exists: what it says of itself is taken over. */
export function* upkeepOf(
  file: EditorFile,
  transaction: Transaction,
  extension: Address | null,
  { end, length, forgetSpace }: EndOfFile,
): Steps<Upkeep> {
  if (extension === null) return new Upkeep(file, null);
  transaction.lay(file.pages.takeOverlays());
  const header = yield* objectHeader(file, extension);
  const { sizes } = file.structures;
  const from = header.only(MessageType.cacheImage)?.decoder(sizes);
  const image = from && cacheImageMessage(from);
  // A file that goes on beyond its end was never closed: what it says of its free space is of an earlier time.
  const managers = yield* keptManagers(file, header, length === end && !forgetSpace, end, image);
  const due = forgetSpace && managers !== undefined;
  return new Upkeep(file, extension, { due, ...(managers && { managers }), ...(image && { image }) });
}

function* keptManagers(
  file: EditorFile,
  extension: ObjectHeader,
  closed: boolean,
  end: number,
  image: CacheImageMessage | undefined,
): Steps<KeptManagers | undefined> {
  const from = fileSpaceOf(extension)?.decoder(file.structures.sizes);
  const info = from && fileSpaceInfoMessage(from);
  if (!info?.persist) return undefined;
  if (!closed) return new KeptManagers(file, extension.address, info, new FreeExtents(), true);
  const { sections, blocks } = yield* readManagers(file.structures, info, end);
  for (const { at, size, kind } of sections) file.allocator.adopt(at as Address, size, kind);
  takeTail(blocks, info, end, image);
  return new KeptManagers(file, extension.address, info, blocks);
}

/** Up to version 1.14 the reference library puts managers behind everything else: from there to the end all is theirs. */
function takeTail(
  blocks: FreeExtents,
  { managers, endOfAllocation }: FileSpaceInfo,
  end: number,
  image: CacheImageMessage | undefined,
): void {
  if (endOfAllocation === null || endOfAllocation >= end || !managers.includes(endOfAllocation)) return;
  let from: number = endOfAllocation;
  for (const { at, size } of [...blocks.within(endOfAllocation, end)]) {
    if (at > from) blocks.add(from, at - from);
    from = at + size;
  }
  if (from < end) blocks.add(from, end - from);
  // The image stands there too, and is given back by itself.
  if (image?.address != null && blocks.has(image.address, image.length)) blocks.remove(image.address, image.length);
}
