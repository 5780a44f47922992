/** Registries whose codecs work in a pool when they are called asynchronously. */
import { defaultFilters } from "../default.ts";
import type { Codec, Filter, FilterRegistry } from "../filter.ts";
import { createRegistry } from "../registry.ts";
import type { WorkerPool } from "./pool.ts";

/**
 * `registry` with `decodeAsync` and `encodeAsync` in the pool, for chunks that are worth it. Codecs that have a way of
 * their own off the calling thread (deflate in Node) keep it, and so do filters that are not of the default registry, as
 * workers have no others.
 */
export function withWorkers(registry: FilterRegistry, pool: WorkerPool): FilterRegistry {
  return createRegistry(
    Array.from(registry, (filter) => (defaultFilters.get(filter.id) === filter ? pooled(filter, pool) : filter)),
    registry.describe,
  );
}

function pooled(filter: Filter, pool: WorkerPool): Filter {
  const wrap = (codec: Codec): Codec => {
    wrapped ??= codec.decodeAsync ? codec : pooledCodec(filter.id, codec, pool);
    return wrapped;
  };
  let wrapped: Codec | undefined;
  const { id, name, aliases } = filter;
  return {
    id,
    name,
    aliases,
    get codec() {
      return filter.codec && wrap(filter.codec);
    },
    load: async () => wrap(await filter.load()),
    loadSync: () => {
      const codec = filter.loadSync?.();
      return codec && wrap(codec);
    },
  };
}

function pooledCodec(id: number, codec: Codec, pool: WorkerPool): Codec {
  return {
    ...codec,
    asyncFrom: pool.minBytes,
    decodeAsync: async (input, clientData, size, signal) => {
      const inThread = (): Uint8Array => codec.decode(input, clientData, size);
      const { exact, max } = size;
      const bytes = exact ?? Math.min(max, 4 * input.length);
      // Room that the caller has is no worker's.
      const told = { exact, max };
      return (await pool.run({ filter: id, input, clientData, size: told, bytes, inThread, signal })) as Uint8Array;
    },
    encodeAsync:
      codec.encode &&
      (async (input, clientData, signal) => {
        const inThread = (): Uint8Array | undefined => codec.encode?.(input, clientData);
        const bytes = input.length;
        return pool.run({ filter: id, input, clientData, size: undefined, bytes, inThread, signal });
      }),
  };
}
