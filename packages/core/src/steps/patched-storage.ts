/** A storage as it will be when patches are written to it: reads see them. What it has in memory is hidden. */
import { type H5Error, StorageError } from "../errors.ts";
import type { Patches } from "./patches.ts";
import {
  type AsyncStorage,
  type Companion,
  type Extent,
  isAsync,
  isSync,
  type Outcome,
  type Storage,
  type SyncStorage,
} from "./storage.ts";

export interface PatchedOptions {
  /** Asked before extents are read, and before the size is asked for: these fail where it gives an error. */
  readonly failure?: (extents?: readonly Extent[]) => H5Error | undefined;
  /** What is to be removed, once the patches' backing is closed, before the storage is. */
  readonly leftover?: () => Companion | undefined;
}

/** Closing it closes the patches' backing too. */
export function patchedStorage(inner: Storage, patches: Patches, options: PatchedOptions = {}): Storage {
  const over = { inner, patches, ...options };
  return {
    label: inner.label,
    costs: inner.costs,
    ...(isSync(inner) ? syncPart(inner, over) : {}),
    ...(isAsync(inner) ? asyncPart(inner, over) : {}),
  } as Storage;
}

interface Over extends PatchedOptions {
  readonly inner: Storage;
  readonly patches: Patches;
}

const syncPart = (inner: SyncStorage, over: Over): Omit<SyncStorage, "label" | "costs"> => ({
  readSync(extents) {
    const failed = failure(extents, over);
    if (failed !== undefined) return failed;
    const [outcomes, wanted] = patched(extents, inner.readSync(extents), over);
    const { backing } = over.patches;
    if (wanted.length === 0) return outcomes;
    if (backing === undefined || !isSync(backing))
      throw new StorageError("cannot read what waits for its commit synchronously");
    return settled(outcomes, wanted, backing.readSync(wanted.map(({ extent }) => extent)));
  },
  sizeSync() {
    check(over);
    return inner.sizeSync();
  },
  closeSync() {
    const leftover = over.leftover?.();
    try {
      closeSync(over.patches.backing);
      leftover?.removeSync?.();
    } finally {
      inner.closeSync();
    }
  },
});

const asyncPart = (inner: AsyncStorage, over: Over): Omit<AsyncStorage, "label" | "costs"> => ({
  async read(extents, signal) {
    const failed = failure(extents, over);
    if (failed !== undefined) return failed;
    const [outcomes, wanted] = patched(extents, await inner.read(extents, signal), over);
    const { backing } = over.patches;
    if (wanted.length === 0 || backing === undefined) return outcomes;
    const asked = wanted.map(({ extent }) => extent);
    return settled(outcomes, wanted, isAsync(backing) ? await backing.read(asked, signal) : backing.readSync(asked));
  },
  async size(signal) {
    check(over);
    return await inner.size(signal);
  },
  async close() {
    const { backing } = over.patches;
    const leftover = over.leftover?.();
    try {
      if (backing !== undefined && isAsync(backing)) await backing.close();
      else closeSync(backing);
      await (leftover?.remove?.() ?? leftover?.removeSync?.());
    } finally {
      await inner.close();
    }
  },
});

function closeSync(backing: Storage | undefined): void {
  if (backing !== undefined && isSync(backing)) backing.closeSync();
}

function failure(extents: readonly Extent[], over: Over): Outcome[] | undefined {
  const error = over.failure?.(extents);
  return error && extents.map(() => error);
}

function check(over: Over): void {
  const error = over.failure?.();
  if (error !== undefined) throw error;
}

/** What is still to be read from the backing, for the extent `i`. */
interface Wanted {
  readonly i: number;
  readonly extent: Extent;
}

function patched(extents: readonly Extent[], outcomes: Outcome[], { inner, patches }: Over): [Outcome[], Wanted[]] {
  const wanted: Wanted[] = [];
  if (patches.count === 0 && inner.memory === undefined) return [outcomes, wanted];
  const given = outcomes.map((outcome, i) => {
    const extent = extents[i];
    if (!(outcome instanceof Uint8Array)) return outcome;
    // A view of the storage's own memory would change under who asked for it, and must not be patched.
    const own = inner.memory === undefined || extent.into !== undefined ? outcome : outcome.slice();
    for (const backed of patches.over(extent.at, own)) wanted.push({ i, extent: backed });
    return own;
  });
  return [given, wanted];
}

function settled(outcomes: Outcome[], wanted: readonly Wanted[], answers: readonly Outcome[]): Outcome[] {
  wanted.forEach(({ i, extent }, k) => {
    const answer = answers[k];
    if (!(answer instanceof Uint8Array)) outcomes[i] = answer;
    else if (answer.length < extent.length) outcomes[i] = new StorageError("the journal was cut while it was in use");
  });
  return outcomes;
}
