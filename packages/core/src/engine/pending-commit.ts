/**
 * A commit that was journaled and not finished: the file's superblock has a marker, and the journal beside it all that was
 * still to be written. Whoever opens the file sees it as after the commit.
 */
import { lookup3 } from "../bytes/lookup3.ts";
import { FormatError, isH5Error } from "../errors.ts";
import {
  decodeJournal,
  decodeTrailer,
  type Journal,
  type JournalExtent,
  sectorChecksums,
  sectorLengths,
  TRAILER_BYTES,
} from "../format/journal/journal.ts";
import { commitMarker } from "../format/superblock/commit-marker.ts";
import { closeStorage } from "../steps/close.ts";
import { patchedStorage } from "../steps/patched-storage.ts";
import { Patches } from "../steps/patches.ts";
import { perform, read, type Steps, size } from "../steps/steps.ts";
import type { Companion, Patch, Storage } from "../steps/storage.ts";
import type { FoundSuperblock } from "./superblock.ts";

const TITLE = "Journal";

/** What an unfinished commit still has to write. */
export interface PendingCommit {
  /** They stand in the journal, which is open: whoever asked for them lets go of their backing. */
  readonly patches: Patches;
  /** The final superblock, which comes last. */
  readonly superblock: Patch;
}

/** The storage as it is after the commit that was not finished. Errors are those of {@link pendingCommit}. */
export function* finishCommit(storage: Storage, found: FoundSuperblock): Steps<Storage> {
  const { patches, superblock } = yield* pendingCommit(storage, found);
  patches.add(superblock.at, superblock.bytes);
  return patchedStorage(storage, patches);
}

/** What the commit still has to write. FormatError where the journal is missing or is not this file's. */
export function* pendingCommit(storage: Storage, found: FoundSuperblock): Steps<PendingCommit> {
  const { companion } = storage;
  const opened = companion && (yield* openCompanion(companion, false));
  if (companion === undefined || opened === undefined) {
    throw new FormatError("is between two commits, and the journal to finish the second is missing", {
      structure: "File",
      found: storage.label,
      allowed: `${companion?.label ?? "a journal"} beside it`,
    });
  }
  try {
    return yield* checkedCommit(storage, found, opened, companion);
  } catch (error) {
    yield* closeStorage(opened);
    throw error;
  }
}

function* checkedCommit(
  storage: Storage,
  found: FoundSuperblock,
  opened: Storage,
  companion: Companion,
): Steps<PendingCommit> {
  const journal = yield* readJournal(opened);
  const number = commitMarker(found.bytes, 0, found.sizes);
  if (journal.superblock !== found.position || (number !== null && journal.commit !== number)) {
    throw mismatch(companion, "belongs to another commit", journal.commit, String(number));
  }
  const patches = new Patches();
  patches.backing = opened;
  for (const extent of journal.extents) {
    yield* verify(storage, opened, extent, companion);
    patches.addBacked(extent.at, extent.length, extent.from);
  }
  return { patches, superblock: { at: journal.superblock, bytes: journal.after } };
}

/** The journal of a storage, where there is a complete one; whether a commit waits for it the superblock tells. */
export function* readJournal(from: Storage): Steps<Journal> {
  const length = yield* size(from);
  if (length < TRAILER_BYTES) throw new FormatError("is not complete", { structure: TITLE, found: `${length} bytes` });
  const trailer = decodeTrailer(yield* bytesOf(from, length - TRAILER_BYTES, TRAILER_BYTES));
  if (trailer.at + trailer.length !== length - TRAILER_BYTES) {
    throw new FormatError("has an index at a wrong place", { structure: TITLE, found: trailer.at });
  }
  return decodeJournal(yield* bytesOf(from, trailer.at, trailer.length), trailer);
}

export function* openCompanion(companion: Companion, create: boolean): Steps<Storage | undefined> {
  return yield* perform<Storage | undefined>(
    () => companion.openSync?.(create),
    () => companion.open?.(create) ?? companion.openSync?.(create),
  );
}

/** Whether there is a journal. */
export function* isThere(companion: Companion): Steps<boolean> {
  const opened = yield* openCompanion(companion, false);
  if (opened === undefined) return false;
  yield* closeStorage(opened);
  return true;
}

function* bytesOf(storage: Storage, at: number, length: number): Steps<Uint8Array> {
  const [outcome] = yield* read(storage, [{ at, length }]);
  if (!(outcome instanceof Uint8Array)) throw outcome;
  if (outcome.length < length) {
    throw new FormatError("is cut short", { structure: TITLE, found: outcome.length, allowed: String(length) });
  }
  return outcome;
}

/** Checks the new bytes of an extent, whose place in the file holds the old ones or, where they were written already, the new. */
function* verify(
  storage: Storage,
  journal: Storage,
  { at, length, from, checksum, before }: JournalExtent,
  companion: Companion,
): Steps<void> {
  const bytes = (yield* bytesOf(journal, from, length)).slice();
  if (lookup3(bytes) !== checksum) throw mismatch(companion, "has bytes that fail their checksum", from, "");
  const now = yield* presentBytes(storage, at, length);
  const present = sectorChecksums(at, now);
  const after = sectorChecksums(at, bytes);
  sectorLengths(at, length).forEach((_, i) => {
    if (present[i] !== before[i] && present[i] !== after[i]) {
      throw mismatch(companion, "does not fit the file, which was changed since", `0x${at.toString(16)}`, "");
    }
  });
}

function* presentBytes(storage: Storage, at: number, length: number): Steps<Uint8Array> {
  try {
    return yield* bytesOf(storage, at, length);
  } catch (error) {
    if (!isH5Error(error, "FormatError")) throw error;
    throw new FormatError("is cut short: a journal has bytes for beyond its end", {
      structure: "File",
      found: at + length,
    });
  }
}

function mismatch({ label }: Companion, reason: string, found: unknown, allowed: string): FormatError {
  return new FormatError(`${reason}: ${label}`, { structure: TITLE, found, allowed: allowed || undefined });
}
