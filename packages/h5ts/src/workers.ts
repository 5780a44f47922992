/** Workers for the chunks of one open file. */
import { type FilterRegistry, WorkerPool, type WorkerPoolOptions, withWorkers } from "@h5ts/filters";

/** Options of the workers in which chunks are decoded and encoded; see `open`. */
export type WorkersOptions = WorkerPoolOptions;

/** The registry with a pool for one file, and what ends the pool. */
export interface PooledFilters {
  readonly filters: FilterRegistry;
  readonly release?: () => void;
}

/** `undefined`: a pool where workers are found for sure. */
export function pooledFilters(filters: FilterRegistry, workers: WorkersOptions | false | undefined): PooledFilters {
  if (workers === false || workers?.count === 0 || (workers === undefined && !WorkerPool.available)) return { filters };
  const pool = new WorkerPool(workers);
  return { filters: withWorkers(filters, pool), release: () => pool.close() };
}
