/**
 * The two modes of one object model: the same classes give values in sync mode and promises in async mode.
 *
 * A class has its mode as type parameter `M`, and its methods return `Outcomes<T>[M]`. Only {@link run} chooses.
 */
import { isH5Error } from "../errors.ts";
import { runAsync } from "../steps/run-async.ts";
import { runSync } from "../steps/run-sync.ts";
import type { Steps } from "../steps/steps.ts";

export type Mode = "sync" | "async";

/** What a method that gives `T` returns in each mode. */
export interface Outcomes<T> {
  /** In sync mode the value. */
  sync: T;
  /** In async mode a promise of it. */
  async: Promise<T>;
}

/** A member of sync mode alone: its use on an object of the other mode does not compile. */
export interface SyncOnly<T> {
  /** In sync mode the member is there. */
  sync: T;
  /** In async mode it is `undefined`. */
  async: undefined;
}

/** A member of async mode alone. */
export interface AsyncOnly<T> {
  /** In sync mode it is `undefined`. */
  sync: undefined;
  /** In async mode the member is there. */
  async: T;
}

/** What a function of the caller may return in each mode. */
export interface Returned<T> {
  /** In sync mode the value. */
  sync: T;
  /** In async mode the value or a promise of it. */
  async: T | Promise<T>;
}

/** Options of every method that may read from the storage. */
export interface CallOptions {
  /** Stops the call at its next access to the storage. In sync mode it is looked at once, at the start. */
  readonly signal?: AbortSignal;
}

/** Told of the beginning and the end of every call. */
export interface Calls {
  /** A call may begin: now, or once the promise is kept. One that is refused, by an error or a rejection, has no end. */
  begin(signal?: AbortSignal): Promise<void> | undefined;
  end(): void;
  /** Calls that have begun are not stopped by their signal any more. */
  readonly whole?: boolean;
}

/** For calls that concern nobody: opening and closing. */
export const UNWATCHED: Calls = { begin: () => undefined, end: () => undefined };

/** Runs steps in the manner of a mode. Errors that do not know the object concerned are given `path`. */
export function run<M extends Mode, T>(
  mode: M,
  steps: Steps<T>,
  calls: Calls,
  path: string | undefined,
  signal?: AbortSignal,
): Outcomes<T>[M] {
  const outcome = mode === "sync" ? now(steps, calls, path, signal) : later(steps, calls, path, signal);
  return outcome as Outcomes<T>[M];
}

/** A member of sync mode: `member` on an object of that mode, `undefined` on others. */
export function syncOnly<M extends Mode, T>(mode: M, member: T): SyncOnly<T>[M] {
  return (mode === "sync" ? member : undefined) as SyncOnly<T>[M];
}

/** Iterates over what `items` gives, on an object of sync mode; `undefined` on others. */
export function syncIterator<M extends Mode, T>(
  mode: M,
  items: () => Outcomes<Iterable<T>>[M],
): SyncOnly<() => IterableIterator<T>>[M] {
  function* iterate(): IterableIterator<T> {
    yield* items() as Iterable<T>;
  }
  return syncOnly(mode, iterate);
}

/** The same on an object of async mode. */
export function asyncIterator<M extends Mode, T>(
  mode: M,
  items: () => Outcomes<Iterable<T>>[M],
): AsyncOnly<() => AsyncIterableIterator<T>>[M] {
  async function* iterate(): AsyncIterableIterator<T> {
    yield* await items();
  }
  return (mode === "async" ? iterate : undefined) as AsyncOnly<() => AsyncIterableIterator<T>>[M];
}

function now<T>(steps: Steps<T>, calls: Calls, path: string | undefined, signal: AbortSignal | undefined): T {
  try {
    void calls.begin();
    try {
      signal?.throwIfAborted();
      return runSync(steps);
    } finally {
      calls.end();
    }
  } catch (error) {
    throw named(error, path);
  }
}

async function later<T>(steps: Steps<T>, calls: Calls, path: string | undefined, signal?: AbortSignal): Promise<T> {
  try {
    const turn = calls.begin(signal);
    if (turn !== undefined) await turn;
    try {
      if (!calls.whole) return await runAsync(steps, signal);
      signal?.throwIfAborted();
      return await runAsync(steps);
    } finally {
      calls.end();
    }
  } catch (error) {
    throw named(error, path);
  }
}

/** An error that tells of the object at `path`, if it knew of none. */
export function named(error: unknown, path: string | undefined): unknown {
  if (path !== undefined && isH5Error(error)) error.at(path);
  return error;
}
