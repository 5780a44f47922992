/** Opening a file to be changed. */
import { asAddress, type Sizes } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import type { FileInfo } from "../contract.ts";
import type { FileReaderOptions } from "../engine/file-reader.ts";
import { openMetadata } from "../engine/open-file.ts";
import { pendingCommit } from "../engine/pending-commit.ts";
import { type FoundSuperblock, findSuperblock } from "../engine/superblock.ts";
import { LockedError, UnsupportedError } from "../errors.ts";
import { commitMarker } from "../format/superblock/commit-marker.ts";
import { readSuperblock, type Superblock, superblock } from "../format/superblock/superblock.ts";
import { PageCache } from "../steps/page-cache.ts";
import { type Steps, size, write } from "../steps/steps.ts";
import type { WritableStorage } from "../steps/storage.ts";
import { Allocator } from "./allocator.ts";
import { type Durability, removeCompanion } from "./commit.ts";
import { flushChunks } from "./dataset/flush-chunks.ts";
import { WriteChunkCache } from "./dataset/write-chunk-cache.ts";
import type { EditorFile, VersionBounds } from "./editor-file.ts";
import { Transaction } from "./transaction.ts";

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

/** Flags of a file that is being written, or was when its writer died. */
const BEING_WRITTEN = 0x01 | 0x04;

/** Opens an HDF5 file that exists. A commit that was not finished is finished first. */
export function* openForEditing(target: WritableStorage, options: EditorOptions): Steps<OpenedForEditing> {
  yield* finishCommit(target);
  const transaction = new Transaction(target, options.durability);
  const chunkCache = new WriteChunkCache(options.chunkCache);
  const metadata = yield* openMetadata(transaction.storage, { ...options, chunkCache });
  const { info, base, structures } = metadata;
  refuse(info.driver, info.consistencyFlags);
  const found = yield* foundSuperblock(target);
  let written = readSuperblock(found.bytes, 0, structures.sizes);
  let before = encoded(written, structures.sizes);
  const allocator = new Allocator({
    end: Math.max(info.endOfFile, (yield* size(target)) - base),
    ...(info.fileSpace?.strategy === "page" ? { pageSize: info.fileSpace.pageSize } : {}),
  });
  const file: EditorFile = {
    ...metadata,
    info: withEnd(info, allocator),
    chunkCache,
    allocator,
    raw: transaction,
    bounds: options.bounds,
    now: options.now,
    heapSpace: new Map(),
  };
  transaction.begin(file);
  function* commit(): Steps<void> {
    yield* flushChunks(file);
    let after = before;
    yield* transaction.commit(() => {
      written = { ...written, endOfFile: asAddress(written.base + allocator.end) };
      after = encoded(written, structures.sizes);
      return { position: base, before, after, sizes: structures.sizes };
    });
    before = after;
  }
  return { file, commit };
}

/** What is said of the file, whose end moves as space is taken. */
const withEnd = (info: FileInfo, allocator: Allocator): FileInfo => ({
  ...info,
  get endOfFile() {
    return allocator.end;
  },
});

function encoded(value: Superblock, sizes: Sizes): Uint8Array {
  const to = new Encoder(sizes);
  superblock(to, value);
  return to.finish();
}

/** Writes what a journal still holds of an unfinished commit; removes one that no commit waits for. */
function* finishCommit(target: WritableStorage): Steps<void> {
  const { companion } = target;
  const found = yield* foundSuperblock(target);
  if (commitMarker(found.bytes, 0, found.sizes) !== undefined) {
    const patches = yield* pendingCommit(target, found);
    // The superblock stands in the first of the patches, and must be the last that is written.
    const [last, ...rest] = [...patches].sort(
      (a, b) => Number(b.at === found.position) - Number(a.at === found.position),
    );
    yield* write(target, rest, { sync: true });
    yield* write(target, [last], { sync: true });
  }
  if (companion !== undefined) yield* removeCompanion(companion);
}

function foundSuperblock(target: WritableStorage): Steps<FoundSuperblock> {
  return findSuperblock(new PageCache(target), target);
}

function refuse(driver: string | undefined, flags: number): void {
  if (driver !== undefined) {
    throw new UnsupportedError("files in several parts can be read, not changed", { structure: "File", found: driver });
  }
  if ((flags & BEING_WRITTEN) !== 0) {
    throw new LockedError("is being written by another program, or was when that died: see `h5ts recover`", {
      structure: "File",
      found: `file consistency flags ${flags}`,
    });
  }
}
