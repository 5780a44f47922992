/** Storages around a storage: the same modes, other reads. The bytes in memory of the inner one are hidden. */
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

/** A storage of the modes that `S` has. */
export type Wrapped<S extends Storage> = (S extends SyncStorage ? SyncStorage : unknown) &
  (S extends AsyncStorage ? AsyncStorage : unknown);

export interface Wrapping {
  readonly label?: string;
  readonly costs?: Partial<AccessCosts>;
  /** In place of the inner storage's own; `inner` is that. */
  readonly readSync?: (extents: readonly Extent[], inner: SyncStorage) => Outcome[];
  readonly read?: (extents: readonly Extent[], inner: AsyncStorage, signal?: AbortSignal) => Promise<Outcome[]>;
}

export function wrapped<S extends Storage>(inner: S, around: Wrapping): Wrapped<S> {
  const common = { label: around.label ?? inner.label, costs: { ...inner.costs, ...around.costs } };
  return {
    ...common,
    ...(isSync(inner) ? syncPart(inner, around) : {}),
    ...(isAsync(inner) ? asyncPart(inner, around) : {}),
  } as unknown as Wrapped<S>;
}

const syncPart = (inner: SyncStorage, { readSync }: Wrapping): Omit<SyncStorage, "label" | "costs"> => ({
  readSync: (extents) => (readSync === undefined ? inner.readSync(extents) : readSync(extents, inner)),
  sizeSync: () => inner.sizeSync(),
  closeSync: () => inner.closeSync(),
});

const asyncPart = (inner: AsyncStorage, { read }: Wrapping): Omit<AsyncStorage, "label" | "costs"> => ({
  read: (extents, signal) => (read === undefined ? inner.read(extents, signal) : read(extents, inner, signal)),
  size: (signal) => inner.size(signal),
  close: () => inner.close(),
});
