/** A file of the disk that is read and written, by Node's `fs`; both modes. */

import type { StorageError } from "../errors.ts";
import type { AsyncWrites, Companion, Patch, SyncWrites } from "../steps/storage.ts";
import { storageError } from "./node-errors.ts";
import { called, INLINE, LARGEST, NodeFileStorage } from "./node-file.ts";
import { NodeJournal } from "./node-journal.ts";
import { type OpenFlags, paths } from "./platform.ts";

/** How a file is opened to be written: it must exist, is made where it does not, or must not exist. */
export type NodeWriteMode = "existing" | "any" | "new";

const WRITE_FLAGS: Readonly<Record<NodeWriteMode, (constants: OpenFlags) => number>> = {
  existing: ({ O_RDWR }) => O_RDWR,
  any: ({ O_RDWR, O_CREAT }) => O_RDWR | O_CREAT,
  new: ({ O_RDWR, O_CREAT, O_EXCL }) => O_RDWR | O_CREAT | O_EXCL,
};

/** A file of the disk, to be written too. */
export class WritableNodeFile extends NodeFileStorage implements SyncWrites, AsyncWrites {
  override readonly companion: Companion;
  protected override readonly access = "write";
  /** That the file exists is not certain to survive a power cut. */
  private unlisted: boolean;

  /** Errors are those of reading, a StorageError where the file may not be written, an ExistsError where it is there and must not be. */
  constructor(path: string, mode: NodeWriteMode) {
    super(path, WRITE_FLAGS[mode], mode !== "existing");
    this.unlisted = mode !== "existing";
    this.companion = new NodeJournal(
      this.fs,
      paths().resolve(path),
      (journal) => new NodeFileStorage(journal),
      (journal) => new WritableNodeFile(journal, "any"),
    );
  }

  writeSync(patches: readonly Patch[]): void {
    this.checkOpen();
    this.held?.beat();
    for (const { at, bytes } of patches) {
      try {
        for (let done = 0; done < bytes.length; ) {
          done += this.fs.writeSync(this.fd, bytes, done, Math.min(bytes.length - done, LARGEST), at + done);
        }
      } catch (error) {
        throw this.refused(at, error);
      }
    }
  }

  /** Large patches go through the thread pool, one after the other: they are one stream to the disk. */
  async write(patches: readonly Patch[]): Promise<void> {
    this.checkOpen();
    this.held?.beat();
    await this.inPool(async () => {
      for (const patch of patches) {
        if (patch.bytes.length <= INLINE) this.writeSync([patch]);
        else await this.writeInPool(patch);
      }
    });
  }

  truncateSync(size: number): void {
    this.checkOpen();
    try {
      this.fs.ftruncateSync(this.fd, size);
    } catch (error) {
      throw storageError(`set the size of ${this.label} to ${size}`, error);
    }
  }

  /** Takes microseconds: not worth a turn. */
  async truncate(size: number): Promise<void> {
    this.truncateSync(size);
  }

  syncSync(): void {
    this.checkOpen();
    try {
      this.fs.fsyncSync(this.fd);
      this.list();
    } catch (error) {
      throw storageError(`make ${this.label} durable`, error);
    }
  }

  async sync(): Promise<void> {
    this.checkOpen();
    try {
      await this.inPool(() => called((done) => this.fs.fsync(this.fd, done as (error: Error | null) => void)));
      this.list();
    } catch (error) {
      throw storageError(`make ${this.label} durable`, error);
    }
  }

  private async writeInPool({ at, bytes }: Patch): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const length = Math.min(bytes.length - done, LARGEST);
        done += await called<number>((told) => this.fs.write(this.fd, bytes, done, length, at + done, told));
      }
    } catch (error) {
      throw this.refused(at, error);
    }
  }

  /** Makes the folder durable, which lists the file; where folders can be opened. */
  private list(): void {
    const { O_RDONLY, O_DIRECTORY } = this.fs.constants;
    if (!this.unlisted || O_DIRECTORY === undefined) return;
    const folder = this.fs.openSync(paths().dirname(paths().resolve(this.label)), O_RDONLY | O_DIRECTORY);
    try {
      this.fs.fsyncSync(folder);
    } finally {
      this.fs.closeSync(folder);
    }
    this.unlisted = false;
  }

  private checkOpen(): void {
    if (this.closed) throw this.isClosed();
  }

  private refused(at: number, cause: unknown): StorageError {
    return storageError(`write ${this.label} at byte ${at}`, cause);
  }
}
