/**
 * The journal of one commit after another: what changes in place stands in it before it stands in the file. Until the commit it takes what
 * would be too much for memory; without its index, which comes last, it means nothing.
 */
import { lookup3 } from "../bytes/lookup3.ts";
import { openCompanion } from "../engine/pending-commit.ts";
import { StorageError } from "../errors.ts";
import { encodeJournal, type Journal, type JournalExtent, sectorChecksums } from "../format/journal/journal.ts";
import type { Part, Patches } from "../steps/patches.ts";
import { perform, read, type Steps, write } from "../steps/steps.ts";
import { type Companion, isWritable, type Patch, type Storage, type WritableStorage } from "../steps/storage.ts";

import { FreeExtents } from "./free-extents.ts";

/** Bytes that are journaled, or applied, at once: one extent of the journal has no more. */
const BATCH = 4 << 20;

/** Bytes that a journal keeps between two commits. */
const KEPT = 1 << 20;

export class CommitJournal {
  private readonly companion: Companion;
  private readonly patches: Patches;
  private opened: WritableStorage | undefined;
  /** Bytes in it, and which of them stand for nothing any more. */
  private length = 0;
  /** Bytes that its file has from earlier commits. */
  private present = 0;
  private free = new FreeExtents();

  constructor(companion: Companion, patches: Patches) {
    this.companion = companion;
    this.patches = patches;
    patches.released = (from, length) => this.free.add(from, length);
  }

  /** Takes all patches that are in memory. */
  *takeAll(): Steps<void> {
    for (const batch of batches(this.patches)) {
      const inMemory = batch.filter(({ bytes }) => bytes !== undefined);
      if (inMemory.length > 0)
        yield* this.append(inMemory.map(({ at, bytes }) => ({ at, bytes: bytes as Uint8Array })));
    }
  }

  /** Takes one patch. */
  *take(at: number, bytes: Uint8Array): Steps<void> {
    for (let done = 0; done < bytes.length; done += BATCH) {
      yield* this.append([{ at: at + done, bytes: bytes.subarray(done, done + BATCH) }]);
    }
  }

  /** Makes it whole: all patches, and the index. It is on the disk then, with `sync`. */
  *complete(target: Storage, about: Omit<Journal, "extents">, sync: boolean): Steps<void> {
    yield* this.takeAll();
    const extents: JournalExtent[] = [];
    for (const batch of batches(this.patches)) {
      for (const extent of yield* describe(target, this.patches, batch)) extents.push(extent);
    }
    const at = this.length;
    const bytes = encodeJournal({ ...about, extents }, at);
    this.length += bytes.length;
    // The index must stand at the end, which an earlier journal may have had further behind.
    const size = this.present > this.length ? { size: this.length } : {};
    yield* write(yield* this.open(), [{ at, bytes }], { ...size, sync });
    this.present = this.length;
  }

  /**
   * Nothing needs what is in it any more. The file stays for the next commit, as making and removing one costs more than all else in a small commit;
   * without a commit that waits for it, it means nothing.
   */
  *finish(): Steps<void> {
    this.present = Math.max(this.present, this.length);
    this.length = 0;
    this.free = new FreeExtents();
    if (this.opened === undefined || this.present <= KEPT) return;
    yield* write(this.opened, [], { size: 0 });
    this.present = 0;
  }

  /** What is to be removed when the file is closed: the journal, if one was made. */
  get leftover(): Companion | undefined {
    return this.opened && this.companion;
  }

  /** Writes patches where there is room, which then are parts of the journal. What they replace leaves its room to others. */
  private *append(list: readonly Patch[]): Steps<void> {
    const places: Patch[] = [];
    for (const { bytes } of list) places.push({ at: this.place(bytes.length), bytes });
    yield* write(yield* this.open(), joined(places));
    list.forEach(({ at, bytes }, i) => {
      this.patches.addBacked(at, bytes.length, places[i].at);
    });
  }

  private place(length: number): number {
    const free = this.free.take(length);
    if (free !== undefined) return free;
    const at = this.length;
    this.length += length;
    return at;
  }

  private *open(): Steps<WritableStorage> {
    if (this.opened !== undefined) return this.opened;
    const made = yield* openCompanion(this.companion, true);
    if (made === undefined || !isWritable(made)) {
      throw new StorageError("cannot make the journal", { found: this.companion.label });
    }
    this.opened = made;
    this.patches.backing = made;
    return made;
  }
}

export function* removeCompanion(companion: Companion): Steps<void> {
  yield* perform<void>(
    () => companion.removeSync?.(),
    () => companion.remove?.() ?? companion.removeSync?.(),
  );
}

/** The bytes of some patches, wherever they are. */
export function* bytesOf(patches: Patches, batch: readonly Part[]): Steps<Patch[]> {
  const backed = batch.filter(({ bytes }) => bytes === undefined);
  const { backing } = patches;
  const extents = backed.map(({ from, length }) => ({ at: from, length }));
  const found = backing === undefined ? [] : yield* readAll(backing, extents);
  let next = 0;
  return batch.map(({ at, bytes }) => ({ at, bytes: bytes ?? found[next++] }));
}

function* readAll(storage: Storage, extents: readonly { at: number; length: number }[]): Steps<Uint8Array[]> {
  if (extents.length === 0) return [];
  return (yield* read(storage, extents)).map((outcome, i) => {
    if (!(outcome instanceof Uint8Array)) throw outcome;
    if (outcome.length === extents[i].length) return outcome;
    throw new StorageError("gave fewer bytes than were written", { found: storage.label });
  });
}

/** Patches as extents of the journal, which has them. */
function* describe(target: Storage, patches: Patches, batch: readonly Part[]): Steps<JournalExtent[]> {
  const old = yield* read(target, batch);
  const now = yield* bytesOf(patches, batch);
  return batch.map(({ at, length, from }, i) => {
    const outcome = old[i];
    if (!(outcome instanceof Uint8Array)) throw outcome;
    // What the storage does not have yet is zeros once it has grown.
    const before = new Uint8Array(length);
    before.set(outcome);
    return { at, length, from, checksum: lookup3(now[i].bytes), before: sectorChecksums(at, before) };
  });
}

/** Patches in groups of bounded size. */
export function* batches(patches: Patches): Generator<Part[]> {
  let group: Part[] = [];
  let bytes = 0;
  // A copy: patches may move to the journal while they are gone through.
  for (const patch of [...patches]) {
    group.push(patch);
    bytes += patch.length;
    if (bytes < BATCH) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}

/** Patches one behind the other as one. */
function joined(list: readonly Patch[]): Patch[] {
  const runs: { at: number; end: number; parts: Uint8Array[] }[] = [];
  for (const { at, bytes } of list) {
    const last = runs.at(-1);
    if (last?.end === at) {
      last.parts.push(bytes);
      last.end += bytes.length;
    } else runs.push({ at, end: at + bytes.length, parts: [bytes] });
  }
  return runs.map(({ at, end, parts }) => ({
    at,
    bytes: parts.length === 1 ? parts[0] : concatenated(parts, end - at),
  }));
}

function concatenated(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
