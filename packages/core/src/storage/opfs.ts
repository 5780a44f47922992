/** A file of the origin private file system, by its synchronous access handle (in a dedicated worker); both modes. */
import { StorageError } from "../errors.ts";
import type { AccessCosts, Extent, Outcome, SyncStorage } from "../steps/storage.ts";

/** The part of `FileSystemSyncAccessHandle` that reading needs. */
export interface SyncAccessHandle {
  /** Reads into a buffer; how many bytes. */
  read(buffer: Uint8Array<ArrayBuffer>, options?: { at?: number }): number;
  /** Bytes of the file. */
  getSize(): number;
  /** Gives the file free. */
  close(): void;
}

/** The part that writing needs too. */
export interface WritableAccessHandle extends SyncAccessHandle {
  write(buffer: Uint8Array<ArrayBuffer>, options?: { at?: number }): number;
  truncate(size: number): void;
  flush(): void;
}

const COSTS: AccessCosts = { gap: 16 << 10, parallel: 1, maxAccess: 4 << 20, page: 16 << 10 };

export class OpfsStorage implements SyncStorage {
  readonly label: string;
  /** What accesses cost. */
  readonly costs: AccessCosts = COSTS;
  protected readonly handle: SyncAccessHandle;

  /** The storage takes the handle over: closing it closes the handle. */
  constructor(handle: SyncAccessHandle, label = "OPFS file") {
    this.handle = handle;
    this.label = label;
  }

  readSync(extents: readonly Extent[]): Outcome[] {
    return extents.map(({ at, length, into }) => {
      const target = into ?? new Uint8Array(length);
      try {
        const count = this.readFully(target as Uint8Array<ArrayBuffer>, at);
        return count === target.length ? target : target.subarray(0, count);
      } catch (cause) {
        return new StorageError(`cannot read ${this.label} at byte ${at}`, { cause });
      }
    });
  }

  sizeSync(): number {
    try {
      return this.handle.getSize();
    } catch (cause) {
      throw new StorageError(`cannot tell the size of ${this.label}`, { cause });
    }
  }

  /** Closes the handle. */
  closeSync(): void {
    this.handle.close();
  }

  private readFully(target: Uint8Array<ArrayBuffer>, at: number): number {
    let done = 0;
    while (done < target.length) {
      const count = this.handle.read(target.subarray(done), { at: at + done });
      if (count === 0) break;
      done += count;
    }
    return done;
  }
}
