/** Everything that opening a file needs of the place where it stands: its storage, and how others are found from there. */
import { isH5Error, UnsupportedError } from "../errors.ts";
import type { LinkPolicy } from "../steps/link-policy.ts";
import type { MemberFiles } from "../steps/member-files.ts";
import type { Storage, SyncStorage, SyncWritable, WritableStorage } from "../steps/storage.ts";
import { lastPart } from "./file-name.ts";
import { type LinkOptions, linkPolicy } from "./links/link-policy.ts";
import type { Locking } from "./locks/locking.ts";
import { FoundMembers } from "./members/found-members.ts";
import { familyTemplate } from "./members/templates.ts";
import { NodeFileStorage } from "./node-file.ts";
import { openStorage, openStorageSync, type Source, type SyncSource } from "./open-storage.ts";
import { type OpenedForWriting, openWritable, openWritableSync, type WriteMode } from "./open-writable.ts";

export interface SourceOptions extends LinkOptions {
  /**
   * Whether the file is locked while it is open, as the reference library does it, so that no one else changes it. Default `true`; what the
   * environment's `HDF5_USE_FILE_LOCKING` says goes first. Other files that it leads to are not locked.
   */
  readonly locking?: Locking;
  /**
   * Says that the source is a set of files, and of which kind, as libhdf5's drivers are called. The source is then the
   * first member, or what libhdf5 takes in its place: `"run%05d.h5"` for a family, `"run"` for `run-m.h5` and `run-r.h5`
   * (split) or for `run-s.h5` and others (multi). Without this option a first member is recognized by its superblock, and
   * the others must be allowed by the option `links`.
   */
  readonly driver?: "family" | "split" | "multi";
}

export interface OpenedSource<S extends Storage = Storage> {
  readonly storage: S;
  readonly links: LinkPolicy;
  readonly members: MemberFiles;
}

/** Opens a source in async mode. Errors are those of {@link openStorage}. */
export async function openSource(source: Source, options: SourceOptions = {}): Promise<OpenedSource> {
  const candidates = firstMembers(source, options.driver);
  for (const candidate of candidates.slice(0, -1)) {
    try {
      return toRead(await openStorage(candidate, options), source, options);
    } catch (error) {
      if (!isH5Error(error, "NotFoundError")) throw error;
    }
  }
  return toRead(await openStorage(candidates[candidates.length - 1], options), source, options);
}

/** Opens a source in sync mode. Errors are those of {@link openStorageSync}. */
export function openSourceSync(source: SyncSource, options: SourceOptions = {}): OpenedSource<SyncStorage> {
  const candidates = firstMembers(source, options.driver) as SyncSource[];
  for (const candidate of candidates.slice(0, -1)) {
    try {
      return toRead(openStorageSync(candidate, options), source, options);
    } catch (error) {
      if (!isH5Error(error, "NotFoundError")) throw error;
    }
  }
  return toRead(openStorageSync(candidates[candidates.length - 1], options), source, options);
}

/** A source that was opened to be changed: {@link OpenedForWriting}, and what is found from there. */
export type OpenedToWrite<S extends WritableStorage = WritableStorage> = OpenedSource<S> & OpenedForWriting<S>;

/** Opens a source to be changed, in async mode. Errors are those of {@link openWritable}; a file in several parts is an UnsupportedError. */
export async function openSourceToWrite(
  source: Source,
  mode: WriteMode,
  options: SourceOptions = {},
): Promise<OpenedToWrite> {
  refuseParts(options);
  return toWrite(await openWritable(source, mode, options), source, options);
}

/** The same in sync mode. */
export function openSourceToWriteSync(
  source: SyncSource,
  mode: WriteMode,
  options: SourceOptions = {},
): OpenedToWrite<SyncWritable> {
  refuseParts(options);
  return toWrite(openWritableSync(source, mode, options), source, options);
}

function refuseParts({ driver }: SourceOptions): void {
  if (driver === undefined) return;
  throw new UnsupportedError("files in several parts can be read, not changed", { structure: "File", found: driver });
}

const toWrite = <S extends WritableStorage>(
  { storage, isNew }: OpenedForWriting<S>,
  source: Source,
  options: SourceOptions,
): OpenedToWrite<S> => ({ ...opened(storage, source, options), isNew });

const FIRST_SUFFIX = { split: "-m.h5", multi: "-s.h5" } as const;

/** What the first member may be, in the order to be tried. */
function firstMembers(source: Source, driver: SourceOptions["driver"]): Source[] {
  if (driver === undefined || !(typeof source === "string" || source instanceof URL)) return [source];
  const text = String(source);
  if (driver === "family") return [familyTemplate(text)?.(0) ?? source];
  const suffix = FIRST_SUFFIX[driver];
  return text.endsWith(suffix) ? [source] : [`${text}${suffix}`, source];
}

/** A source that was opened to be read. */
function toRead<S extends Storage>(storage: S, source: Source, options: SourceOptions): OpenedSource<S> {
  if (storage instanceof NodeFileStorage) storage.lock(options.locking);
  return opened(storage, source, options);
}

function opened<S extends Storage>(storage: S, source: Source, options: SourceOptions): OpenedSource<S> {
  const links = linkPolicy(storage, options);
  if (options.driver === undefined) return { storage, links, members: new FoundMembers(links) };
  // Whoever says that there are members allows them.
  const policy = options.links === "none" ? linkPolicy(storage, { ...options, links: "local" }) : links;
  const family = options.driver === "family" ? familyTemplate(lastPart(String(source))) : undefined;
  return { storage, links, members: new FoundMembers(policy, family) };
}
