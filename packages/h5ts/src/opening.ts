/** Opening of files, with the filters of either entry. */
import {
  closeStorage,
  type H5File,
  type OpenedSource,
  openModel,
  openReader,
  openSource,
  openSourceSync,
  type Reader,
  type Source,
  type Steps,
  type SyncSource,
} from "@h5ts/core";
import type { FilterRegistry } from "@h5ts/filters/reader";
import { checkMode, type OpenMode, type OpenOptions, type Settings, settingsOf } from "./options.ts";

export async function openWith(
  filters: FilterRegistry,
  source: Source,
  mode: OpenMode,
  options: OpenOptions,
): Promise<H5File<"async">> {
  checkMode(mode);
  const settings = settingsOf(options, filters);
  const opened = await openSource(source, settings.source);
  return openModel("async", reading(opened, settings), settings.session);
}

export function openSyncWith(
  filters: FilterRegistry,
  source: SyncSource,
  mode: OpenMode,
  options: OpenOptions,
): H5File<"sync"> {
  checkMode(mode);
  const settings = settingsOf(options, filters);
  const opened = openSourceSync(source, settings.source);
  return openModel("sync", reading(opened, settings), settings.session);
}

/** Opens the file in a storage; lets go of the storage if there is none. */
function* reading({ storage, ...found }: OpenedSource, { reader }: Settings): Steps<Reader> {
  try {
    return yield* openReader(storage, { ...reader, ...found });
  } catch (error) {
    yield* closeStorage(storage);
    throw error;
  }
}

/** Opens a file, hands it to `use`, and closes it, whatever happens. */
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
