/** A storage that fails when it is told to: what reading does then is tested for every read that it makes. */
import { StorageError } from "../errors.ts";
import type { Extent, Outcome, Storage } from "../steps/storage.ts";
import { type Wrapped, wrapped } from "./wrapped.ts";

export interface Faults {
  /** The first access that fails, counted from 0. */
  readonly at: number;
  /** How many fail. Default: all from then on. */
  readonly count?: number;
  /** A failure as an outcome (default), the first half of the bytes, or an exception that no storage should throw. */
  readonly kind?: "error" | "short" | "throw";
}

/** The storage, and how many accesses it has seen. */
export function faulty<S extends Storage>(
  inner: S,
  faults: Faults,
): { readonly storage: Wrapped<S>; readonly seen: { accesses: number } } {
  const { at, count = Infinity, kind = "error" } = faults;
  const seen = { accesses: 0 };
  const fails = (): boolean => {
    const n = seen.accesses++;
    return n >= at && n < at + count;
  };
  const spoil = (extents: readonly Extent[], outcomes: Outcome[], failing: readonly boolean[]): Outcome[] =>
    outcomes.map((outcome, i) => {
      if (!failing[i] || !(outcome instanceof Uint8Array)) return outcome;
      return kind === "short"
        ? outcome.subarray(0, extents[i].length >> 1)
        : new StorageError("fails as it was told to");
    });
  const choose = (extents: readonly Extent[]): boolean[] => {
    const failing = extents.map(fails);
    if (kind === "throw" && failing.includes(true)) throw new Error("throws as it was told to");
    return failing;
  };
  const storage = wrapped(inner, {
    readSync(extents, sync) {
      const failing = choose(extents);
      return spoil(extents, sync.readSync(extents), failing);
    },
    async read(extents, async_, signal) {
      const failing = choose(extents);
      return spoil(extents, await async_.read(extents, signal), failing);
    },
  });
  return { storage, seen };
}
