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
import { virtualReader } from "@h5ts/vds";
import { isHdf5Place, isHdf5PlaceSync } from "./is-hdf5.ts";
import { keepMachineCode } from "./kept-file.ts";
import { openPlace, openPlaceSync, withOpened } from "./opening.ts";
import type { OpenMode, OpenOptions } from "./options.ts";
import { openSource, openSourceSync } from "./place.ts";
import { pooledFilters } from "./workers.ts";
import { openToWrite, openToWriteSync } from "./writing.ts";

export type { CheckCounts, CheckReport, FileExtent, FreeExtent, Recovered } from "@h5ts/core";
/** Tables as adapters take them: a column of a result (`columnOf`), the columns of a compound (`columnsOf`). */
export { type Column, type Columns, columnOf, columnsOf, type Logical, openOpfsFile } from "@h5ts/core";
export { createRegistry, emptyRegistry, type Filter, withFilter } from "@h5ts/filters";
export {
  type LayoutOptions,
  VirtualLayout,
  type VirtualOptions,
  VirtualSource,
  type VirtualSourceOptions,
} from "@h5ts/vds";
export { type CheckOptions, check, checkSync } from "./check.ts";
export type { OpenMode, OpenOptions } from "./options.ts";
export * from "./public.ts";
export { type RecoverOptions, recover, recoverSync } from "./recover.ts";
export type { WorkersOptions } from "./workers.ts";
export { openWritable } from "./writable.ts";
export type { WriteOptions } from "./write-options.ts";
export { defaultFilters, type FilterRegistry };

/**
 * Opens a file: a path or `file:` URL (Node), a URL, bytes, a `Blob` or `File`, a file handle, or a storage. Methods of it
 * and its objects return promises.
 *
 * @param mode as in h5py; `"r"`, the default: for reading
 */
export async function open(source: Source, mode: OpenMode = "r", options: OpenOptions = {}): Promise<H5File<"async">> {
  keepMachineCode();
  const { filters, release } = pooledFilters(options.filters ?? defaultFilters, options.workers);
  const given = { ...options, filters };
  if (mode !== "r") return openToWrite(source, mode, given, filters, release);
  const place = { ...(await openSource(source, options)), virtual: virtualReader(options) };
  return openPlace(place, mode, given, filters, release);
}

/**
 * Opens a file without waiting: a path or `file:` URL (Node), bytes, an OPFS access handle, or a storage that can. Methods
 * of it and its objects return values.
 *
 * @param mode as in h5py; `"r"`, the default: for reading
 */
export function openSync(source: SyncSource, mode: OpenMode = "r", options: OpenOptions = {}): H5File<"sync"> {
  keepMachineCode();
  if (mode !== "r") return openToWriteSync(source, mode, options, defaultFilters);
  const place = { ...openSourceSync(source, options), virtual: virtualReader(options) };
  return openPlaceSync(place, mode, options, defaultFilters);
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
  return withOpened(open(source, mode, options), use);
}

/**
 * Whether a source is an HDF5 file: has the signature of one, at its beginning or behind a user block. `false` where
 * there is no file, as in h5py.
 */
export function isHdf5(source: Source, options: Pick<OpenOptions, "http" | "signal"> = {}): Promise<boolean> {
  return isHdf5Place(() => openSource(source, { ...options, locking: false }), options.signal);
}

/** The same, without waiting. */
export function isHdf5Sync(source: SyncSource): boolean {
  return isHdf5PlaceSync(() => openSourceSync(source, { locking: false }));
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
