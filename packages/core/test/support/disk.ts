/** A storage over bytes that does not show them: what is read must be asked for. Counts it. */
import type { Extent, Outcome, SyncStorage } from "../../src/steps/storage.ts";

export class Disk implements SyncStorage {
  readonly label = "disk";
  readonly costs: SyncStorage["costs"];
  bytes: Uint8Array;
  /** Extents asked for, and their bytes. */
  reads = 0;
  bytesRead = 0;

  constructor(bytes: Uint8Array, costs: Partial<SyncStorage["costs"]> = {}) {
    this.bytes = bytes;
    this.costs = { gap: 0, parallel: 1, maxAccess: 1 << 20, page: 4096, ...costs };
  }

  readSync(extents: readonly Extent[]): Outcome[] {
    this.reads += extents.length;
    return extents.map(({ at, length, into }) => {
      const found = this.bytes.subarray(at, at + length);
      this.bytesRead += found.length;
      if (into === undefined) return found.slice();
      into.set(found);
      return into.subarray(0, found.length);
    });
  }

  sizeSync(): number {
    return this.bytes.length;
  }

  closeSync(): void {}
}

/** The same, without synchronous access; answers come in a later turn. */
export class SlowDisk {
  readonly label = "slow disk";
  readonly costs: SyncStorage["costs"];
  readonly disk: Disk;

  constructor(bytes: Uint8Array, costs: Partial<SyncStorage["costs"]> = {}) {
    this.disk = new Disk(bytes, { parallel: 8, ...costs });
    this.costs = this.disk.costs;
  }

  async read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    const answers = this.disk.readSync(extents);
    await new Promise((done) => setTimeout(done, 0));
    signal?.throwIfAborted();
    return answers;
  }

  async size(): Promise<number> {
    return this.disk.sizeSync();
  }

  async close(): Promise<void> {}
}
