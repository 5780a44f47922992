/** From what a caller has in hand to a storage that can be changed: what `open` and `openSync` do in modes other than `"r"`. */
import { ExistsError, StorageError, UnsupportedError } from "../errors.ts";
import { isWritable, type SyncWritable, type WritableStorage } from "../steps/storage.ts";
import { heldStorage } from "./locks/held-storage.ts";
import type { Locking } from "./locks/locking.ts";
import { openFileHandle } from "./open-file-handle.ts";
import { isArrayBuffer, isFileHandle, type Source, type SyncSource, sourcePath, storageOf } from "./open-storage.ts";
import { type NodeWriteMode, WritableNodeFile } from "./writable-node-file.ts";

/**
 * Modes that change a file, as in h5py: `"r+"` one that exists; `"w"` one made anew, whatever was there; `"w-"` or `"x"` one that
 * must not exist yet; `"a"` one that exists, or a new one.
 */
export type WriteMode = "r+" | "w" | "w-" | "x" | "a";

export interface OpenedForWriting<S extends WritableStorage = WritableStorage> {
  readonly storage: S;
  /** A file is to be made in it, in place of whatever is there. Until then nothing was changed. */
  readonly isNew: boolean;
}

const NODE_MODES: Readonly<Record<WriteMode, NodeWriteMode>> = {
  "r+": "existing",
  w: "any",
  "w-": "new",
  x: "new",
  a: "any",
};

export interface WritableOptions {
  /** Default `true`. */
  readonly locking?: Locking;
}

/**
 * Opens a source to be changed, and locks it until it is closed. NotFoundError where there is no such file, or no folder for a new one; ExistsError where it is there and must not be;
 * StorageError where it may not be written; UnsupportedError for what can be read only: URLs, Blobs, bytes;
 * LockedError where another has it open.
 */
export async function openWritable(
  source: Source,
  mode: WriteMode,
  options: WritableOptions = {},
): Promise<OpenedForWriting> {
  const storage = isFileHandle(source) ? await openFileHandle(source) : writableOf(source, mode, options);
  try {
    const length = "size" in storage ? await storage.size() : storage.sizeSync();
    return { storage, isNew: isNew(storage.label, length, mode) };
  } catch (error) {
    await ("close" in storage ? storage.close() : storage.closeSync());
    throw error;
  }
}

/** The same without waiting. StorageError where the source cannot be written so. */
export function openWritableSync(
  source: SyncSource,
  mode: WriteMode,
  options: WritableOptions = {},
): OpenedForWriting<SyncWritable> {
  const storage = writableOf(source, mode, options);
  if (!("writeSync" in storage)) {
    throw new StorageError("cannot be written synchronously: open it with `open` instead of `openSync`", {
      found: storage.label,
    });
  }
  try {
    return { storage, isNew: isNew(storage.label, storage.sizeSync(), mode) };
  } catch (error) {
    storage.closeSync();
    throw error;
  }
}

function isNew(label: string, length: number, mode: WriteMode): boolean {
  const mustBeNew = mode === "x" || mode === "w-";
  if (mustBeNew && length > 0) throw new ExistsError(`cannot make ${label}: it is there already`);
  // A file without a byte is what a writer leaves that died before its first commit.
  return mode !== "r+" && (mode !== "a" || length === 0);
}

function writableOf(source: Source, mode: WriteMode, { locking }: WritableOptions): WritableStorage {
  const path = sourcePath(source);
  if (path !== undefined) return new WritableNodeFile(path, NODE_MODES[mode]).lock(locking);
  if (source instanceof Uint8Array || isArrayBuffer(source)) {
    throw new UnsupportedError("cannot be changed", { found: "bytes", allowed: "new MemoryStorage(bytes)" });
  }
  if (isFileHandle(source)) {
    throw new StorageError("cannot be opened synchronously: open what `openOpfsFile` gives, in a worker", {
      found: source.name,
    });
  }
  const storage = storageOf(source);
  if (storage instanceof WritableNodeFile) return storage.lock(locking);
  if (isWritable(storage)) return heldStorage(storage);
  throw new UnsupportedError("can be read only", { found: storage.label, allowed: "a path, a writable storage" });
}
