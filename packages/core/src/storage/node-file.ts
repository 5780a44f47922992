/**
 * A file of the disk, by Node's `fs`; both modes.
 *
 * Asynchronous reads of up to 128 KiB are made synchronously: from the system's cache they take 2 to 11 us, while a turn
 * through Node's thread pool costs 12 us at best and 50 us alone (measured, Node 20). Longer ones go through the pool, where
 * they overlap with decoding.
 */
import { usePreparedMemory } from "../bytes/large-memory.ts";
import { useNativeSwap } from "../bytes/swap.ts";
import { ClosedError, StorageError } from "../errors.ts";
import type { AccessCosts, AsyncStorage, Companion, Extent, Outcome, SyncStorage } from "../steps/storage.ts";
import type { Locking } from "./locks/locking.ts";
import { lockNodeFile, type NodeLock } from "./locks/node-lock.ts";
import type { Access } from "./locks/open-files.ts";
import { openingError, storageError } from "./node-errors.ts";
import { NodeJournal } from "./node-journal.ts";
import { adviseHugePages, type FileSystem, fileSystem, nativeSwap, type OpenFlags, paths } from "./platform.ts";

/** Longest asynchronous access made without the thread pool. */
export const INLINE: number = 128 << 10;
/** Node refuses reads and writes of 2 GiB and more. */
export const LARGEST: number = 1 << 30;

/**
 * Reading through 5 KB costs as much as a further call; a page of 16 KiB costs hardly more than one of 4 (4.5 and 4.1 us,
 * most of it for fresh memory); parts of 4 MiB let the pool's four threads share the work of a long read (all measured).
 */
const COSTS: AccessCosts = { gap: 5 << 10, parallel: 4, maxAccess: 4 << 20, page: 16 << 10 };

export class NodeFileStorage implements SyncStorage, AsyncStorage {
  readonly label: string;
  /** What accesses cost. */
  readonly costs: AccessCosts = COSTS;
  readonly companion: Companion;
  protected readonly fs: FileSystem;
  protected readonly fd: number;
  protected readonly access: Access = "read";
  protected held: NodeLock | undefined;
  /** Reads and writes in the thread pool; the descriptor stays open for them. */
  private pending = 0;
  protected closed = false;
  private whenIdle: (() => void) | undefined;

  /** Opens the file for reading. NotFoundError where there is none; StorageError where it is no file or may not be read. */
  constructor(path: string);
  constructor(path: string, flags?: (constants: OpenFlags) => number, creates?: boolean);
  constructor(path: string, flags = (constants: OpenFlags): number => constants.O_RDONLY, creates = false) {
    this.label = path;
    this.fs = fileSystem();
    useNativeSwap(nativeSwap());
    usePreparedMemory(adviseHugePages);
    const { constants } = this.fs;
    try {
      // Not blocking: a name may be that of a pipe, which would wait for a writer.
      this.fd = this.fs.openSync(path, flags(constants) | (constants.O_NONBLOCK ?? 0), 0o666);
    } catch (error) {
      throw openingError(path, error, creates);
    }
    this.companion = new NodeJournal(this.fs, paths().resolve(path), (journal) => new NodeFileStorage(journal));
    const status = this.fs.fstatSync(this.fd);
    if (status.isFile()) return;
    this.closeSync();
    throw new StorageError(`cannot open ${path}: it is ${status.isDirectory() ? "a folder" : "no regular file"}`);
  }

  /**
   * Locks the file until it is closed: against writers, or against all others where it is open to be written. LockedError where another has it,
   * and then the file is closed.
   */
  lock(locking?: Locking): this {
    try {
      this.held ??= lockNodeFile(this.fd, this.label, this.access, locking);
      return this;
    } catch (error) {
      this.closeSync();
      throw error;
    }
  }

  readSync(extents: readonly Extent[]): Outcome[] {
    return extents.map((extent) => this.readNow(extent));
  }

  read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    return Promise.all(
      extents.map((extent) => (extent.length <= INLINE ? this.readNow(extent) : this.readInPool(extent, signal))),
    );
  }

  sizeSync(): number {
    if (this.closed) throw this.isClosed();
    return this.fs.fstatSync(this.fd).size;
  }

  async size(): Promise<number> {
    return this.sizeSync();
  }

  /** Closes the file. */
  closeSync(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.pending === 0) this.letGo();
  }

  /** Closes the file. */
  async close(): Promise<void> {
    if (this.pending > 0 && !this.closed) {
      const idle = new Promise<void>((done) => {
        this.whenIdle = done;
      });
      this.closeSync();
      await idle;
    }
    this.closeSync();
  }

  private readNow({ at, length, into }: Extent): Outcome {
    if (this.closed) return this.failure(at, this.isClosed());
    const target = into ?? new Uint8Array(length);
    let done = 0;
    try {
      while (done < length) {
        const count = this.fs.readSync(this.fd, target, done, Math.min(length - done, LARGEST), at + done);
        if (count === 0) break;
        done += count;
      }
    } catch (error) {
      return this.failure(at, error);
    }
    return done === length ? target : target.subarray(0, done);
  }

  private async readInPool({ at, length, into }: Extent, signal?: AbortSignal): Promise<Outcome> {
    if (this.closed) return this.failure(at, this.isClosed());
    const target = into ?? new Uint8Array(length);
    let done = 0;
    try {
      await this.inPool(async () => {
        while (done < length) {
          signal?.throwIfAborted();
          const count = await this.readPart(target, done, at + done);
          if (count === 0) break;
          done += count;
        }
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      return this.failure(at, error);
    }
    return done === length ? target : target.subarray(0, done);
  }

  private readPart(target: Uint8Array, from: number, at: number): Promise<number> {
    return called((done) => this.fs.read(this.fd, target, from, Math.min(target.length - from, LARGEST), at, done));
  }

  /** Work in the thread pool, for which the descriptor stays open. */
  protected async inPool(work: () => Promise<void>): Promise<void> {
    this.pending++;
    try {
      await work();
    } finally {
      if (--this.pending === 0 && this.closed) this.letGo();
    }
  }

  protected letGo(): void {
    this.fs.closeSync(this.fd);
    this.held?.release();
    this.whenIdle?.();
  }

  protected isClosed(): ClosedError {
    return new ClosedError(`${this.label} was closed`);
  }

  private failure(at: number, cause: unknown): StorageError {
    return storageError(`read ${this.label} at byte ${at}`, cause);
  }
}

/** Node's callbacks as promises: twice as fast as `fs.promises`, which opens files its own way besides. */
export function called<T>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    });
  });
}
