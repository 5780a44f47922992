/** From a `FileSystemFileHandle` to a storage that can be changed. */
import { UnsupportedError } from "../errors.ts";
import type { WritableStorage } from "../steps/storage.ts";
import { openingError } from "./browser-errors.ts";
import { FileHandleStorage } from "./file-handle.ts";
import { webLock } from "./locks/web-lock.ts";
import type { FileHandle } from "./open-storage.ts";
import type { WritableAccessHandle } from "./opfs.ts";
import { journalName, opfsPlace } from "./opfs-journal-file.ts";
import { WritableOpfsFile } from "./writable-opfs-file.ts";

/**
 * Opens the file of a handle to be changed: in a dedicated worker, files of the origin private file system in place; others by writing a copy that
 * takes the place of the file with each commit.
 */
export async function openFileHandle(file: FileHandle): Promise<WritableStorage> {
  const place = await opfsPlace(file);
  if (place !== undefined && file.createSyncAccessHandle !== undefined) return openOpfsFile(file);
  if (file.createWritable === undefined) {
    throw new UnsupportedError("cannot be written here", { found: file.name, allowed: "a file of OPFS, in a worker" });
  }
  const release = place === undefined ? () => {} : await webLock(place.path);
  try {
    return new FileHandleStorage(file, await file.getFile(), release);
  } catch (error) {
    release();
    throw openingError(file.name, error);
  }
}

/**
 * Opens a file of the origin private file system with its journal, to be read and written in place, also by `openSync`: in a dedicated worker. The handles
 * exclude all others. LockedError where another has them.
 */
export async function openOpfsFile(file: FileHandle): Promise<WritableOpfsFile> {
  const place = await opfsPlace(file);
  if (place === undefined || file.createSyncAccessHandle === undefined) {
    throw new UnsupportedError("can be opened so only in a dedicated worker, and in OPFS", { found: file.name });
  }
  let handle: WritableAccessHandle | undefined;
  const release = await webLock(place.path);
  try {
    handle = await file.createSyncAccessHandle();
    const journal = (await place.folder.getFileHandle(journalName(file), { create: true })) as FileHandle;
    return new WritableOpfsFile(handle, file.name, { journal: await journal.createSyncAccessHandle?.(), release });
  } catch (error) {
    handle?.close();
    release();
    throw openingError(file.name, error);
  }
}
