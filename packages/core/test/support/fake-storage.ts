/** A storage of zeros that counts: how many accesses, and how many extents in each. */
import type { AccessCosts, AsyncStorage, Extent, Outcome, SyncStorage } from "../../src/steps/storage.ts";

export class FakeStorage implements SyncStorage, AsyncStorage {
  readonly label: string;
  readonly costs: AccessCosts = { gap: 0, parallel: 1, maxAccess: Number.POSITIVE_INFINITY };
  /** Extents of each access. */
  readonly accesses: number[] = [];
  closed = false;

  constructor(label: string) {
    this.label = label;
  }

  readSync(extents: readonly Extent[]): Outcome[] {
    this.accesses.push(extents.length);
    return extents.map((extent) => new Uint8Array(extent.length));
  }

  async read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    await new Promise((resume) => setTimeout(resume, 0));
    signal?.throwIfAborted();
    return this.readSync(extents);
  }

  sizeSync(): number {
    return 0;
  }

  async size(): Promise<number> {
    return 0;
  }

  closeSync(): void {
    this.closed = true;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
