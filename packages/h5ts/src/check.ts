/** Checking of whole files: every structure, and that nothing stands in two places. */
import {
  type CheckOptions as Checking,
  type CheckReport,
  checkFile,
  closeStorage,
  openReader,
  runAsync,
  runSync,
  type Source,
  type Steps,
  type SyncSource,
} from "@h5ts/core";
import { defaultFilters } from "@h5ts/filters";
import { type OpenOptions, settingsOf } from "./options.ts";
import { openSource, openSourceSync, type Place } from "./place.ts";

/** What is checked, and how the file is found and read. */
export interface CheckOptions extends Checking, Omit<OpenOptions, "chunkCache" | "libver"> {}

/**
 * Walks every structure of a file, and proves that no two overlap and none is out of bounds, that checksums hold, that
 * B-trees are in order, and that every count is what is there. The file is only read.
 *
 * @throws FormatError where it cannot be opened at all, StorageError where the storage fails
 */
export async function check(source: Source, options: CheckOptions = {}): Promise<CheckReport> {
  const place = await openSource(source, options);
  return runAsync(checking(place, options), options.signal);
}

/** The same, without waiting. */
export function checkSync(source: SyncSource, options: CheckOptions = {}): CheckReport {
  return runSync(checking(openSourceSync(source, options), options));
}

function* checking({ storage, ...found }: Place, options: CheckOptions): Steps<CheckReport> {
  const { reader: settings } = settingsOf(options, options.filters ?? defaultFilters);
  try {
    const reader = yield* openReader(storage, { ...settings, ...found });
    try {
      return yield* checkFile(reader.file, options);
    } finally {
      yield* reader.close();
    }
  } finally {
    yield* closeStorage(storage);
  }
}
