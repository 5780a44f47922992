/**
 * The commit: patches in place become part of the file, all or none, by way of a journal.
 *
 * Journal, then the superblock with the marker (the commit point), then the patches, then the final superblock; the
 * journal goes last. A file that is found between marker and final superblock is finished by its journal
 * (engine/pending-commit.ts). Without patches the superblock alone is written.
 */
import type { Sizes } from "../bytes/address.ts";
import { lookup3 } from "../bytes/lookup3.ts";
import { openCompanion } from "../engine/pending-commit.ts";
import { StorageError } from "../errors.ts";
import { encodeJournal, type JournalExtent, sectorChecksums } from "../format/journal/journal.ts";
import { COMMIT_NUMBERS, markSuperblock } from "../format/superblock/commit-marker.ts";
import { closeStorage } from "../steps/close.ts";
import type { Patches } from "../steps/patches.ts";
import { perform, read, type Steps, size, write } from "../steps/steps.ts";
import { type Companion, type Extent, isWritable, type Patch, type WritableStorage } from "../steps/storage.ts";

/**
 * What a commit survives. `"process"`: the end of the process at any instant; `"disk"`: a power cut too; `"none"`: neither,
 * as the reference library.
 */
export type Durability = "process" | "disk" | "none";

export interface SuperblockChange {
  /** Position in the storage. */
  readonly position: number;
  /** Its bytes as the last commit left them; `undefined`: it is a new file's first. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array;
  readonly sizes: Sizes;
}

export interface CommitPlan {
  /** Size that the storage shall have. */
  readonly end: number;
  readonly durability: Durability;
  readonly superblock: SuperblockChange;
}

/** Bytes of patches that are journaled in one write. */
const BATCH = 4 << 20;

/** Everything new stands in the storage already. */
export function* commitPatches(target: WritableStorage, patches: Patches, plan: CommitPlan): Steps<void> {
  const { end, superblock } = plan;
  const sync = plan.durability === "disk";
  const present = yield* size(target);
  yield* write(target, [], { ...(present < end ? { size: end } : {}), sync });
  const journaled = target.companion !== undefined && plan.durability !== "none" && superblock.before !== undefined;
  if (patches.count > 0 && journaled) yield* applyByJournal(target, target.companion, patches, plan);
  else {
    if (patches.count > 0) yield* write(target, [...patches], { sync });
    if (!same(superblock.before, superblock.after)) {
      yield* write(target, [{ at: superblock.position, bytes: superblock.after }], { sync });
    }
  }
  if (present > end) yield* write(target, [], { size: end });
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function* applyByJournal(
  target: WritableStorage,
  companion: Companion,
  patches: Patches,
  plan: CommitPlan,
): Steps<void> {
  const { superblock } = plan;
  const sync = plan.durability === "disk";
  const commit = Math.floor(Math.random() * COMMIT_NUMBERS);
  const journal = yield* openCompanion(companion, true);
  if (journal === undefined || !isWritable(journal)) {
    throw new StorageError("cannot make the journal", { found: companion.label });
  }
  try {
    yield* writeJournal(target, journal, patches, plan, commit);
  } finally {
    yield* closeStorage(journal);
  }
  const { position: at, after, sizes } = superblock;
  yield* write(target, [{ at, bytes: markSuperblock(after, commit, sizes) }], { sync });
  yield* write(target, [...patches], { sync });
  yield* write(target, [{ at, bytes: after }], { sync });
  yield* removeCompanion(companion);
}

export function* removeCompanion(companion: Companion): Steps<void> {
  yield* perform<void>(
    () => companion.removeSync?.(),
    () => companion.remove?.() ?? companion.removeSync?.(),
  );
}

function* writeJournal(
  target: WritableStorage,
  journal: WritableStorage,
  patches: Patches,
  { durability, superblock, end }: CommitPlan,
  commit: number,
): Steps<void> {
  const extents: JournalExtent[] = [];
  let length = 0;
  for (const batch of batches(patches)) {
    const from = length;
    for (const extent of yield* describe(target, batch, length)) {
      extents.push(extent);
      length += extent.length;
    }
    yield* write(journal, [
      {
        at: from,
        bytes: joined(
          batch.map(({ bytes }) => bytes),
          length - from,
        ),
      },
    ]);
  }
  const { position, before, after } = superblock;
  const index = encodeJournal(
    { commit, superblock: position, before: before ?? after, after, size: end, extents },
    length,
  );
  yield* write(journal, [{ at: length, bytes: index }], { sync: durability === "disk" });
}

/** Patches as extents of the journal, where their bytes stand from `from` on. */
function* describe(target: WritableStorage, batch: readonly Patch[], from: number): Steps<JournalExtent[]> {
  const old = yield* read(
    target,
    batch.map(({ at, bytes }): Extent => ({ at, length: bytes.length })),
  );
  return batch.map(({ at, bytes }, i) => {
    const outcome = old[i];
    if (!(outcome instanceof Uint8Array)) throw outcome;
    // What the storage does not have yet is zeros once it has grown.
    const before = new Uint8Array(bytes.length);
    before.set(outcome);
    const extent = { at, length: bytes.length, from, checksum: lookup3(bytes), before: sectorChecksums(at, before) };
    from += bytes.length;
    return extent;
  });
}

/** Patches in groups of bounded size. */
function* batches(patches: Patches): Generator<Patch[]> {
  let group: Patch[] = [];
  let bytes = 0;
  for (const patch of patches) {
    group.push(patch);
    bytes += patch.bytes.length;
    if (bytes < BATCH) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
