/** Chunk filters of HDF5: the interface, registries, and one filter per file. Imports nothing of the other packages. */
export { defaultFilters } from "./default.ts";
export {
  type Availability,
  type ChunkDescription,
  type ClientData,
  type Codec,
  CodecError,
  type ElementType,
  type Filter,
  type FilterOptions,
  type FilterRegistry,
  isCodecError,
  type OutputSize,
} from "./filter.ts";
export { describeFilter } from "./names.ts";
export { readerFilters } from "./reader.ts";
export { createRegistry, emptyRegistry, lazyFilter, loadFilters, staticFilter, withFilter } from "./registry.ts";
export { WorkerPool, type WorkerPoolOptions } from "./workers/pool.ts";
export { withWorkers } from "./workers/registry.ts";
