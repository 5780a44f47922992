/** Recovering of files that their writers left behind. */
import {
  closeStorage,
  finishCommit,
  type OpenedToWrite,
  openSourceToWrite,
  openSourceToWriteSync,
  type Recovered,
  type RecoverOptions as Recovering,
  recoverFile,
  runAsync,
  runSync,
  type Source,
  type Steps,
  type SyncSource,
} from "@h5ts/core";
import { defaultFilters } from "@h5ts/filters";
import { type OpenOptions, settingsOf } from "./options.ts";

/** What may be done, and how the file is found and read. */
export interface RecoverOptions
  extends Pick<Recovering, "dryRun" | "force" | "data" | "progress">,
    Omit<OpenOptions, "chunkCache" | "libver"> {}

/**
 * Makes a file usable that its writer left behind: finishes a commit of ours, clears flags that say that the file is being written,
 * sets its end behind all that is in use. Never cuts anything off, and changes nothing where a check finds a fault, unless
 * `force` is given. No other program may have the file open.
 *
 * @throws FormatError where there is no file, or its journal is missing; UnsupportedError for files in several parts
 */
export async function recover(source: Source, options: RecoverOptions = {}): Promise<Recovered> {
  return runAsync(recovering(await openSourceToWrite(source, "r+", options), options), options.signal);
}

/** The same, without waiting. */
export function recoverSync(source: SyncSource, options: RecoverOptions = {}): Recovered {
  return runSync(recovering(openSourceToWriteSync(source, "r+", options), options));
}

function* recovering({ storage, links, members }: OpenedToWrite, options: RecoverOptions): Steps<Recovered> {
  const { reader } = settingsOf(options, options.filters ?? defaultFilters);
  const { dryRun, force, data, progress } = options;
  try {
    return yield* recoverFile(storage, {
      ...reader,
      links,
      members,
      finish: finishCommit,
      dryRun,
      force,
      data,
      progress,
    });
  } finally {
    yield* closeStorage(storage);
  }
}
