/** What is asked of the platform: Node's zlib, loading a module synchronously, workers. The only place that does. */

/** The part of `node:zlib` that filters use. */
export interface NodeZlib {
  inflateSync(input: Uint8Array, options: ZlibOptions): Uint8Array;
  deflateSync(input: Uint8Array, options: ZlibOptions): Uint8Array;
  createInflate(): object;
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

interface NodePort {
  on(event: "message" | "error", listener: (value: never) => void): unknown;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
}

interface NodeWorker extends NodePort {
  terminate(): unknown;
  ref(): void;
  unref(): void;
}

interface NodeWorkers {
  readonly parentPort: NodePort | null;
  readonly Worker: new (url: URL, options: { readonly execArgv: readonly string[] }) => NodeWorker;
}

interface NodeProcess {
  getBuiltinModule?(name: "node:zlib"): NodeZlib | undefined;
  getBuiltinModule?(name: "node:module"): NodeModule | undefined;
  getBuiltinModule?(name: "node:worker_threads"): NodeWorkers | undefined;
  getBuiltinModule?(name: "node:os"): { availableParallelism(): number } | undefined;
}

function nodeProcess(): NodeProcess | undefined {
  return (globalThis as { process?: NodeProcess }).process;
}

/** The bytes of a Node `Buffer`, whose methods differ, as what this package promises. */
export function plainBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
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

/** A worker as the pool sees it. */
export interface PoolWorker {
  send(message: unknown, transfer: ArrayBuffer[]): void;
  listen(message: (value: unknown) => void, error: (error: Error) => void): void;
  /** Whether the worker keeps the program running: while it has a task. */
  hold(on: boolean): void;
  terminate(): void;
}

/** The cores of the machine, as far as they are told. */
export function parallelism(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? nodeProcess()?.getBuiltinModule?.("node:os")?.availableParallelism() ?? 2;
}

/** Whether this package's `worker.js` is there for sure: in Node, run from a build. A bundler for browsers may have left it out. */
export function findsWorkers(): boolean {
  const url: string | undefined = import.meta.url;
  return url?.startsWith("file:") && !url.endsWith(".ts") && nodeProcess()?.getBuiltinModule !== undefined;
}

/** A worker that runs this package's `worker.js`; an error where there is no build of it. */
export function startWorker(): PoolWorker {
  if (import.meta.url.endsWith(".ts")) throw new Error("workers run from a build");
  const workers = nodeProcess()?.getBuiltinModule?.("node:worker_threads");
  // Loaders that the program was started with would make the start several times as long.
  const options = { execArgv: [] };
  if (workers) return adaptWorker(new workers.Worker(new URL("./workers/worker.js", import.meta.url), options));
  return adaptWorker(new Worker(new URL("./workers/worker.js", import.meta.url), { type: "module" }));
}

/** A worker of the browser or of Node as the pool sees it. */
export function adaptWorker(worker: unknown): PoolWorker {
  if (typeof worker === "object" && worker !== null && "on" in worker) return adaptNodeWorker(worker as NodeWorker);
  const web = worker as Worker;
  return {
    send: (message, transfer) => web.postMessage(message, transfer),
    listen: (message, error) => {
      web.addEventListener("message", (event) => message(event.data));
      web.addEventListener("error", (event) => error(new Error(event.message)));
    },
    hold: () => {},
    terminate: () => web.terminate(),
  };
}

function adaptNodeWorker(worker: NodeWorker): PoolWorker {
  worker.unref();
  return {
    send: (message, transfer) => worker.postMessage(message, transfer),
    listen: (message, error) => {
      worker.on("message", message as (value: never) => void);
      worker.on("error", error as (value: never) => void);
    },
    hold: (on) => (on ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

/** The way from a worker to who started it. */
export interface WorkerPort {
  listen(message: (value: unknown) => void): void;
  send(message: unknown, transfer: ArrayBuffer[]): void;
}

/** The port of the worker that runs this; `undefined` on a program's own thread. */
export function workerPort(): WorkerPort | undefined {
  const parent = nodeProcess()?.getBuiltinModule?.("node:worker_threads")?.parentPort;
  if (parent) {
    return {
      listen: (message) => void parent.on("message", message as (value: never) => void),
      send: (message, transfer) => parent.postMessage(message, transfer),
    };
  }
  const scope = globalThis as { WorkerGlobalScope?: unknown; postMessage?: Worker["postMessage"] };
  if (!scope.WorkerGlobalScope) return undefined;
  return {
    listen: (message) => globalThis.addEventListener("message", (event) => message((event as MessageEvent).data)),
    send: (message, transfer) =>
      (scope.postMessage as (message: unknown, transfer: ArrayBuffer[]) => void)(message, transfer),
  };
}
