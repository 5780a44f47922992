/** A storage that the caller gave, for as long as one file is open in it to be changed: no other may be opened in it. */
import type { AsyncWritable, SyncWritable, WritableStorage } from "../../steps/storage.ts";
import { OpenFiles } from "./open-files.ts";

const given = new OpenFiles<WritableStorage>(new WeakMap());

/** LockedError where a file is open in it to be changed. */
export function heldStorage(inner: WritableStorage): WritableStorage {
  const release = given.take(inner, "write", inner.label);
  const { label, costs, companion } = inner;
  return {
    label,
    costs,
    ...(companion && { companion }),
    // It grows: what is in memory is another array each time.
    get memory() {
      return inner.memory;
    },
    ...("writeSync" in inner ? syncPart(inner, release) : {}),
    ...("write" in inner ? asyncPart(inner, release) : {}),
  } as WritableStorage;
}

type Common = "label" | "costs" | "companion" | "memory";

const syncPart = (inner: SyncWritable, release: () => void): Omit<SyncWritable, Common> => ({
  readSync: (extents) => inner.readSync(extents),
  sizeSync: () => inner.sizeSync(),
  writeSync: (patches) => inner.writeSync(patches),
  truncateSync: (size) => inner.truncateSync(size),
  syncSync: () => inner.syncSync(),
  closeSync() {
    inner.closeSync();
    release();
  },
});

const asyncPart = (inner: AsyncWritable, release: () => void): Omit<AsyncWritable, Common> => ({
  read: (extents, signal) => inner.read(extents, signal),
  size: (signal) => inner.size(signal),
  write: (patches) => inner.write(patches),
  truncate: (size) => inner.truncate(size),
  sync: () => inner.sync(),
  ...(inner.publish && { publish: () => inner.publish?.() as Promise<void> }),
  async close() {
    await inner.close();
    release();
  },
});
