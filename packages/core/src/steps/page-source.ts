/**
 * The storage that a page cache reads through: joins a round's pages into few accesses, gives what they bring, gaps
 * included, to the cache, and lets requests under way serve all who ask for the same bytes.
 */
import { type Access, coalesce, partOf } from "./coalesce.ts";
import type { Outcome, Storage, SyncStorage } from "./storage.ts";
import { type AccessCosts, type AsyncStorage, type Extent, isAsync, isSync } from "./storage.ts";

/** Called with the bytes of each access; `asked` of them were asked for. Answers the bytes as they are to be seen. */
type Filled = (at: number, bytes: Uint8Array, asked: number) => Uint8Array;

/** It coalesces by itself: the drivers shall pass its extents on as they are. */
const costs = (inner: Storage): AccessCosts => ({ ...inner.costs, gap: -1, maxAccess: Infinity });

export function pageSource(inner: Storage, filled: Filled): Storage {
  const common = { label: inner.label, costs: costs(inner) };
  return {
    ...common,
    ...(isSync(inner) ? syncSource(inner, filled) : {}),
    ...(isAsync(inner) ? asyncSource(inner, filled) : {}),
  } as Storage;
}

type SyncPart = Pick<SyncStorage, "readSync" | "sizeSync" | "closeSync">;
type AsyncPart = Pick<AsyncStorage, "read" | "size" | "close">;

const seen = (access: Access, outcome: Outcome, filled: Filled): Outcome =>
  outcome instanceof Uint8Array ? filled(access.at, outcome, access.length) : outcome;

function handOut(extents: readonly Extent[], accesses: readonly Access[], outcomes: readonly Outcome[]): Outcome[] {
  const answers: Outcome[] = new Array(extents.length);
  accesses.forEach((access, a) => {
    for (const i of access.members) answers[i] = partOf(extents[i], access, outcomes[a]);
  });
  return answers;
}

function syncSource(inner: SyncStorage, filled: Filled): SyncPart {
  return {
    readSync(extents) {
      const accesses = coalesce(extents, inner.costs);
      const outcomes = inner.readSync(accesses.map(({ at, length }) => ({ at, length })));
      return handOut(
        extents,
        accesses,
        outcomes.map((outcome, a) => seen(accesses[a], outcome, filled)),
      );
    },
    sizeSync: () => inner.sizeSync(),
    closeSync: () => inner.closeSync(),
  };
}

interface Flight extends Access {
  readonly outcome: Promise<Outcome>;
}

/** The reads of one storage that are under way, so that extents within them are not read twice. */
class Flights {
  private readonly inner: AsyncStorage;
  private readonly filled: Filled;
  private readonly flights = new Set<Flight>();

  constructor(inner: AsyncStorage, filled: Filled) {
    this.inner = inner;
    this.filled = filled;
  }

  /** Starts the accesses that the extents need and are not under way. */
  start(extents: readonly Extent[], signal: AbortSignal | undefined): Flight[] {
    const accesses = coalesce(extents, this.inner.costs);
    const answers = this.inner.read(
      accesses.map(({ at, length }) => ({ at, length })),
      signal,
    );
    return accesses.map((access, a) => {
      const outcome = answers.then((outcomes) => seen(access, outcomes[a], this.filled));
      const flight = { ...access, outcome };
      this.flights.add(flight);
      const landed = (): boolean => this.flights.delete(flight);
      outcome.then(landed, landed);
      return flight;
    });
  }

  covering(extent: Extent): Flight | undefined {
    for (const flight of this.flights)
      if (flight.at <= extent.at && flight.at + flight.length >= extent.at + extent.length) return flight;
    return undefined;
  }
}

function asyncSource(inner: AsyncStorage, filled: Filled): AsyncPart {
  const flights = new Flights(inner, filled);

  async function read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    const shared = extents.map((extent) => flights.covering(extent));
    const own = extents.filter((_, i) => shared[i] === undefined);
    const started = own.length === 0 ? [] : flights.start(own, signal);
    const answers = await Promise.all(started.map((flight) => flight.outcome));
    const owned = handOut(own, started, answers)[Symbol.iterator]();
    const borrow = async (extent: Extent, flight: Flight): Promise<Outcome> => {
      // Whoever started it may have aborted it: that is no reason for others to fail.
      const outcome = await flight.outcome.catch(() => undefined);
      return outcome === undefined ? (await read([extent], signal))[0] : partOf(extent, flight, outcome);
    };
    return Promise.all(
      extents.map((extent, i) => {
        const flight = shared[i];
        return flight === undefined ? (owned.next().value as Outcome) : borrow(extent, flight);
      }),
    );
  }
  return { read, size: (signal) => inner.size(signal), close: () => inner.close() };
}
