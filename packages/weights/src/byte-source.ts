/** Ranges of bytes of a file, wherever it is: what formats other than HDF5 are read from. */
import {
  type AsyncStorage,
  type Extent,
  FormatError,
  MemoryStorage,
  type Outcome,
  type Source,
  type Storage,
} from "h5ts";
import { openSource } from "h5ts/reader";

/** A file, or a part of one that is a file of its own. */
export interface ByteSource {
  readonly label: string;
  readonly size: number;
  /** What an access costs, where that is known. */
  readonly costs?: AsyncStorage["costs"];
  /** The bytes; FormatError where the file ends before. */
  read(at: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens a path, URL, bytes, `Blob` or storage. */
export async function openBytes(source: Source, signal?: AbortSignal): Promise<ByteSource> {
  const { storage } = await openSource(source, { locking: false, links: "none" });
  try {
    return new StorageSource(asyncStorage(storage), await asyncStorage(storage).size(signal));
  } catch (error) {
    await asyncStorage(storage).close();
    throw error;
  }
}

function asyncStorage(storage: Storage): AsyncStorage {
  if ("read" in storage) return storage;
  return {
    label: storage.label,
    costs: storage.costs,
    read: async (extents) => storage.readSync(extents),
    size: async () => storage.sizeSync(),
    close: async () => storage.closeSync(),
  };
}

class StorageSource implements ByteSource {
  readonly label: string;
  readonly costs: AsyncStorage["costs"];
  readonly size: number;
  private readonly storage: AsyncStorage;

  constructor(storage: AsyncStorage, size: number) {
    this.label = storage.label;
    this.costs = storage.costs;
    this.size = size;
    this.storage = storage;
  }

  async read(at: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(this, at, length);
    if (length === 0) return new Uint8Array(0);
    const [outcome] = await this.storage.read([{ at, length }], signal);
    if (!(outcome instanceof Uint8Array)) throw outcome;
    if (outcome.length < length)
      throw new FormatError("ends before its size", { structure: this.label, address: at, found: outcome.length });
    return outcome;
  }

  close(): Promise<void> {
    return this.storage.close();
  }
}

/** FormatError where bytes are asked for that a file does not have. */
function checkRange({ label, size }: ByteSource, at: number, length: number): void {
  if (at >= 0 && length >= 0 && at + length <= size) return;
  throw new FormatError("runs past the end of the file", {
    structure: label,
    address: at,
    found: `${length} bytes`,
    allowed: `${Math.max(0, size - at)} bytes`,
  });
}

/** A part of a file. Closing it does nothing. */
export function partOf(whole: ByteSource, at: number, size: number, label: string): ByteSource {
  checkRange(whole, at, size);
  const part: ByteSource = {
    label,
    size,
    costs: whole.costs,
    read: async (from, length, signal) => {
      checkRange(part, from, length);
      return whole.read(at + from, length, signal);
    },
    close: async () => {},
  };
  return part;
}

/** Bytes in memory as a file. */
export const inMemory = (bytes: Uint8Array, label: string): ByteSource =>
  new StorageSource(new MemoryStorage(bytes, label), bytes.length);

/** A part of a file as `open` takes it: an HDF5 file within another. */
export function storageOf(source: ByteSource): AsyncStorage {
  const one = async ({ at, length, into }: Extent, signal?: AbortSignal): Promise<Outcome> => {
    const bytes = await source.read(at, Math.max(0, Math.min(length, source.size - at)), signal);
    if (into === undefined) return bytes;
    into.set(bytes);
    return into.subarray(0, bytes.length);
  };
  return {
    label: source.label,
    costs: source.costs ?? { gap: 4096, parallel: 8, maxAccess: 16 << 20 },
    read: (extents, signal) => Promise.all(extents.map((extent) => one(extent, signal))),
    size: async () => source.size,
    close: () => source.close(),
  };
}

/** Parts one behind the other; a single one is not copied. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
