/** Bytes in memory: no read, no copy, both modes. */
import type { AccessCosts, AsyncStorage, Extent, SyncStorage } from "../steps/storage.ts";

const COSTS: AccessCosts = { gap: -1, parallel: 1, maxAccess: Infinity };

export class MemoryStorage implements SyncStorage, AsyncStorage {
  readonly label: string;
  readonly costs: AccessCosts = COSTS;
  readonly memory: Uint8Array;

  /** Over the bytes themselves, which must not change while the storage is open. */
  constructor(bytes: Uint8Array | ArrayBuffer, label = "memory") {
    this.memory = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
    this.label = label;
  }

  readSync(extents: readonly Extent[]): Uint8Array[] {
    return extents.map(({ at, length, into }) => {
      const bytes = this.memory.subarray(at, at + length);
      if (into === undefined) return bytes;
      into.set(bytes);
      return into.subarray(0, bytes.length);
    });
  }

  async read(extents: readonly Extent[]): Promise<Uint8Array[]> {
    return this.readSync(extents);
  }

  sizeSync(): number {
    return this.memory.length;
  }

  async size(): Promise<number> {
    return this.memory.length;
  }

  /** Nothing to let go of: the bytes are the caller's. */
  closeSync(): void {}

  async close(): Promise<void> {}

  /** The bytes of the storage: not a copy. */
  toUint8Array(): Uint8Array {
    return this.memory;
  }
}
