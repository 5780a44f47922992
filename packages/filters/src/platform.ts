/** What is asked of the platform: Node's zlib, and loading a module synchronously. The only place that does. */

/** The part of `node:zlib` that filters use. */
export interface NodeZlib {
  inflateSync(input: Uint8Array, options: ZlibOptions): Uint8Array;
  deflateSync(input: Uint8Array, options: ZlibOptions): Uint8Array;
  inflate(input: Uint8Array, options: ZlibOptions, done: ZlibCallback): void;
  deflate(input: Uint8Array, options: ZlibOptions, done: ZlibCallback): void;
  /** Node >= 22.15. */
  zstdDecompressSync?(input: Uint8Array, options: ZlibOptions): Uint8Array;
  zstdDecompress?(input: Uint8Array, options: ZlibOptions, done: ZlibCallback): void;
  zstdCompressSync?(input: Uint8Array, options: ZlibOptions): Uint8Array;
  zstdCompress?(input: Uint8Array, options: ZlibOptions, done: ZlibCallback): void;
  readonly constants: Readonly<Record<string, number>>;
}

/** Options of one call; sizes in bytes. */
export interface ZlibOptions {
  /** Size of an output buffer: one more than the output, so that one buffer takes it all. */
  chunkSize?: number;
  /** More output than this is an error. */
  maxOutputLength?: number;
  level?: number;
  params?: Readonly<Record<number, number>>;
}

type ZlibCallback = (error: Error | null, result: Uint8Array) => void;

interface NodeModule {
  createRequire(from: string): (id: string) => unknown;
}

interface NodeProcess {
  getBuiltinModule?(name: "node:zlib"): NodeZlib | undefined;
  getBuiltinModule?(name: "node:module"): NodeModule | undefined;
}

function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process;
}

let zlib: NodeZlib | undefined | null = null;

/** `node:zlib` where there is one. */
export function nodeZlib(): NodeZlib | undefined {
  if (zlib === null) zlib = nodeProcess()?.getBuiltinModule?.("node:zlib");
  return zlib;
}

/**
 * Loads a module of this package synchronously in Node, which can `require` an ES module; `undefined` elsewhere, and
 * where the file is not there (bundled).
 *
 * @param from `import.meta.url` of the caller
 * @param path relative to it, without extension
 */
export function requireModule(from: string, path: string): unknown {
  const createRequire = nodeProcess()?.getBuiltinModule?.("node:module")?.createRequire;
  if (!createRequire || !from.startsWith("file:")) return undefined;
  try {
    return createRequire(from)(`${path}${from.slice(from.lastIndexOf("."))}`);
  } catch {
    return undefined;
  }
}
