/** Where a file stands, found from a path, a URL or whatever else can be opened. */
import {
  type FileReaderOptions,
  finishCommit,
  type OpenedSource,
  openSource as openSourceOf,
  openSourceSync as openSourceSyncOf,
  type Source,
  type SourceOptions,
  type Storage,
  type SyncSource,
  type SyncStorage,
} from "@h5ts/core";

/**
 * Where a file stands: its storage, and what can be found from there: other files that it names, its other parts, the
 * journal of a commit that was cut short; and what composes virtual datasets of sources there.
 */
export interface Place<S extends Storage = Storage>
  extends Pick<FileReaderOptions, "links" | "members" | "finish" | "virtual"> {
  /** Where the bytes are. */
  readonly storage: S;
}

/**
 * Finds the place that a source means; options are those of `open` of the package `h5ts`. NotFoundError where a path leads to no file;
 * URLs are not asked for before the first read.
 */
export async function openSource(source: Source, options: SourceOptions = {}): Promise<Place> {
  return placeOf(await openSourceOf(source, options));
}

/** The same without waiting. StorageError where the source cannot be read so. */
export function openSourceSync(source: SyncSource, options: SourceOptions = {}): Place<SyncStorage> {
  return placeOf(openSourceSyncOf(source, options));
}

const placeOf = <S extends Storage>(opened: OpenedSource<S>): Place<S> => ({ ...opened, finish: finishCommit });
