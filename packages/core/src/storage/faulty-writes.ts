/** A storage to be written, with its journal, that fails when it is told to: what writing does then is tested for every call that it makes. */
import { StorageError } from "../errors.ts";
import type { AsyncWritable, Companion, Patch, SyncWritable } from "../steps/storage.ts";

export interface WriteFaults {
  /** The first call that fails, counted from 0. */
  at: number;
  /** How many fail. Default: all from then on, as where the disk is full. */
  readonly count?: number;
  /** A part of the bytes of a write that fails is written all the same: some whole sectors, as disks and systems have it. */
  readonly torn?: boolean;
}

/** Counts calls, and throws at those that fail. */
class Trip {
  calls = 0;
  readonly faults: WriteFaults;

  constructor(faults: WriteFaults) {
    this.faults = faults;
  }

  pass(): void {
    if (this.fails()) throw failure();
  }

  fails(): boolean {
    const { at, count = Infinity } = this.faults;
    const n = this.calls++;
    return n >= at && n < at + count;
  }
}

const failure = (): StorageError => new StorageError("no space is left, as it was told");

/** The storage, in both modes, over one that has sync access, and how many calls it has seen. */
export function faultyWrites(
  inner: SyncWritable,
  faults: WriteFaults,
): { readonly storage: SyncWritable & AsyncWritable; readonly seen: { readonly calls: number } } {
  const trip = new Trip(faults);
  return { storage: failing(inner, trip), seen: trip };
}

function failing(inner: SyncWritable, trip: Trip): SyncWritable & AsyncWritable {
  const now: SyncWritable = {
    label: inner.label,
    costs: inner.costs,
    ...(inner.companion && { companion: failingCompanion(inner.companion, trip) }),
    readSync: (extents) => {
      const outcomes = inner.readSync(extents);
      return trip.fails() ? outcomes.map(failure) : outcomes;
    },
    sizeSync: () => told(trip, () => inner.sizeSync()),
    writeSync: (patches) => {
      if (!trip.fails()) return inner.writeSync(patches);
      if (trip.faults.torn) inner.writeSync(patches.slice(0, 1).map(half));
      throw failure();
    },
    truncateSync: (size) => told(trip, () => inner.truncateSync(size)),
    syncSync: () => told(trip, () => inner.syncSync()),
    closeSync: () => inner.closeSync(),
  };
  return {
    ...now,
    read: async (extents) => now.readSync(extents),
    size: async () => now.sizeSync(),
    write: async (patches) => now.writeSync(patches),
    truncate: async (size) => now.truncateSync(size),
    sync: async () => now.syncSync(),
    close: async () => now.closeSync(),
  };
}

/** Bytes that are written whole or not at all. */
const SECTOR = 512;

function half({ at, bytes }: Patch): Patch {
  const end = at + (bytes.length >> 1);
  return { at, bytes: bytes.subarray(0, Math.max(0, end - (end % SECTOR) - at)) };
}

function told<T>(trip: Trip, action: () => T): T {
  trip.pass();
  return action();
}

/** Opening the journal fails, and all that is done with it. */
const failingCompanion = (inner: Companion, trip: Trip): Companion => ({
  label: inner.label,
  openSync: (create) =>
    told(trip, () => {
      const opened = inner.openSync?.(create);
      return opened === undefined ? undefined : failing(opened as SyncWritable, trip);
    }),
  removeSync: () => told(trip, () => inner.removeSync?.()),
});
