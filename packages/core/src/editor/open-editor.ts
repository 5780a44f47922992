/** Opening a file to be changed. */
import type { FileReaderOptions } from "../engine/file-reader.ts";
import { openMetadata } from "../engine/open-file.ts";
import { isThere } from "../engine/pending-commit.ts";
import { type FoundSuperblock, findSuperblock } from "../engine/superblock.ts";
import { LockedError, UnsupportedError } from "../errors.ts";
import { commitMarker } from "../format/superblock/commit-marker.ts";
import { readSuperblock } from "../format/superblock/superblock.ts";
import { PageCache } from "../steps/page-cache.ts";
import { type Steps, size } from "../steps/steps.ts";
import type { WritableStorage } from "../steps/storage.ts";
import { Allocator } from "./allocator.ts";
import { finishPending, removeCompanion } from "./commit.ts";
import { WriteChunkCache } from "./dataset/write-chunk-cache.ts";
import { committer, type EditorOptions, editorFile, encodedSuperblock, type OpenedForEditing } from "./editing.ts";
import { Transaction } from "./transaction.ts";
import { upkeepOf } from "./upkeep.ts";

export type { EditorOptions, OpenedForEditing } from "./editing.ts";

/**
 * Flags of a file that is being written, or was when its writer died. Earlier superblocks than version 3 have flags that
 * nobody goes by: many files that were closed have them.
 */
const BEING_WRITTEN = 0x01 | 0x04;
const FIRST_WITH_FLAGS = 3;

/** The consistency flags, where they mean anything. */
export const flagsOf = (version: number, flags: number): number =>
  version < FIRST_WITH_FLAGS ? 0 : flags & BEING_WRITTEN;

/** Opens an HDF5 file that exists. A commit that was not finished is finished first. */
export function* openForEditing(target: WritableStorage, options: EditorOptions): Steps<OpenedForEditing> {
  const leftover = yield* finishCommit(target);
  return yield* openFile(target, options, { leftover });
}

/** Makes a file forget what it keeps of its free space, which is not right. */
export function* dropFreeSpace(target: WritableStorage, options: FileReaderOptions): Steps<void> {
  const editing: EditorOptions = {
    ...options,
    durability: "disk",
    bounds: { low: "earliest", high: "v200" },
    now: () => Math.floor(Date.now() / 1000),
  };
  const { commit } = yield* openFile(target, editing, { forgetSpace: true });
  yield* commit();
}

/** What is known of how the file's last writer ended. */
interface Earlier {
  /** What the file keeps of its free space is not believed, and replaced by the first commit. */
  readonly forgetSpace?: boolean;
  /** One of ours died, and left its journal: what is behind the end of the file it had not committed. */
  readonly leftover?: boolean;
}

function* openFile(target: WritableStorage, options: EditorOptions, earlier: Earlier): Steps<OpenedForEditing> {
  const { forgetSpace = false, leftover = false } = earlier;
  const transaction = new Transaction(target, options.durability);
  const chunkCache = new WriteChunkCache(options.chunkCache);
  const metadata = yield* openMetadata(transaction.storage, { ...options, chunkCache });
  const { info, base, structures } = metadata;
  refuse(info.driver, flagsOf(info.superblockVersion, info.consistencyFlags));
  const found = yield* foundSuperblock(target);
  const value = readSuperblock(found.bytes, 0, structures.sizes);
  // Others may have been about to refer to what is behind the end.
  const present = (yield* size(target)) - base;
  const length = leftover ? Math.min(present, info.endOfFile) : present;
  const allocator = new Allocator({
    end: Math.max(info.endOfFile, length),
    limit: largest(structures.sizes.offsets) - base,
    longest: largest(structures.sizes.lengths),
    ...(info.fileSpace?.strategy === "page" ? { pageSize: info.fileSpace.pageSize } : {}),
  });
  const file = editorFile({ metadata, transaction, chunkCache, allocator, options });
  const extension = "extension" in value ? value.extension : null;
  const upkeep = yield* upkeepOf(file, transaction, extension, { end: info.endOfFile, length, forgetSpace });
  const bytes = encodedSuperblock(value, structures.sizes);
  return { file, commit: committer(file, transaction, upkeep, { value, bytes }) };
}

/** The largest address or length of so many bytes: those above mean that there is none, or that a commit is not finished. */
const largest = (bytes: 2 | 4 | 8): number => (bytes === 8 ? Number.MAX_SAFE_INTEGER : 256 ** bytes - 3);

/** Writes what a journal still holds of an unfinished commit; removes one that no commit waits for. Whether there was one. */
function* finishCommit(target: WritableStorage): Steps<boolean> {
  const { companion } = target;
  const found = yield* foundSuperblock(target);
  const unfinished = commitMarker(found.bytes, 0, found.sizes) !== undefined;
  if (unfinished) yield* finishPending(target, found);
  if (companion === undefined) return unfinished;
  const leftover = unfinished || (yield* isThere(companion));
  if (leftover) yield* removeCompanion(companion);
  return leftover;
}

function foundSuperblock(target: WritableStorage): Steps<FoundSuperblock> {
  return findSuperblock(new PageCache(target), target);
}

function refuse(driver: string | undefined, flags: number): void {
  if (driver !== undefined) {
    throw new UnsupportedError("files in several parts can be read, not changed", { structure: "File", found: driver });
  }
  if (flags !== 0) {
    throw new LockedError("is being written by another program, or was when that died: see `h5ts recover`", {
      structure: "File",
      found: `file consistency flags ${flags}`,
    });
  }
}
