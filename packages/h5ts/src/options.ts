/** The options of `open`, read once, here. */
import {
  type ChunkCacheOptions,
  ClosedError,
  DEFAULT_CHUNK_CACHE,
  DEFAULT_LIMITS,
  type FileReaderOptions,
  type HttpOptions,
  type Limits,
  type LinksOption,
  type SessionOptions,
  type SourceOptions,
} from "@h5ts/core";
import type { FilterRegistry } from "@h5ts/filters/reader";
import type { VirtualOptions } from "@h5ts/vds";
import type { WorkersOptions } from "./workers.ts";
import type { WriteOptions } from "./write-options.ts";

/**
 * How a file is opened, as in h5py: `"r"` for reading; `"r+"` for writing too; `"w"` made anew, whatever was there; `"w-"` or
 * `"x"` made, and an error where it exists; `"a"` for writing, made where there is none.
 */
export type OpenMode = "r" | "r+" | "w" | "w-" | "x" | "a";

/** Options of `open` of the package `h5ts`: how the file is found, read and written. */
export interface OpenOptions extends ReaderOptions, SourceOptions, WriteOptions, VirtualOptions {
  /**
   * Which other files this one may lead to, by external links, external raw files and virtual sources. Default `"local"`:
   * those in its own folder, by relative names.
   */
  readonly links?: LinksOption;
  /** Says that the source is one of several files, and of which of libhdf5's drivers. */
  readonly driver?: SourceOptions["driver"];
  /** How URLs are asked for. */
  readonly http?: HttpOptions;
  /**
   * Workers in which chunks are decoded and encoded, in async mode: once that has taken 150 ms on the calling thread, and where
   * a chunk takes long enough. They end when the file is closed. Default: as many as the machine has cores, in Node; none in
   * browsers, where `{}` asks for them, and `create` for those that a bundler made of `@h5ts/filters/worker`. `false`: none.
   * Deflate has Node's thread pool instead.
   */
  readonly workers?: WorkersOptions | false;
}

/** How a file is read, wherever it stands. */
export interface ReaderOptions {
  /** Bounds on what the file may ask for; those not given keep their defaults, far above what ordinary files need. */
  readonly limits?: Partial<Limits>;
  /** Decoded chunks kept between reads. Default 8 MiB, as h5py has it. */
  readonly chunkCache?: Partial<ChunkCacheOptions>;
  /** Bytes of a page of the metadata cache. Default: what suits the storage. */
  readonly cachePageSize?: number;
  /** The filters by which chunks are decoded. Default: those of the entry that was imported. */
  readonly filters?: FilterRegistry;
  /** Stops the opening, and later every call on the file, in async mode. */
  readonly signal?: AbortSignal;
}

/** The options in the terms of those who take them. */
export interface Settings {
  readonly reader: Omit<FileReaderOptions, "links">;
  readonly session: SessionOptions;
}

export function settingsOf(
  options: ReaderOptions & Pick<WriteOptions, "libver">,
  defaultFilters: FilterRegistry,
  release?: () => void,
): Settings {
  const { filters = defaultFilters, chunkCache, libver = "earliest", signal } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  return {
    reader: {
      filters,
      limits,
      chunkCache: chunkCache && { ...DEFAULT_CHUNK_CACHE, ...chunkCache },
      pages: { pageSize: options.cachePageSize },
    },
    session: {
      libver: typeof libver === "string" ? [libver, "v200"] : libver,
      limits,
      filterName: (id) => filters.get(id)?.name,
      signal,
      release,
    },
  };
}

/** ClosedError for modes other than "r", of an entry that cannot write. */
export function checkMode(mode: OpenMode): void {
  if (mode === "r") return;
  throw new ClosedError("h5ts/reader opens files for reading alone: `open` of h5ts writes", {
    found: mode,
    allowed: '"r"',
  });
}
