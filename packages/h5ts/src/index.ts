/**
 * HDF5 for TypeScript, batteries included: files in Node and in browsers, without libhdf5.
 *
 * ```ts
 * import { openSync, slice } from "h5ts";
 *
 * const file = openSync("experiment.h5");
 * const images = file.dataset("raw/images", "f4");
 * const { data, shape } = images.read([slice(0, 10)]); // Float32Array
 * file.close();
 * ```
 */
import type { H5File, Source, SyncSource } from "@h5ts/core";
import { defaultFilters, type FilterRegistry, loadFilters as loadInto } from "@h5ts/filters";
import { openSyncWith, openWith, withOpened } from "./opening.ts";
import type { OpenMode, OpenOptions } from "./options.ts";

export { createRegistry, emptyRegistry, type Filter, withFilter } from "@h5ts/filters";
export { isHdf5, isHdf5Sync } from "./is-hdf5.ts";
export type { OpenMode, OpenOptions } from "./options.ts";
export * from "./public.ts";
export { defaultFilters, type FilterRegistry };

/**
 * Opens a file: a path or `file:` URL (Node), a URL, bytes, a `Blob` or `File`, a file handle, or a storage. Methods of it
 * and its objects return promises.
 *
 * @param mode as in h5py; `"r"`, the default: for reading
 */
export function open(source: Source, mode: OpenMode = "r", options: OpenOptions = {}): Promise<H5File<"async">> {
  return openWith(defaultFilters, source, mode, options);
}

/**
 * Opens a file without waiting: a path or `file:` URL (Node), bytes, an OPFS access handle, or a storage that can. Methods
 * of it and its objects return values.
 *
 * @param mode as in h5py; `"r"`, the default: for reading
 */
export function openSync(source: SyncSource, mode: OpenMode = "r", options: OpenOptions = {}): H5File<"sync"> {
  return openSyncWith(defaultFilters, source, mode, options);
}

/**
 * Opens a file, hands it to `use`, and closes it, whatever happens.
 *
 * ```ts
 * const names = await withFile("experiment.h5", "r", (file) => file.keys());
 * ```
 */
export function withFile<R>(
  source: Source,
  mode: OpenMode,
  use: (file: H5File<"async">) => R | Promise<R>,
  options: OpenOptions = {},
): Promise<R> {
  return withOpened(openWith(defaultFilters, source, mode, options), use);
}

/**
 * Loads codecs, all of the default filters or those named, so that sync mode finds them: needed in browsers, where `openSync` cannot
 * load one when a chunk asks for it. A `RangeError` names a filter that there is none of.
 */
export function loadFilters(
  names?: Iterable<string | number>,
  registry: FilterRegistry = defaultFilters,
): Promise<void> {
  return loadInto(registry, names);
}
