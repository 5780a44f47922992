/**
 * The registry of filters, a value: made from entries, extended by {@link withFilter}, handed in when a file is opened.
 * Nothing is global, and a file never causes code to be loaded that is not in the registry it was opened with.
 */
import type { Availability, Codec, Filter, FilterRegistry } from "./filter.ts";

/**
 * A registry of these filters; of two with one id or name the later wins.
 *
 * @param describe names filters that are not in it
 */
export function createRegistry(
  filters: Iterable<Filter> = [],
  describe: (id: number) => string = (id) => `filter ${id}`,
): FilterRegistry {
  const byId = new Map<number, Filter>();
  const byName = new Map<string, Filter>();
  for (const filter of filters) {
    byId.set(filter.id, filter);
    for (const name of [filter.name, ...(filter.aliases ?? [])]) byName.set(name, filter);
  }
  const get = (key: number | string): Filter | undefined => (typeof key === "number" ? byId : byName).get(key as never);
  return {
    size: byId.size,
    get,
    available: (key) => availability(get(key)),
    describe: (id) => {
      const name = byId.get(id)?.name;
      return name === undefined ? describe(id) : `${name} (filter ${id})`;
    },
    [Symbol.iterator]: () => byId.values(),
  };
}

function availability(filter: Filter | undefined): Availability {
  if (!filter) return { decode: false, encode: false, sync: false };
  const codec = filter.codec ?? filter.loadSync?.();
  // What is loaded later does both.
  return { decode: true, encode: codec === undefined || codec.encode !== undefined, sync: codec !== undefined };
}

/** A registry without any filter. */
export const emptyRegistry: FilterRegistry = /* @__PURE__ */ createRegistry();

/** `registry` and these filters, which win over entries of the same id or name; `registry` itself stays as it is. */
export function withFilter(registry: FilterRegistry, ...filters: readonly Filter[]): FilterRegistry {
  return createRegistry([...registry, ...filters], registry.describe);
}

/** An entry whose codec is linked statically. */
export function staticFilter(id: number, name: string, codec: Codec, aliases?: readonly string[]): Filter {
  return { id, name, aliases, codec, load: () => Promise.resolve(codec), loadSync: () => codec };
}

/**
 * An entry whose codec is loaded on first use, once.
 *
 * @param load imports the module that holds the codec
 * @param loadSync the same at once where the platform can, else `undefined`
 */
export function lazyFilter(
  id: number,
  name: string,
  load: () => Promise<Codec>,
  loadSync?: () => Codec | undefined,
  aliases?: readonly string[],
): Filter {
  let loading: Promise<Codec> | undefined;
  const filter: Filter = {
    id,
    name,
    aliases,
    load: () => {
      if (filter.codec) return Promise.resolve(filter.codec);
      loading ??= load().then(
        (codec) => (filter.codec ??= codec),
        (error) => {
          loading = undefined;
          throw error;
        },
      );
      return loading;
    },
    loadSync: () => (filter.codec ??= loadSync?.()),
  };
  return filter;
}

/**
 * Loads the codecs of these filters, all of the registry by default, so that synchronous calls find them present.
 *
 * @param keys names or ids; one that the registry lacks is a `RangeError`
 */
export async function loadFilters(registry: FilterRegistry, keys?: Iterable<number | string>): Promise<void> {
  const filters = keys ? Array.from(keys, (key) => required(registry, key)) : [...registry];
  await Promise.all(filters.map((filter) => filter.load()));
}

function required(registry: FilterRegistry, key: number | string): Filter {
  const filter = registry.get(key);
  if (!filter) throw new RangeError(`no filter ${JSON.stringify(key)} in this registry`);
  return filter;
}
