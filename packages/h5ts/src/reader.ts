/**
 * The small entry `h5ts/reader`: reads HDF5 with the filters that nearly all files use, linked statically: deflate (gzip),
 * shuffle, fletcher32. Further ones are handed to `open`: `{ filters: withFilter(readerFilters, mine) }`.
 *
 * ```ts
 * import { open } from "h5ts/reader";
 *
 * const file = await open(blob);
 * const { data, shape } = await (await file.dataset("raw/images")).read();
 * await file.close();
 * ```
 */
import type { H5File, Source, SyncSource } from "@h5ts/core";
import { readerFilters } from "@h5ts/filters/reader";
import { openSyncWith, openWith, withOpened } from "./opening.ts";
import type { OpenMode, OpenOptions } from "./options.ts";

export { createRegistry, emptyRegistry, type Filter, type FilterRegistry, withFilter } from "@h5ts/filters/reader";
export { isHdf5, isHdf5Sync } from "./is-hdf5.ts";
export type { OpenMode, OpenOptions } from "./options.ts";
export * from "./public.ts";
export { readerFilters };

/** Opens a file for reading; see `open` of the package `h5ts`. */
export function open(source: Source, mode: OpenMode = "r", options: OpenOptions = {}): Promise<H5File<"async">> {
  return openWith(readerFilters, source, mode, options);
}

/** Opens a file for reading without waiting; see `openSync` of the package `h5ts`. */
export function openSync(source: SyncSource, mode: OpenMode = "r", options: OpenOptions = {}): H5File<"sync"> {
  return openSyncWith(readerFilters, source, mode, options);
}

/** Opens a file, hands it to `use`, and closes it, whatever happens. */
export function withFile<R>(
  source: Source,
  mode: OpenMode,
  use: (file: H5File<"async">) => R | Promise<R>,
  options: OpenOptions = {},
): Promise<R> {
  return withOpened(openWith(readerFilters, source, mode, options), use);
}
