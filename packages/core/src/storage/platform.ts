/**
 * What the platform has: the only file of this package that looks for Node. Everything is asked for when it is used,
 * so that bundles for browsers stay clean.
 */
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
