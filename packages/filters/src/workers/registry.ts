/** Registries whose codecs work in a pool when they are called asynchronously. */
import type { Codec, Filter, FilterRegistry } from "../filter.ts";
import { createRegistry } from "../registry.ts";
import type { WorkerPool } from "./pool.ts";

/**
 * `registry` with `decodeAsync` and `encodeAsync` in the pool, for chunks large enough. Codecs that have a way of their
 * own off the calling thread (deflate in Node) keep it. Entries must be those of the default registry, as workers have
 * no others; entries named in `except` stay as they are.
 */
export function withWorkers(
  registry: FilterRegistry,
  pool: WorkerPool,
  except: readonly (number | string)[] = [],
): FilterRegistry {
  const kept = new Set(except.map((key) => registry.get(key)));
  return createRegistry(Array.from(registry, (filter) => (kept.has(filter) ? filter : pooled(filter, pool))));
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
    decodeAsync: async (input, clientData, size) => {
      const inThread = (): Uint8Array => codec.decode(input, clientData, size);
      if (!pool.takes(size.exact ?? 4 * input.length)) return inThread();
      return (await pool.run(id, input, clientData, size, inThread)) as Uint8Array;
    },
    encodeAsync:
      codec.encode &&
      (async (input, clientData) => {
        const inThread = (): Uint8Array | undefined => codec.encode?.(input, clientData);
        return pool.takes(input.length) ? pool.run(id, input, clientData, undefined, inThread) : inThread();
      }),
  };
}
