/** A `Blob` or `File`; asynchronous only. A `File` that changes on the disk after it was picked cannot be read any more. */
import { StorageError } from "../errors.ts";
import type { AccessCosts, AsyncStorage, Companion, Extent, Outcome } from "../steps/storage.ts";

/** Each slice is a message to another process: in Chromium 0.7 to 1.2 ms, whether it is 4 KiB or 64 (measured). */
const COSTS: AccessCosts = { gap: 64 << 10, parallel: 8, maxAccess: 8 << 20, page: 32 << 10, first: 64 << 10 };

export class BlobStorage implements AsyncStorage {
  readonly label: string;
  /** What accesses cost. */
  readonly costs: AccessCosts = COSTS;
  /** Where the file may have a journal beside it. */
  readonly companion?: Companion;
  private blob: Blob | undefined;

  constructor(blob: Blob, companion?: Companion) {
    this.blob = blob;
    if (companion !== undefined) this.companion = companion;
    this.label = (blob as { name?: string }).name ?? "Blob";
  }

  read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    return Promise.all(extents.map((extent) => this.readOne(extent, signal)));
  }

  async size(): Promise<number> {
    return this.open().size;
  }

  /** Nothing: there is nothing to be closed. */
  async close(): Promise<void> {
    this.blob = undefined;
  }

  private open(): Blob {
    if (this.blob === undefined) throw new StorageError(`${this.label} was closed`);
    return this.blob;
  }

  private async readOne({ at, length, into }: Extent, signal?: AbortSignal): Promise<Outcome> {
    signal?.throwIfAborted();
    try {
      const bytes = new Uint8Array(
        await this.open()
          .slice(at, at + length)
          .arrayBuffer(),
      );
      if (into === undefined) return bytes;
      into.set(bytes);
      return into.subarray(0, bytes.length);
    } catch (cause) {
      return new StorageError(`cannot read ${this.label} at byte ${at}`, { cause });
    }
  }
}
