/** Opening of files to be changed, and making of new ones. */
import {
  closeStorage,
  createForEditing,
  type Edited,
  type EditorOptions,
  editing,
  finishCommit,
  type H5File,
  type LibraryVersion,
  type NewFile,
  type OpenedToWrite,
  openEditingModel,
  openForEditing,
  openSourceToWrite,
  openSourceToWriteSync,
  type Source,
  type Steps,
  type StructureVersion,
  type SyncSource,
  UnsupportedError,
  type VersionBounds,
  type WriteMode,
} from "@h5ts/core";
import type { FilterRegistry } from "@h5ts/filters";
import { virtualReader } from "@h5ts/vds";
import { type OpenOptions, settingsOf } from "./options.ts";

/** Opens a file in a mode other than `"r"`. */
export async function openToWrite(
  source: Source,
  mode: WriteMode,
  options: OpenOptions,
  filters: FilterRegistry,
  release?: () => void,
): Promise<H5File<"async">> {
  checkMode(mode);
  const steps = edited(await openSourceToWrite(source, mode, options), options, filters);
  return openEditingModel("async", steps, sessionOf(options, filters, release));
}

/** The same without waiting. */
export function openToWriteSync(
  source: SyncSource,
  mode: WriteMode,
  options: OpenOptions,
  filters: FilterRegistry,
): H5File<"sync"> {
  checkMode(mode);
  const steps = edited(openSourceToWriteSync(source, mode, options), options, filters);
  return openEditingModel("sync", steps, sessionOf(options, filters));
}

function sessionOf(
  options: OpenOptions,
  filters: FilterRegistry,
  release?: () => void,
): Parameters<typeof openEditingModel>[2] {
  return { ...settingsOf(options, filters, release).session, filters: options.filters ?? filters };
}

const MODES: readonly string[] = ["r+", "w", "w-", "x", "a"];

/** UnsupportedError for what is no mode at all. */
function checkMode(mode: string): void {
  if (MODES.includes(mode)) return;
  throw new UnsupportedError("there is no such mode", { found: mode, allowed: `r ${MODES.join(" ")}` });
}

/** Opens what is in a storage, or makes a file of it; lets go of the storage if that fails. */
function* edited(place: OpenedToWrite, options: OpenOptions, filters: FilterRegistry): Steps<Edited> {
  const { storage, isNew, links, members } = place;
  try {
    const { reader } = settingsOf(options, filters);
    const given: EditorOptions = {
      ...reader,
      links,
      members,
      finish: finishCommit,
      virtual: virtualReader(options),
      durability: options.durability ?? "process",
      bounds: boundsOf(options.libver),
      now: () => Math.floor(Date.now() / 1000),
    };
    const opened = isNew
      ? yield* createForEditing(storage, { ...given, ...newFile(options) })
      : yield* openForEditing(storage, given);
    return editing(opened, given);
  } catch (error) {
    yield* closeStorage(storage);
    throw error;
  }
}

function newFile(options: OpenOptions): NewFile {
  const {
    userblockSize,
    fsStrategy,
    fsPersist,
    fsThreshold,
    fsPageSize,
    trackOrder = false,
    trackTimes = false,
  } = options;
  const order = { tracked: trackOrder, indexed: trackOrder };
  const space = { userblockSize, fsStrategy, fsPersist, fsThreshold, fsPageSize };
  return { ...space, linkOrder: order, attributeOrder: order, trackTimes };
}

/** `"latest"` is what HDF5 1.10 reads, unless more is asked for by name. */
const versionOf = (version: LibraryVersion): StructureVersion => (version === "latest" ? "v110" : version);

function boundsOf(libver: OpenOptions["libver"] = "earliest"): VersionBounds {
  if (typeof libver === "string") return { low: versionOf(libver), high: "v200" };
  const [low, high] = libver;
  return { low: versionOf(low), high: high === "latest" ? "v200" : high };
}
