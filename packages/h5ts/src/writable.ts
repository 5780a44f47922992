/** Files of other formats beside HDF5, written to the same places. */
import { type AsyncWritable, openSourceToWrite, type Source, type WritableStorage, type WriteMode } from "@h5ts/core";

/**
 * Opens a path, file handle or writable storage as bytes to be written, not as an HDF5 file: for formats beside it. Nothing is cut off:
 * in mode `"w"` too that is the caller's to do. Errors are those of `open`.
 */
export async function openWritable(source: Source, mode: WriteMode = "w"): Promise<AsyncWritable> {
  return asyncWritable((await openSourceToWrite(source, mode, { locking: false })).storage);
}

/** By promises, of storages too that have none. */
function asyncWritable(storage: WritableStorage): AsyncWritable {
  if ("write" in storage) return storage;
  return {
    label: storage.label,
    costs: storage.costs,
    read: async (extents) => storage.readSync(extents),
    size: async () => storage.sizeSync(),
    close: async () => storage.closeSync(),
    write: async (patches) => storage.writeSync(patches),
    truncate: async (size) => storage.truncateSync(size),
    sync: async () => storage.syncSync(),
  };
}
