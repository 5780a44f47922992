/**
 * The sans-I/O machinery: engine code is written once, as generators that yield requests and are resumed with answers.
 *
 * Only `runSync` and `runAsync` touch a storage. A `Steps` value does nothing by itself: it must meet `yield*`, `all` or
 * a driver (`npm run lint` checks it).
 *
 * Storage failures arrive as outcomes or are thrown into the generator, so that engine code can add what it was
 * reading.
 */
import type { Extent, Outcome, Patch, Storage, WritableStorage } from "./storage.ts";

/** Reads extents of one storage; answered with an {@link Outcome} each. */
export interface ReadRequest {
  readonly kind: "read";
  readonly storage: Storage;
  readonly extents: readonly Extent[];
}

/** Asks for the size of a storage in bytes; answered with a number. */
export interface SizeRequest {
  readonly kind: "size";
  readonly storage: Storage;
}

/**
 * Reads, decodes and places many chunks, in a bounded window; answered with nothing. Chunks have no generator each:
 * a million of them would cost seconds and hundreds of megabytes.
 *
 * Chunks are given in ascending order of their address; `place` is called in any order, once a chunk.
 */
export interface ChunksRequest {
  readonly kind: "chunks";
  readonly storage: Storage;
  /** Position in the storage of each chunk's stored bytes. */
  readonly at: Float64Array;
  /** Stored bytes of each chunk. */
  readonly lengths: Float64Array;
  /**
   * Undoes the filters of chunk `i`. The answer may be a view of `stored`, which is valid only until `place` returns.
   * `undefined`: only {@link decodeAsync} can do it off this thread at a profit.
   */
  readonly decode: (i: number, stored: Uint8Array) => Uint8Array;
  /** The same off the calling thread, where that pays. */
  readonly decodeAsync?: (i: number, stored: Uint8Array, signal?: AbortSignal) => Promise<Uint8Array> | Uint8Array;
  /** Consumes the decoded bytes of chunk `i`. */
  readonly place: (i: number, decoded: Uint8Array) => void;
  /**
   * Where the stored bytes of chunk `i` may go directly, as many as it has, when they need no decoding and no
   * scattering. May be asked more than once; a chunk that is read there is neither decoded nor placed.
   */
  readonly into?: (i: number) => Uint8Array | undefined;
  /** Turns a storage's failure, or a short read, of chunk `i` into the error to throw. */
  readonly failed: (i: number, outcome: Outcome) => Error;
  /** Decoded bytes of one chunk: with it the driver keeps its window. */
  readonly decodedSize: number;
}

/** Writes patches, then sets the size, then waits until all of it survives a power cut; answered with nothing. */
export interface WriteRequest {
  readonly kind: "write";
  readonly storage: WritableStorage;
  readonly patches: readonly Patch[];
  readonly size?: number;
  readonly sync?: boolean;
}

/** Does something outside: loads a codec, opens another file. Answered with what it returns or resolves to. */
export interface PerformRequest {
  readonly kind: "perform";
  /** In sync mode; throws where that cannot be had without waiting. */
  readonly sync: () => unknown;
  /** In async mode. */
  readonly async: (signal?: AbortSignal) => unknown;
}

/** Several requests at once; answered with an array of the answers, in which a failure is an `Error` in its place. */
export interface BatchRequest {
  readonly kind: "batch";
  readonly requests: readonly Exclude<Request, BatchRequest>[];
}

export type Request = ReadRequest | SizeRequest | ChunksRequest | WriteRequest | PerformRequest | BatchRequest;

/** Untyped on purpose: the helpers below give each request its answer's type. */
export type Answer = unknown;

/** Work that may ask for bytes. `yield*` it for its value. */
export type Steps<T> = Generator<Request, T, Answer>;

/** Reads extents; an outcome each. */
export function* read(storage: Storage, extents: readonly Extent[]): Steps<Outcome[]> {
  return (yield { kind: "read", storage, extents }) as Outcome[];
}

/** Size of the storage in bytes. */
export function* size(storage: Storage): Steps<number> {
  return (yield { kind: "size", storage }) as number;
}

/** Reads, decodes and places chunks. */
export function* chunks(request: Omit<ChunksRequest, "kind">): Steps<void> {
  yield { kind: "chunks", ...request };
}

/** Does something outside, in the manner of the mode. */
export function* perform<T>(sync: () => T, async: (signal?: AbortSignal) => Promise<T> | T): Steps<T> {
  return (yield { kind: "perform", sync, async }) as T;
}

/** Writes patches; then sets the size and makes all durable, where that is asked for. */
export function* write(
  storage: WritableStorage,
  patches: readonly Patch[],
  then: Pick<WriteRequest, "size" | "sync"> = {},
): Steps<void> {
  yield { kind: "write", storage, patches, ...then };
}
