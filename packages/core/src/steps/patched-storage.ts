/** A storage as it will be when patches are written to it: reads see them. What it has in memory is hidden. */
import type { Patches } from "./patches.ts";
import {
  type AsyncStorage,
  type Extent,
  isAsync,
  isSync,
  type Outcome,
  type Storage,
  type SyncStorage,
} from "./storage.ts";

export function patchedStorage(inner: Storage, patches: Patches): Storage {
  return {
    label: inner.label,
    costs: inner.costs,
    ...(isSync(inner) ? syncPart(inner, patches) : {}),
    ...(isAsync(inner) ? asyncPart(inner, patches) : {}),
  } as Storage;
}

const syncPart = (inner: SyncStorage, patches: Patches): Omit<SyncStorage, "label" | "costs"> => ({
  readSync: (extents) => patched(extents, inner.readSync(extents), patches, inner),
  sizeSync: () => inner.sizeSync(),
  closeSync: () => inner.closeSync(),
});

const asyncPart = (inner: AsyncStorage, patches: Patches): Omit<AsyncStorage, "label" | "costs"> => ({
  read: async (extents, signal) => patched(extents, await inner.read(extents, signal), patches, inner),
  size: (signal) => inner.size(signal),
  close: () => inner.close(),
});

function patched(extents: readonly Extent[], outcomes: Outcome[], patches: Patches, { memory }: Storage): Outcome[] {
  return outcomes.map((outcome, i) => {
    const extent = extents[i];
    if (!(outcome instanceof Uint8Array)) return outcome;
    const touched = patches.touch(extent);
    // A view of the storage's own memory would change under who asked for it, and must not be patched.
    const own = memory === undefined || extent.into !== undefined ? outcome : outcome.slice();
    if (touched) patches.over(extent.at, own);
    return own;
  });
}
