/** Opening of files, from the place where they stand. */
import {
  closeStorage,
  type H5File,
  openModel,
  openReader,
  type Reader,
  type Steps,
  type SyncStorage,
} from "@h5ts/core";
import type { FilterRegistry } from "@h5ts/filters/reader";
import { checkMode, type OpenMode, type ReaderOptions, type Settings, settingsOf } from "./options.ts";
import type { Place } from "./place.ts";

/** @param release lets go of what works for the file alone, when it is closed */
export function openPlace(
  place: Place,
  mode: OpenMode,
  options: ReaderOptions,
  filters: FilterRegistry,
  release?: () => void,
): Promise<H5File<"async">> {
  checkMode(mode);
  const settings = settingsOf(options, filters, release);
  return openModel("async", reading(place, settings), settings.session);
}

export function openPlaceSync(
  place: Place<SyncStorage>,
  mode: OpenMode,
  options: ReaderOptions,
  filters: FilterRegistry,
): H5File<"sync"> {
  checkMode(mode);
  const settings = settingsOf(options, filters);
  return openModel("sync", reading(place, settings), settings.session);
}

/** Opens the file in a storage; lets go of the storage if there is none. */
function* reading({ storage, ...found }: Place, { reader }: Settings): Steps<Reader> {
  try {
    return yield* openReader(storage, { ...reader, ...found });
  } catch (error) {
    yield* closeStorage(storage);
    throw error;
  }
}

/** Hands a file to `use`, and closes it, whatever happens. */
export async function withOpened<R>(
  file: Promise<H5File<"async">>,
  use: (file: H5File<"async">) => R | Promise<R>,
): Promise<R> {
  const opened = await file;
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}
