/**
 * What the engine asks of a place where bytes are kept. Storages do no parsing, keep no position and share nothing.
 *
 * A storage offers synchronous access, asynchronous access or both; `openSync` takes only the first kind.
 */
import type { H5Error } from "../errors.ts";

/** A range of bytes, counted from the start of the storage. */
export interface Extent {
  /** Number of the first byte, from 0. */
  readonly at: number;
  /** How many bytes, from `at` on. */
  readonly length: number;
  /** Where the bytes shall go (`length` bytes long): saves the copy. The answer is then a view of it. */
  readonly into?: Uint8Array;
}

/**
 * The bytes of one extent, fewer than asked for only where the storage ends; or why they cannot be had: a StorageError as
 * a rule, a NotFoundError or a PolicyError from a server that has no such file or redirects to where it must not.
 */
export type Outcome = Uint8Array | H5Error;

/** What an access costs, so that callers can choose how much to read through. */
export interface AccessCosts {
  /** Gap between two extents, in bytes, up to which one access over both is cheaper than two. */
  readonly gap: number;
  /** Accesses worth having in flight at once. */
  readonly parallel: number;
  /** Bytes that one access should not exceed; larger extents are split. */
  readonly maxAccess: number;
  /** Bytes that a read of metadata should bring: the page size that suits this storage. */
  readonly page?: number;
  /** Bytes that the first read of metadata should bring, where a round trip costs far more than bytes. */
  readonly first?: number;
}

interface StorageBase {
  /** What messages call it: a path, a URL, `"memory"`. */
  readonly label: string;
  /** What accesses cost. */
  readonly costs: AccessCosts;
  /**
   * Bytes that stay as they are while the storage is open, where it holds them all in memory: views of them need no
   * read and no copy.
   */
  readonly memory?: Uint8Array;
  /** The file beside it in which its journal is kept; absent: changes in place are written without one. */
  readonly companion?: Companion;
}

/** Access without waiting: memory, Node files, OPFS access handles. */
export interface SyncStorage extends StorageBase {
  /** Reads each extent; an outcome each, in their order. Never throws for an extent's sake. */
  readSync(extents: readonly Extent[]): Outcome[];
  /** Bytes in the storage now. */
  sizeSync(): number;
  /** Lets go of what the storage holds open. Called once, by the file that was opened over it. */
  closeSync(): void;
}

/** Access by promises: all but OPFS access handles. */
export interface AsyncStorage extends StorageBase {
  /** Reads each extent, concurrently where that pays; an outcome each, in their order. Rejects only when `signal` aborts. */
  read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]>;
  /** Bytes in the storage now. Remote storages know it from the first answer. */
  size(signal?: AbortSignal): Promise<number>;
  /** Lets go of what the storage holds open: a file, a handle, connections. Called once, by the file that was opened over it. */
  close(): Promise<void>;
}

export type Storage = SyncStorage | AsyncStorage;

export const isSync = (storage: Storage): storage is SyncStorage => "readSync" in storage;
export const isAsync = (storage: Storage): storage is AsyncStorage => "read" in storage;

/** Bytes to be written at a position. */
export interface Patch {
  /** Number of the first byte, from 0. */
  readonly at: number;
  /** What shall stand there. */
  readonly bytes: Uint8Array;
}

/** Writing without waiting. */
export interface SyncWrites {
  /** Writes each, in their order; the storage grows as needed, with zeros between. Throws a StorageError. */
  writeSync(patches: readonly Patch[]): void;
  /** Cuts the storage, or lets it grow with zeros. */
  truncateSync(size: number): void;
  /** Returns when all that was written survives a power cut. */
  syncSync(): void;
}

/** Writing by promises. */
export interface AsyncWrites {
  /** Writes all; in their order where it matters to who reads after a crash: none overlap. */
  write(patches: readonly Patch[]): Promise<void>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  /** Makes all that was written the file, at once: of storages that keep it apart until then. */
  publish?(): Promise<void>;
}

export type SyncWritable = SyncStorage & SyncWrites;
export type AsyncWritable = AsyncStorage & AsyncWrites;

export type WritableStorage = SyncWritable | AsyncWritable;

/** A file beside a storage that comes and goes. */
export interface Companion {
  /** What messages call it. */
  readonly label: string;
  /** Opens it: made anew, empty and to be written where `create` is given, else for reading; `undefined` where there is none. */
  openSync?(create: boolean): SyncStorage | undefined;
  open?(create: boolean): Promise<Storage | undefined>;
  /** Removes it, if it is there. */
  removeSync?(): void;
  remove?(): Promise<void>;
}

export const isSyncWritable = (storage: WritableStorage): storage is SyncWritable => "writeSync" in storage;

export const isWritable = (storage: Storage): storage is WritableStorage =>
  "writeSync" in storage || "write" in storage;
