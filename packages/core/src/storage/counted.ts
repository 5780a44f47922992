/** Counts what a storage is asked for: tests hold the engine to it, and the command line shows it. */
import type { AccessCosts, Extent, Storage } from "../steps/storage.ts";
import { type Wrapped, wrapped } from "./wrapped.ts";

export interface Counts {
  /** Accesses: one for each extent that reached the storage. */
  requests: number;
  /** Bytes that were read from the storage, gaps between what was wanted included. */
  bytes: number;
  /** Rounds that depend on each other: how often the storage was asked while nothing else was under way. */
  rounds: number;
  /** What was asked for, in order. */
  readonly log: Extent[];
}

export interface CountedOptions {
  /** Milliseconds that each read takes at least, in async mode. Default 0. */
  readonly latency?: number;
  /** Costs to claim instead of the storage's own: those of a remote one, say. */
  readonly costs?: Partial<AccessCosts>;
}

/** A storage that is counted, and the counts. */
export interface CountedStorage<S extends Storage> {
  /** The storage to hand to `open`: what is asked of it is counted and passed on. */
  readonly storage: Wrapped<S>;
  /** What it was asked for until now. */
  readonly counts: Counts;
}

/** The storage, and what was asked of it. */
export function counted<S extends Storage>(inner: S, options: CountedOptions = {}): CountedStorage<S> {
  const counts: Counts = { requests: 0, bytes: 0, rounds: 0, log: [] };
  let underWay = 0;
  const asked = (extents: readonly Extent[]): void => {
    if (extents.length > 0 && underWay === 0) counts.rounds++;
    counts.requests += extents.length;
    for (const { at, length } of extents) counts.log.push({ at, length });
  };
  const came = (outcomes: readonly unknown[]): void => {
    for (const outcome of outcomes) if (outcome instanceof Uint8Array) counts.bytes += outcome.length;
  };
  const storage = wrapped(inner, {
    costs: options.costs,
    readSync(extents, sync) {
      asked(extents);
      const outcomes = sync.readSync(extents);
      came(outcomes);
      return outcomes;
    },
    async read(extents, async_, signal) {
      asked(extents);
      underWay++;
      try {
        if (options.latency) await new Promise((done) => setTimeout(done, options.latency));
        const outcomes = await async_.read(extents, signal);
        came(outcomes);
        return outcomes;
      } finally {
        underWay--;
      }
    },
  });
  return { storage, counts };
}
