/** Decoded chunks kept between reads of a file, by recent use within a budget of bytes (option `chunkCache`, as h5py's rdcc knobs). */
import type { Address } from "../bytes/address.ts";

export interface ChunkCacheOptions {
  /** Budget in bytes a dataset. Default 1 MiB below HDF5 2.0, 8 MiB from it on; h5ts: 8 MiB. 0 switches the cache off. */
  readonly bytes: number;
  /** Accepted for h5py's sake (hash slots); the cache needs none. */
  readonly slots?: number;
  /** Preference for evicting chunks that were read whole, 0 to 1. Default 0.75, as h5py. */
  readonly w0?: number;
}

/** Keyed by the dataset's address and the chunk's number in row-major order. */
export interface ChunkCache {
  get(dataset: Address, chunk: number): Uint8Array | undefined;
  /** Keeps `bytes` (not copied) if they fit. */
  set(dataset: Address, chunk: number, bytes: Uint8Array): void;
  /** Forgets the chunks of one dataset, or all. */
  clear(dataset?: Address): void;
  readonly hits: number;
  readonly misses: number;
}
