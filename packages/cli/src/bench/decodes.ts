/** Filters that count the chunks they decode. */
import { defaultFilters, type Filter, type FilterRegistry, withFilter } from "h5ts";

type Codec = NonNullable<Filter["codec"]>;

/** The default filters, of which the layout's own counts: its compression, or else shuffle. */
export function countedDecodes({
  compression,
  shuffle,
}: {
  readonly compression?: string;
  readonly shuffle?: boolean;
}): {
  readonly filters: FilterRegistry;
  /** Chunks decoded so far. */
  readonly decodes: () => number;
} {
  let count = 0;
  const name = compression ?? (shuffle ? "shuffle" : undefined);
  const filter = name === undefined ? undefined : defaultFilters.get(name);
  const codec = filter?.codec ?? filter?.loadSync?.();
  if (!filter || !codec) return { filters: defaultFilters, decodes: () => 0 };
  const counting: Codec = Object.assign(Object.create(codec) as Codec, {
    decode(...given: Parameters<Codec["decode"]>): Uint8Array {
      count++;
      return codec.decode(...given);
    },
  });
  const { id, name: known, aliases } = filter;
  const entry: Filter = { id, name: known, ...(aliases && { aliases }), codec: counting, load: async () => counting };
  return { filters: withFilter(defaultFilters, entry), decodes: () => count };
}
