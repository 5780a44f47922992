/**
 * The commit: patches in place become part of the file, all or none, by way of a journal.
 *
 * Journal, then the superblock with the marker (the commit point), then the patches, then the final superblock, after which
 * the journal means nothing. A file that is found between marker and final superblock is finished by its journal
 * (engine/pending-commit.ts). Without patches the superblock alone is written.
 */
import type { Sizes } from "../bytes/address.ts";
import { pendingCommit } from "../engine/pending-commit.ts";
import type { FoundSuperblock } from "../engine/superblock.ts";
import { COMMIT_NUMBERS, markSuperblock } from "../format/superblock/commit-marker.ts";
import { closeStorage } from "../steps/close.ts";
import type { Patches } from "../steps/patches.ts";
import { perform, type Steps, size, write } from "../steps/steps.ts";
import type { AsyncWrites, WritableStorage } from "../steps/storage.ts";
import { batches, bytesOf, type CommitJournal } from "./commit-journal.ts";

export { removeCompanion } from "./commit-journal.ts";

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
  /** Called when what follows makes the file, or its journal, the new one: a failure before that leaves the last commit. */
  readonly reached: () => void;
  /** By which changes in place are made whole. Absent: they are written without one. */
  readonly journal: CommitJournal | undefined;
}

/** Everything new stands in the storage already. */
export function* commitPatches(target: WritableStorage, patches: Patches, plan: CommitPlan): Steps<void> {
  const { end, superblock, journal } = plan;
  const sync = plan.durability === "disk";
  const present = yield* size(target);
  yield* write(target, [], { ...(present < end ? { size: end } : {}), sync });
  if (patches.count > 0 && journal !== undefined && superblock.before !== undefined) {
    yield* applyByJournal(target, patches, plan, journal);
  } else {
    plan.reached();
    if (patches.count > 0) yield* apply(target, patches, sync);
    if (!same(superblock.before, superblock.after)) {
      yield* write(target, [{ at: superblock.position, bytes: superblock.after }], { sync });
    }
    if (journal !== undefined) yield* journal.finish();
  }
  if (present > end) yield* write(target, [], { size: end });
  if ("publish" in target) yield* publish(target);
}

/** What only promises can do was refused in sync mode before. */
function* publish(target: AsyncWrites): Steps<void> {
  yield* perform<void>(
    () => {},
    () => target.publish?.(),
  );
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function* applyByJournal(
  target: WritableStorage,
  patches: Patches,
  { superblock, durability, end, reached }: CommitPlan,
  journal: CommitJournal,
): Steps<void> {
  const sync = durability === "disk";
  const commit = Math.floor(Math.random() * COMMIT_NUMBERS);
  const { position: at, before, after, sizes } = superblock;
  yield* journal.complete(target, { commit, superblock: at, before: before ?? after, after, size: end }, sync);
  reached();
  yield* write(target, [{ at, bytes: markSuperblock(after, commit, sizes) }], { sync });
  yield* apply(target, patches, sync);
  yield* write(target, [{ at, bytes: after }], { sync });
  yield* journal.finish();
}

/** Writes what an unfinished commit has in its journal, and lets go of that. Errors are those of {@link pendingCommit}. */
export function* finishPending(target: WritableStorage, found: FoundSuperblock): Steps<void> {
  const { patches, superblock } = yield* pendingCommit(target, found);
  try {
    yield* apply(target, patches, true);
    yield* write(target, [superblock], { sync: true });
  } finally {
    if (patches.backing !== undefined) yield* closeStorage(patches.backing);
  }
}

function* apply(target: WritableStorage, patches: Patches, sync: boolean): Steps<void> {
  for (const batch of batches(patches)) yield* write(target, yield* bytesOf(patches, batch));
  if (sync) yield* write(target, [], { sync });
}
