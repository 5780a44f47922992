/** Bytes in memory: no read, no copy, both modes. */
import type {
  AccessCosts,
  AsyncStorage,
  AsyncWrites,
  Extent,
  Patch,
  SyncStorage,
  SyncWrites,
} from "../steps/storage.ts";

const COSTS: AccessCosts = { gap: -1, parallel: 1, maxAccess: Infinity };

/** Room that a growing storage is given beyond what it needs, as a factor. */
const GROWTH = 1.5;

export class MemoryStorage implements SyncStorage, AsyncStorage, SyncWrites, AsyncWrites {
  readonly label: string;
  /** What accesses cost. */
  readonly costs: AccessCosts = COSTS;
  private room: Uint8Array;
  private length: number;

  /** Over the bytes themselves, which must not change while the storage is open for reading. Without bytes: empty, to be written. */
  constructor(bytes: Uint8Array | ArrayBuffer = new Uint8Array(0), label = "memory") {
    // A Buffer's `slice` makes no copy: what is read from here must not have it.
    this.room =
      bytes instanceof Uint8Array
        ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
        : new Uint8Array(bytes);
    this.length = this.room.length;
    this.label = label;
  }

  get memory(): Uint8Array {
    return this.room.length === this.length ? this.room : this.room.subarray(0, this.length);
  }

  readSync(extents: readonly Extent[]): Uint8Array[] {
    const { memory } = this;
    return extents.map(({ at, length, into }) => {
      const bytes = memory.subarray(at, at + length);
      if (into === undefined) return bytes;
      into.set(bytes);
      return into.subarray(0, bytes.length);
    });
  }

  async read(extents: readonly Extent[]): Promise<Uint8Array[]> {
    return this.readSync(extents);
  }

  sizeSync(): number {
    return this.length;
  }

  async size(): Promise<number> {
    return this.length;
  }

  writeSync(patches: readonly Patch[]): void {
    for (const { at, bytes } of patches) {
      this.reserve(at + bytes.length);
      this.room.set(bytes, at);
      this.length = Math.max(this.length, at + bytes.length);
    }
  }

  async write(patches: readonly Patch[]): Promise<void> {
    this.writeSync(patches);
  }

  truncateSync(size: number): void {
    this.reserve(size);
    // What is cut off must not come back when the storage grows again.
    if (size < this.length) this.room.fill(0, size, this.length);
    this.length = size;
  }

  /** Gives it another length: bytes beyond are lost, new ones are zero. */
  async truncate(size: number): Promise<void> {
    this.truncateSync(size);
  }

  /** Memory survives no power cut; there is nothing to wait for. */
  syncSync(): void {}

  /** Nothing: memory is as durable as it will be. */
  async sync(): Promise<void> {}

  /** Nothing to let go of: the bytes are the caller's. */
  closeSync(): void {}

  /** Nothing: there is nothing to be closed. */
  async close(): Promise<void> {}

  /** The bytes of the storage: not a copy. */
  toUint8Array(): Uint8Array {
    return this.memory;
  }

  private reserve(size: number): void {
    if (size <= this.room.length) return;
    const grown = new Uint8Array(Math.max(size, Math.ceil(this.room.length * GROWTH)));
    grown.set(this.memory);
    this.room = grown;
  }
}
