/**
 * A file of the origin private file system that is read and written, by its synchronous access handle (in a dedicated worker). Its journal is
 * a second handle, opened with the first: handles can only be opened by promises.
 */
import type { Companion, Patch, SyncWritable, SyncWrites } from "../steps/storage.ts";
import { browserError } from "./browser-errors.ts";
import { OpfsStorage, type WritableAccessHandle } from "./opfs.ts";

export interface OpfsParts {
  /** The handle of the file's journal. */
  readonly journal?: WritableAccessHandle | undefined;
  /** Lets go of the file's lock. */
  readonly release?: () => void;
}

export class WritableOpfsFile extends OpfsStorage implements SyncWrites {
  readonly companion?: Companion;
  declare protected readonly handle: WritableAccessHandle;
  private readonly parts: OpfsParts;

  /**
   * Takes the handles over. Without a journal, changes in place are written as they come: the file may be spoilt if the
   * worker ends meanwhile.
   */
  constructor(handle: WritableAccessHandle, label = "OPFS file", parts: OpfsParts = {}) {
    super(handle, label);
    this.parts = parts;
    const { journal } = parts;
    if (journal !== undefined) this.companion = new OpfsJournal(journal, `${label}.journal`);
  }

  writeSync(patches: readonly Patch[]): void {
    for (const { at, bytes } of patches) {
      try {
        for (let done = 0; done < bytes.length; ) {
          const count = this.handle.write(bytes.subarray(done) as Uint8Array<ArrayBuffer>, { at: at + done });
          if (count === 0) throw new DOMException("nothing was written", "QuotaExceededError");
          done += count;
        }
      } catch (cause) {
        throw browserError(`write ${this.label} at byte ${at}`, cause);
      }
    }
  }

  truncateSync(size: number): void {
    try {
      this.handle.truncate(size);
    } catch (cause) {
      throw browserError(`set the size of ${this.label} to ${size}`, cause);
    }
  }

  syncSync(): void {
    try {
      this.handle.flush();
    } catch (cause) {
      throw browserError(`make ${this.label} durable`, cause);
    }
  }

  override closeSync(): void {
    super.closeSync();
    this.parts.journal?.close();
    this.parts.release?.();
  }
}

/** The journal's handle stays open as long as the file's; an empty journal is none. */
class OpfsJournal implements Companion {
  readonly label: string;
  private readonly handle: WritableAccessHandle;

  constructor(handle: WritableAccessHandle, label: string) {
    this.handle = handle;
    this.label = label;
  }

  openSync(create: boolean): SyncWritable | undefined {
    const journal = new LentHandle(this.handle, this.label);
    if (create) journal.truncateSync(0);
    else if (journal.sizeSync() === 0) return undefined;
    return journal;
  }

  removeSync(): void {
    new LentHandle(this.handle, this.label).truncateSync(0);
  }
}

/** Closing it leaves the handle open. */
class LentHandle extends WritableOpfsFile {
  override closeSync(): void {}
}
