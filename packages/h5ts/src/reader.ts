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
 *
 * Bundles keep only what is imported: paths, URLs, links to other files, files in several parts and commits that were cut
 * short are `openSource`'s: `await open(await openSource("https://example.org/experiment.h5"))`.
 */
import type { H5File } from "@h5ts/core";
import { readerFilters } from "@h5ts/filters/reader";
import { type Given, type GivenSync, placeOf } from "./given.ts";
import { isHdf5Place, isHdf5PlaceSync } from "./is-hdf5.ts";
import { openPlace, openPlaceSync, withOpened } from "./opening.ts";
import type { OpenMode, ReaderOptions } from "./options.ts";

export { createRegistry, emptyRegistry, type Filter, type FilterRegistry, withFilter } from "@h5ts/filters/reader";
export type { Given, GivenSync } from "./given.ts";
export type { OpenMode, ReaderOptions } from "./options.ts";
export { openSource, openSourceSync, type Place } from "./place.ts";
export * from "./public.ts";
export { readerFilters };

/**
 * Opens a file for reading: bytes, a `Blob` or `File`, a storage such as `new HttpStorage(url)`, or what `openSource` found.
 * Methods of it and its objects return promises.
 */
export async function open(given: Given, mode: OpenMode = "r", options: ReaderOptions = {}): Promise<H5File<"async">> {
  return openPlace(placeOf(given), mode, options, readerFilters);
}

/**
 * Opens a file for reading without waiting: bytes, a storage that can, or what `openSourceSync` found. Methods of it and its
 * objects return values.
 */
export function openSync(given: GivenSync, mode: OpenMode = "r", options: ReaderOptions = {}): H5File<"sync"> {
  return openPlaceSync(placeOf(given), mode, options, readerFilters);
}

/** Opens a file, hands it to `use`, and closes it, whatever happens. */
export function withFile<R>(
  given: Given,
  mode: OpenMode,
  use: (file: H5File<"async">) => R | Promise<R>,
  options: ReaderOptions = {},
): Promise<R> {
  return withOpened(open(given, mode, options), use);
}

/** Whether this is an HDF5 file: has the signature of one, at its beginning or behind a user block. */
export function isHdf5(given: Given, options: Pick<ReaderOptions, "signal"> = {}): Promise<boolean> {
  return isHdf5Place(() => placeOf(given), options.signal);
}

/** The same, without waiting. */
export function isHdf5Sync(given: GivenSync): boolean {
  return isHdf5PlaceSync(() => placeOf(given));
}
