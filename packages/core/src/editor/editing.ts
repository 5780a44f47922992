/** A file that changes may be made to, opened or new: what is the same for both, and the commit. */
import { asAddress, type Sizes } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import type { FileInfo } from "../contract.ts";
import type { FileReaderOptions } from "../engine/file-reader.ts";
import type { MetadataFile } from "../engine/metadata-file.ts";
import { objectHeader } from "../engine/object-header.ts";
import { MessageType } from "../format/messages/message-type.ts";
import { symbolTableMessage } from "../format/messages/symbol-table.ts";
import { type Superblock, superblock } from "../format/superblock/superblock.ts";
import type { Steps } from "../steps/steps.ts";
import type { Allocator } from "./allocator.ts";
import type { Durability } from "./commit.ts";
import { flushChunks } from "./dataset/flush-chunks.ts";
import type { WriteChunkCache } from "./dataset/write-chunk-cache.ts";
import type { EditorFile, VersionBounds } from "./editor-file.ts";
import { keepHeapSpace } from "./fractal-heap/heap-space.ts";
import { EditedHeaders } from "./object-header/edited-headers.ts";
import { Unreferenced } from "./object-header/unreferenced.ts";
import type { Transaction } from "./transaction.ts";
import type { Upkeep } from "./upkeep.ts";

export interface EditorOptions extends FileReaderOptions {
  readonly durability: Durability;
  readonly bounds: VersionBounds;
  /** Seconds since the epoch. */
  readonly now: () => number;
}

/** A file open for changes, and the commit of them. */
export interface OpenedForEditing {
  readonly file: EditorFile;
  readonly commit: () => Steps<void>;
}

/** What a file is put together from. */
export interface EditingParts {
  readonly metadata: MetadataFile;
  readonly transaction: Transaction;
  readonly chunkCache: WriteChunkCache;
  readonly allocator: Allocator;
  readonly options: EditorOptions;
}

export function editorFile({ metadata, transaction, chunkCache, allocator, options }: EditingParts): EditorFile {
  const file: EditorFile = {
    ...metadata,
    info: withEnd(metadata.info, allocator),
    chunkCache,
    allocator,
    raw: transaction,
    bounds: options.bounds,
    now: options.now,
    heapSpace: new Map(),
    editedHeaders: new EditedHeaders(),
    unreferenced: new Unreferenced(),
  };
  transaction.begin(file);
  return file;
}

/** What is said of the file, whose end moves as space is taken. */
const withEnd = (info: FileInfo, allocator: Allocator): FileInfo => ({
  ...info,
  get endOfFile() {
    return allocator.end;
  },
});

/** The superblock as it was last written, or as it is to be written first. */
export interface SuperblockState {
  readonly value: Superblock;
  /** Its bytes in the file; `undefined`: it has none yet. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The commit of all changes since the last; without any it does nothing.
 *
 * Consistency flags stay clear all the while. The reference library sets them when it opens a file for writing, since the file is
 * then not whole until it is closed, and refuses one that has them. Ours is whole at every moment, or has the commit marker;
 * flags would only keep others from reading it after its writer died. Who writes at the same time is for locks to say.
 */
export function committer(
  file: EditorFile,
  transaction: Transaction,
  upkeep: Upkeep,
  first: SuperblockState,
): () => Steps<void> {
  let { value, bytes } = first;
  const { sizes } = file.structures;
  return function* commit(): Steps<void> {
    transaction.check();
    yield* flushChunks(file);
    if (bytes !== undefined && !transaction.changed && !upkeep.due) return;
    file.allocator.check();
    yield* keepHeapSpace(file);
    yield* upkeep.prepare();
    value = yield* withRootEntry(file, value);
    file.allocator.shrink();
    upkeep.finish();
    let after = bytes;
    yield* transaction.commit(() => {
      value = { ...value, endOfFile: asAddress(value.base + file.allocator.end) };
      after = encodedSuperblock(value, sizes);
      return { position: file.base, before: bytes, after, sizes };
    });
    bytes = after;
  };
}

/** Old superblocks repeat where the root group's symbol table is, as long as it has one. */
function* withRootEntry(file: EditorFile, value: Superblock): Steps<Superblock> {
  if (!("rootEntry" in value) || value.rootEntry.scratch.cacheType !== 1) return value;
  const header = yield* objectHeader(file, file.info.root);
  const table = header.find(MessageType.symbolTable)?.decoder(file.structures.sizes);
  const scratch =
    table === undefined ? { cacheType: 0 as const } : { cacheType: 1 as const, ...symbolTableMessage(table) };
  return { ...value, rootEntry: { ...value.rootEntry, scratch } };
}

export function encodedSuperblock(value: Superblock, sizes: Sizes): Uint8Array {
  const to = new Encoder(sizes);
  superblock(to, value);
  return to.finish();
}
