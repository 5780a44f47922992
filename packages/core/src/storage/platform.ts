/**
 * What the platform has: the only file of this package that looks for Node. Everything is asked for when it is used,
 * so that bundles for browsers stay clean.
 */
import type { PrepareMemory } from "../bytes/large-memory.ts";
import type { NativeSwap } from "../bytes/swap.ts";
import { UnsupportedError } from "../errors.ts";

/** The part of `node:fs` that the storages use, described here so that the types need no Node. */
export interface FileSystem {
  openSync(path: string, flags: number, mode?: number): number;
  closeSync(fd: number): void;
  fstatSync(fd: number): FileStatus;
  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  read(
    fd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesRead: number) => void,
  ): void;
  writeSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  write(
    fd: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytesWritten: number) => void,
  ): void;
  ftruncateSync(fd: number, size: number): void;
  ftruncate(fd: number, size: number, done: (error: Error | null) => void): void;
  fsyncSync(fd: number): void;
  fsync(fd: number, done: (error: Error | null) => void): void;
  unlinkSync(path: string): void;
  linkSync(path: string, newPath: string): void;
  renameSync(path: string, newPath: string): void;
  utimesSync(path: string, accessed: number, modified: number): void;
  statSync(path: string): FileStatus;
  readFileSync(path: string, encoding: "utf8"): string;
  writeFileSync(path: string, text: string, options: { readonly flag: string }): void;
  readonly realpathSync: { native(path: string): string };
  readonly constants: OpenFlags;
}

/** Those that not every system has are optional. */
export interface OpenFlags {
  readonly O_RDONLY: number;
  readonly O_RDWR: number;
  readonly O_CREAT: number;
  readonly O_EXCL: number;
  readonly O_TRUNC: number;
  readonly O_NONBLOCK?: number;
  readonly O_DIRECTORY?: number;
}

export interface FileStatus {
  readonly size: number;
  readonly dev: number;
  readonly ino: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** The part of `node:path` that the storages use. */
export interface Paths {
  readonly sep: string;
  dirname(path: string): string;
  basename(path: string): string;
  join(...parts: string[]): string;
  resolve(...parts: string[]): string;
  isAbsolute(path: string): boolean;
  relative(from: string, to: string): string;
}

interface BuiltinModules {
  "node:module": { createRequire(from: string): (name: string) => unknown };
  "node:os": { hostname(): string };
  "node:fs": FileSystem;
  "node:path": Paths;
  "node:buffer": { Buffer: { from(buffer: ArrayBufferLike, byteOffset: number, length: number): Swappable } };
  "node:url": { fileURLToPath(url: URL): string };
}

/** Bytes that Node turns around in place. */
interface Swappable {
  swap16(): void;
  swap32(): void;
  swap64(): void;
}

interface NodeProcess {
  readonly pid: number;
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  kill(pid: number, signal: 0): void;
  getBuiltinModule?<N extends keyof BuiltinModules>(name: N): BuiltinModules[N] | undefined;
}

const nodeProcess = (): NodeProcess | undefined => (globalThis as { process?: NodeProcess }).process;

/** Whether files can be opened by path here: in Node, Deno and Bun. */
export const hasFiles = (): boolean => nodeProcess()?.getBuiltinModule?.("node:fs") !== undefined;

function builtin<N extends keyof BuiltinModules>(name: N): BuiltinModules[N] {
  const found = nodeProcess()?.getBuiltinModule?.(name);
  if (found === undefined) {
    throw new UnsupportedError("cannot open files by path on this platform", {
      found: name,
      allowed: "a URL, a Blob or File, bytes, or an OPFS handle",
    });
  }
  return found;
}

export const fileSystem = (): FileSystem => builtin("node:fs");
export const paths = (): Paths => builtin("node:path");
export const fileUrlToPath = (url: URL): string => builtin("node:url").fileURLToPath(url);

/** Node's way to turn around the bytes of elements; it is there wherever {@link fileSystem} is. */
export function nativeSwap(): NativeSwap {
  const { Buffer } = builtin("node:buffer");
  return ({ buffer, byteOffset, length }, width) => {
    const bytes = Buffer.from(buffer, byteOffset, length);
    if (width === 8) bytes.swap64();
    else if (width === 4) bytes.swap32();
    else bytes.swap16();
  };
}

/** What relative URLs are relative to: a page's own address, in browsers. */
export const baseUrl = (): string | undefined => (globalThis as { location?: { href?: string } }).location?.href;

/** A variable of the environment; `undefined` in browsers. */
export const environment = (name: string): string | undefined => nodeProcess()?.env[name];

/** This process, and whether there is another of some number: `undefined` in browsers. */
export interface Processes {
  readonly pid: number;
  readonly host: string;
  /** Throws where there is none, with the code `ESRCH`. */
  check(pid: number): void;
}

export function processes(): Processes {
  const own = nodeProcess() as NodeProcess;
  return { pid: own.pid, host: builtin("node:os").hostname(), check: (pid) => own.kill(pid, 0) };
}

/** The part of the package `koffi` that is used. */
interface Koffi {
  load(library: null): { func(declaration: string): (...values: number[]) => number };
  address(buffer: ArrayBuffer): bigint;
  errno(): number;
  readonly os: { readonly errno: Readonly<Record<string, number>> };
}

/** Calls `flock(2)`: the name of the error where it fails. */
export type Flock = (fd: number, operation: number) => string | undefined;

let knownFlock: { readonly flock: Flock | undefined } | undefined;

/** `flock(2)` through the optional package `koffi`; `undefined` where that is not installed, or the system has no such call. */
export function nativeFlock(): Flock | undefined {
  knownFlock ??= { flock: findFlock() };
  return knownFlock.flock;
}

const koffiIfThere = (): Koffi => builtin("node:module").createRequire(import.meta.url)("koffi") as Koffi;

function findFlock(): Flock | undefined {
  try {
    const koffi = koffiIfThere();
    const call = koffi.load(null).func("int flock(int fd, int operation)");
    return (fd, operation) => {
      if (call(fd, operation) === 0) return undefined;
      const number = koffi.errno();
      const found = Object.entries(koffi.os.errno).find(([, value]) => value === number);
      return found?.[0] ?? String(number);
    };
  } catch {
    return undefined;
  }
}

/** Bytes that are asked for before it is worth it to load `koffi`, which takes 10 ms. */
const WORTH_KOFFI = 64 << 20;
/** A multiple of the pages of all systems. */
const ALIGNED = 1 << 16;
const MADV_HUGEPAGE = 14;

let asked = 0;
let knownAdvice: { readonly madvise: PrepareMemory | undefined } | undefined;

/**
 * Asks Linux, through the optional package `koffi`, to give this memory out by pages of 2 MiB, as NumPy asks for its arrays: where there
 * are such, it is touched first at less cost. It is no more than a wish: what comes of it is not looked at.
 */
export function adviseHugePages(buffer: ArrayBuffer): void {
  asked += buffer.byteLength;
  if (asked < WORTH_KOFFI || nodeProcess()?.platform !== "linux") return;
  knownAdvice ??= { madvise: findMadvise() };
  knownAdvice.madvise?.(buffer);
}

function findMadvise(): PrepareMemory | undefined {
  try {
    const koffi = koffiIfThere();
    const call = koffi.load(null).func("int madvise(size_t address, size_t length, int advice)");
    return (buffer) => {
      const start = Number(koffi.address(buffer));
      const from = Math.ceil(start / ALIGNED) * ALIGNED;
      const to = Math.floor((start + buffer.byteLength) / ALIGNED) * ALIGNED;
      call(from, to - from, MADV_HUGEPAGE);
    };
  } catch {
    return undefined;
  }
}

/** The part of `FileSystemDirectoryHandle` that is used. */
export interface DirectoryHandle {
  getDirectoryHandle(name: string): Promise<DirectoryHandle>;
  getFileHandle(name: string, options?: { create?: boolean }): Promise<unknown>;
  removeEntry(name: string): Promise<void>;
  /** Names from this folder to an entry below it; `null`: it is elsewhere. */
  resolve(entry: object): Promise<string[] | null>;
}

/** The part of `LockManager` that is used. */
export interface WebLocks {
  request(
    name: string,
    options: { mode: "exclusive"; ifAvailable: true },
    use: (lock: object | null) => Promise<void> | void,
  ): Promise<void>;
}

interface BrowserNavigator {
  readonly storage?: { getDirectory?(): Promise<DirectoryHandle> };
  readonly locks?: WebLocks;
}

const browserNavigator = (): BrowserNavigator | undefined => (globalThis as { navigator?: BrowserNavigator }).navigator;

/** The top folder of the origin private file system; `undefined` where there is none. */
export const privateFolder = async (): Promise<DirectoryHandle | undefined> =>
  browserNavigator()?.storage?.getDirectory?.();

/** Locks between the pages and workers of an origin; `undefined` where there are none. */
export const webLocks = (): WebLocks | undefined => browserNavigator()?.locks;
