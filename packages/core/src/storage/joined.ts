/** Several storages seen as one: each stands at a position of its own; what lies between them reads as zeros. */
import { StorageError } from "../errors.ts";
import {
  type AccessCosts,
  type AsyncStorage,
  type Extent,
  isAsync,
  isSync,
  type Outcome,
  type Storage,
  type SyncStorage,
} from "../steps/storage.ts";

export interface Part {
  readonly storage: Storage;
  /** Position of its first byte. */
  readonly at: number;
  /** Its bytes: what follows up to the next part reads as zeros. */
  readonly length: number;
}

/** Zeros beyond the bytes of all parts that one extent may take in: positions may be far apart. */
const MOST_ZEROS = 16 << 20;

/** The parts as one storage, of the modes that all of them have. Parts do not overlap. */
export function joined(label: string, parts: readonly Part[]): Storage {
  const plan = new JoinPlan(parts);
  const storages = parts.map(({ storage }) => storage);
  const common = { label, costs: commonCosts(storages) };
  return {
    ...common,
    ...(storages.every(isSync) ? syncPart(plan, storages as SyncStorage[]) : {}),
    ...(storages.every(isAsync) ? asyncPart(plan, storages as AsyncStorage[]) : {}),
  } as Storage;
}

/** Reading through a gap must pay for every part; long reads are left to the parts. */
function commonCosts(storages: readonly Storage[]): AccessCosts {
  const costs = storages.map((storage) => storage.costs);
  return {
    gap: Math.min(...costs.map(({ gap }) => gap)),
    parallel: Math.max(...costs.map(({ parallel }) => parallel)),
    maxAccess: Math.min(...costs.map(({ maxAccess }) => maxAccess)),
    page: Math.max(...costs.map(({ page = 0 }) => page)) || undefined,
    first: Math.max(...costs.map(({ first = 0 }) => first)) || undefined,
  };
}

const syncPart = (plan: JoinPlan, storages: readonly SyncStorage[]): Omit<SyncStorage, "label" | "costs"> => ({
  readSync(extents) {
    const reading = plan.reading(extents);
    return reading.outcomes(reading.pieces.map((pieces, i) => (pieces.length > 0 ? storages[i].readSync(pieces) : [])));
  },
  sizeSync: () => plan.end,
  closeSync() {
    for (const storage of storages) storage.closeSync();
  },
});

const asyncPart = (plan: JoinPlan, storages: readonly AsyncStorage[]): Omit<AsyncStorage, "label" | "costs"> => ({
  async read(extents, signal) {
    const reading = plan.reading(extents);
    return reading.outcomes(
      await Promise.all(reading.pieces.map((pieces, i) => (pieces.length > 0 ? storages[i].read(pieces, signal) : []))),
    );
  },
  size: async () => plan.end,
  async close() {
    await Promise.all(storages.map((storage) => storage.close()));
  },
});

class JoinPlan {
  readonly parts: readonly Part[];
  /** Position after the last byte. */
  readonly end: number;
  private readonly total: number;

  constructor(parts: readonly Part[]) {
    this.parts = parts;
    this.end = parts.reduce((end, { at, length }) => Math.max(end, at + length), 0);
    this.total = parts.reduce((sum, { length }) => sum + length, 0);
  }

  reading(extents: readonly Extent[]): JoinReading {
    const reading = new JoinReading(this.parts.length);
    for (const extent of extents) this.add(reading, extent);
    return reading;
  }

  private add(reading: JoinReading, extent: Extent): void {
    const { at, into } = extent;
    const length = Math.max(0, Math.min(extent.length, this.end - at));
    const inside = this.parts.findIndex((part) => at >= part.at && at + length <= part.at + part.length);
    if (inside >= 0) reading.addWhole(inside, { at: at - this.parts[inside].at, length, into });
    else if (length <= this.total + MOST_ZEROS)
      this.addPieces(reading, at, into?.subarray(0, length).fill(0) ?? new Uint8Array(length));
    else reading.addFailure(tooLong(length, this.total));
  }

  private addPieces(reading: JoinReading, at: number, target: Uint8Array): void {
    reading.addSeveral(target);
    this.parts.forEach((part, i) => {
      const from = Math.max(at, part.at);
      const to = Math.min(at + target.length, part.at + part.length);
      if (from < to)
        reading.addPiece(i, { at: from - part.at, length: to - from, into: target.subarray(from - at, to - at) });
    });
  }
}

const tooLong = (length: number, total: number): StorageError =>
  new StorageError("cannot read more than all parts have", { found: `${length} bytes`, allowed: `${total}` });

/** Where the bytes of one extent come from. */
type Source =
  | { readonly kind: "whole"; readonly part: number; readonly piece: number }
  | { readonly kind: "several"; readonly target: Uint8Array; readonly pieces: { part: number; piece: number }[] }
  | { readonly kind: "failure"; readonly error: StorageError };

/** What must be read of each part, and how the outcomes are put together. */
class JoinReading {
  readonly pieces: Extent[][];
  private readonly sources: Source[] = [];

  constructor(parts: number) {
    this.pieces = Array.from({ length: parts }, () => []);
  }

  addWhole(part: number, extent: Extent): void {
    this.sources.push({ kind: "whole", part, piece: this.pieces[part].push(extent) - 1 });
  }

  addSeveral(target: Uint8Array): void {
    this.sources.push({ kind: "several", target, pieces: [] });
  }

  /** A piece of the last extent added. */
  addPiece(part: number, extent: Extent): void {
    const source = this.sources[this.sources.length - 1];
    const piece = this.pieces[part].push(extent) - 1;
    if (source.kind === "several") source.pieces.push({ part, piece });
  }

  addFailure(error: StorageError): void {
    this.sources.push({ kind: "failure", error });
  }

  outcomes(answers: readonly (readonly Outcome[])[]): Outcome[] {
    return this.sources.map((source) => {
      if (source.kind === "failure") return source.error;
      if (source.kind === "whole") return answers[source.part][source.piece];
      for (const { part, piece } of source.pieces) {
        const outcome = answers[part][piece];
        if (!(outcome instanceof Uint8Array)) return outcome;
        if (outcome.length < this.pieces[part][piece].length)
          return new StorageError("has a part that became shorter while it was read");
      }
      return source.target;
    });
  }
}
