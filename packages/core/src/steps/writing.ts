/** How both drivers serve a write request: bytes, then size, then durability. */
import { StorageError } from "../errors.ts";
import type { WriteRequest } from "./steps.ts";
import { type AsyncWritable, isSyncWritable, type WritableStorage } from "./storage.ts";

const isAsyncWritable = (storage: WritableStorage): storage is AsyncWritable => "write" in storage;

/** Writes of up to this many bytes in all are made synchronously where that can be: a turn would cost more. */
const INLINE = 64 << 10;

export function writeAllSync({ storage, patches, size, sync }: WriteRequest): void {
  if (!isSyncWritable(storage)) {
    throw new StorageError("cannot be written synchronously: open the file with `open` instead of `openSync`", {
      found: storage.label,
    });
  }
  if (patches.length > 0) storage.writeSync(patches);
  if (size !== undefined) storage.truncateSync(size);
  if (sync) storage.syncSync();
}

/** The work itself where it is small and needs no waiting; else a promise. */
export function writeAll(request: WriteRequest): Promise<void> | void {
  const { storage, patches, size, sync } = request;
  if (!isAsyncWritable(storage)) return writeAllSync(request);
  if (!sync && isSyncWritable(storage) && bytesOf(request) <= INLINE) return writeAllSync(request);
  return (async () => {
    if (patches.length > 0) await storage.write(patches);
    if (size !== undefined) await storage.truncate(size);
    if (sync) await storage.sync();
  })();
}

const bytesOf = ({ patches }: WriteRequest): number => patches.reduce((sum, { bytes }) => sum + bytes.length, 0);
