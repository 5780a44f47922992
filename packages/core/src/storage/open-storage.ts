/** From what a caller has in hand to a storage: what `open` and `openSync` take as their source. */
import { StorageError, UnsupportedError } from "../errors.ts";
import { type AsyncStorage, isAsync, isSync, type Storage, type SyncStorage } from "../steps/storage.ts";
import { BlobStorage } from "./blob.ts";
import { HttpStorage } from "./http/http-storage.ts";
import type { HttpOptions } from "./http/options.ts";
import { MemoryStorage } from "./memory.ts";
import { NodeFileStorage } from "./node-file.ts";
import { OpfsStorage, type SyncAccessHandle, type WritableAccessHandle } from "./opfs.ts";
import { OpfsJournalFile } from "./opfs-journal-file.ts";
import { fileUrlToPath, hasFiles } from "./platform.ts";
import { WritableOpfsFile } from "./writable-opfs-file.ts";

/** The part of `FileSystemFileHandle` (OPFS, file pickers) that is used. */
export interface FileHandle {
  /** Tells it from a folder. */
  readonly kind: "file";
  /** Name of the file. */
  readonly name: string;
  /** Its content now. */
  getFile(): Promise<Blob>;
  /** In dedicated workers, of files of the origin private file system. */
  createSyncAccessHandle?(): Promise<WritableAccessHandle>;
  /** A stream that replaces its content. */
  createWritable?(options?: { keepExistingData?: boolean }): Promise<FileStream>;
}

/** The part of `FileSystemWritableFileStream` that is used. */
export interface FileStream {
  write(part: { type: "write"; position: number; data: Uint8Array<ArrayBuffer> }): Promise<void>;
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

/**
 * What can be read without waiting: a path or `file:` URL (Node), bytes, an OPFS access handle, a storage.
 * A string that begins with a scheme is a URL; in browsers any string is.
 */
export type SyncSource = string | URL | ArrayBuffer | Uint8Array | SyncAccessHandle | SyncStorage;

/** What can be read with waiting: all of these, and URLs, a `Blob` or `File`, a file handle. */
export type Source = SyncSource | Blob | FileHandle | AsyncStorage;

export interface StorageOptions {
  readonly http?: HttpOptions;
}

/** Opens a source; URLs are not asked for before the first read. NotFoundError where a path leads to no file. */
export async function openStorage(source: Source, options: StorageOptions = {}): Promise<Storage> {
  if (isFileHandle(source)) return new BlobStorage(await source.getFile(), new OpfsJournalFile(source));
  return storageOf(source, options);
}

/** Opens a source that can be read without waiting. StorageError for all others. */
export function openStorageSync(source: SyncSource, options: StorageOptions = {}): SyncStorage {
  const storage = isFileHandle(source) ? undefined : storageOf(source, options);
  if (storage !== undefined && isSync(storage)) return storage;
  const found = storage?.label ?? "a file handle";
  throw new StorageError("cannot be read synchronously: open it with `open` instead of `openSync`", { found });
}

/** The storage that a source means, which is no file handle. */
export function storageOf(source: Exclude<Source, FileHandle>, options: StorageOptions = {}): Storage {
  if (typeof source === "string" || source instanceof URL) {
    const path = sourcePath(source);
    return path === undefined ? new HttpStorage(String(source), options.http) : new NodeFileStorage(path);
  }
  if (source instanceof Uint8Array || isArrayBuffer(source)) return new MemoryStorage(source);
  if (typeof Blob !== "undefined" && source instanceof Blob) return new BlobStorage(source);
  const given = source as SyncAccessHandle | Storage;
  if (isStorage(given)) return given;
  if (isAccessHandle(given))
    return "write" in given ? new WritableOpfsFile(given as WritableAccessHandle) : new OpfsStorage(given);
  throw new UnsupportedError("cannot open a source of this kind", {
    found: Object.prototype.toString.call(source),
    allowed: "a path, a URL, bytes, a Blob or File, a file handle, a Storage",
  });
}

/** A scheme has two letters at least: `C:\data` is a path. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

/** The path of the file that a source names; `undefined` for URLs of other kinds, and for what is no name. */
export function sourcePath(source: Source): string | undefined {
  if (!(typeof source === "string" || source instanceof URL)) return undefined;
  const text = typeof source === "string" ? source : source.href;
  const scheme = SCHEME.exec(text)?.[1].toLowerCase() ?? (hasFiles() ? undefined : "http");
  switch (scheme) {
    case undefined:
      return text;
    case "file":
      return fileUrlToPath(new URL(text));
    case "http":
    case "https":
    case "blob":
    case "data":
      return undefined;
    default:
      // A file name may have a colon in it, where there are files.
      if (hasFiles() && typeof source === "string" && !text.startsWith(`${scheme}://`)) return text;
      throw new UnsupportedError("cannot open URLs of this scheme", { found: text, allowed: "http, https, file" });
  }
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isStorage = (value: unknown): value is Storage =>
  isObject(value) && "costs" in value && (isSync(value as Storage) || isAsync(value as Storage));
export const isFileHandle = (value: unknown): value is FileHandle => isObject(value) && "getFile" in value;
const isAccessHandle = (value: unknown): value is SyncAccessHandle =>
  isObject(value) && "getSize" in value && "read" in value;

/** Also those of another realm, as of a frame or of a test's sandbox. */
export const isArrayBuffer = (value: unknown): value is ArrayBuffer =>
  value instanceof ArrayBuffer || Object.prototype.toString.call(value) === "[object ArrayBuffer]";
