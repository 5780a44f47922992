/**
 * Making of new files, with the reference library's choice of superblock and root group. Until its first commit the storage
 * holds nothing that could be taken for a file: the superblock is written last.
 */
import { asAddress, DEFAULT_SIZES } from "../bytes/address.ts";
import type { FileInfo } from "../contract.ts";
import { BlockCache } from "../engine/fractal-heap/block-cache.ts";
import { DEFAULT_LIMITS } from "../engine/limits.ts";
import { GroupHints, type MetadataFile } from "../engine/metadata-file.ts";
import { Structures } from "../engine/structures.ts";
import { HeaderRoom } from "../format/object-header/header-message.ts";
import type { Superblock } from "../format/superblock/superblock.ts";
import { PageCache } from "../steps/page-cache.ts";
import { type Steps, write } from "../steps/steps.ts";
import type { WritableStorage } from "../steps/storage.ts";
import { Allocator } from "./allocator.ts";
import { removeCompanion } from "./commit.ts";
import { requireVersion } from "./dataset/structure-versions.ts";
import { WriteChunkCache } from "./dataset/write-chunk-cache.ts";
import {
  committer,
  type EditingParts,
  type EditorOptions,
  editorFile,
  encodedSuperblock,
  type OpenedForEditing,
} from "./editing.ts";
import { type NewFile, type NewFileSettings, newFileSettings } from "./new-file-settings.ts";
import { createRootGroup, type RootGroup } from "./root-group.ts";
import { createExtension } from "./superblock-extension.ts";
import { Transaction } from "./transaction.ts";
import { upkeepOfNew } from "./upkeep.ts";

export type { NewFile } from "./new-file-settings.ts";

/**
 * Makes a new file of a storage, whose bytes are gone at once. LimitError or UnsupportedError for what no file can have;
 * then nothing was done.
 */
export function* createForEditing(target: WritableStorage, options: EditorOptions & NewFile): Steps<OpenedForEditing> {
  const settings = newFileSettings(options, options.bounds);
  if (options.attributeOrder?.tracked || options.linkOrder?.tracked)
    requireVersion(options.bounds, "v108", "the order of creation");
  yield* empty(target);
  const { space } = settings;
  const transaction = new Transaction(target, options.durability);
  const chunkCache = new WriteChunkCache(options.chunkCache);
  const allocator = new Allocator({ end: 0, ...(space?.strategy === "page" ? { pageSize: space.pageSize } : {}) });
  const metadata = newMetadata(transaction, options, settings, chunkCache);
  const parts: EditingParts = { metadata, transaction, chunkCache, allocator, options };
  const rootless = editorFile(parts);
  allocator.allocate(encodedSuperblock(newSuperblock(settings), DEFAULT_SIZES).length, "metadata");
  const extension = yield* createExtension(rootless, settings);
  const root = yield* createRootGroup(rootless, options);
  const info = { ...metadata.info, root: root.address };
  const file = editorFile({ ...parts, metadata: { ...metadata, info } });
  const value = newSuperblock(settings, root, extension);
  const upkeep = upkeepOfNew(file, extension, space);
  return { file, commit: committer(file, transaction, upkeep, { value, bytes: undefined }) };
}

/** What was there is gone, with the journal that might have made something of it. */
function* empty(target: WritableStorage): Steps<void> {
  yield* write(target, [], { size: 0 });
  const { companion } = target;
  if (companion !== undefined) yield* removeCompanion(companion);
}

/** What opening would find; no root group yet. */
function newMetadata(
  { storage }: Transaction,
  { filters, links, pages: pageOptions, limits: bounds, virtual }: EditorOptions,
  { version, userblockSize: base, ranks, space }: NewFileSettings,
  chunkCache: WriteChunkCache,
): MetadataFile {
  const limits = { ...DEFAULT_LIMITS, ...bounds };
  const pages = new PageCache(storage, { ...pageOptions, base });
  if (space?.strategy === "page") pages.repage(space.pageSize);
  const info: FileInfo = {
    label: storage.label,
    superblockVersion: version,
    userblockSize: base,
    sizes: DEFAULT_SIZES,
    root: asAddress(0),
    endOfFile: 0,
    consistencyFlags: 0,
    ...(space && { fileSpace: fileSpaceOf(space) }),
  };
  return {
    storage,
    info,
    base,
    pages,
    structures: new Structures(pages, DEFAULT_SIZES),
    limits,
    filters,
    chunkCache,
    links,
    ranks,
    sharedMessages: undefined,
    headers: { objectHeaderBytes: limits.objectHeaderBytes, room: new HeaderRoom() },
    hints: new GroupHints(),
    heapBlocks: new BlockCache(),
    ...(virtual && { virtual }),
  };
}

const fileSpaceOf = ({ strategy, persist, threshold, pageSize }: NonNullable<NewFileSettings["space"]>) => ({
  strategy,
  persist,
  threshold,
  pageSize,
});

function newSuperblock(
  { version, ranks, userblockSize }: NewFileSettings,
  root: RootGroup = { address: asAddress(0) },
  extension: Superblock["base"] | null = null,
): Superblock {
  // The file's consistency flags stay clear: a commit that is not finished has its own mark.
  const common = { consistencyFlags: 0, base: asAddress(userblockSize), endOfFile: asAddress(0) };
  if (version === 2 || version === 3) return { ...common, version, extension, root: root.address };
  return {
    ...common,
    ...ranks,
    version,
    freeSpace: null,
    driverInformation: null,
    rootEntry: {
      nameOffset: 0,
      header: root.address,
      scratch: root.table === undefined ? { cacheType: 0 } : { cacheType: 1, ...root.table },
    },
  };
}
