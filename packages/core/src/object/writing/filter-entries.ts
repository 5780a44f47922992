/** Filters as new pipelines need them; a registry of `@h5ts/filters` is one of these. */
import { FilterError } from "../../errors.ts";
import { perform, type Steps } from "../../steps/steps.ts";

export interface FilterCodec {
  clientData?(options: FilterOptions, chunk: ChunkDescription): readonly number[];
}

export interface FilterEntry {
  readonly id: number;
  readonly name: string;
  codec?: FilterCodec;
  load(): Promise<FilterCodec>;
  loadSync?(): FilterCodec | undefined;
}

export interface FilterEntries {
  /** By number in the HDF Group's registry, or by name. */
  get(key: number | string): FilterEntry | undefined;
  /** The name of a filter that it does not have, for errors. */
  describe?(id: number): string;
}

export type FilterOptions =
  | number
  | string
  | readonly (number | string)[]
  | Readonly<Record<string, unknown>>
  | undefined;

/** The chunks that filters are to work on. */
export interface ChunkDescription {
  readonly dims: readonly number[];
  readonly type: { readonly class: string; readonly size: number };
  readonly fillValue?: Uint8Array | null;
}

/** The codec of a filter, loaded if it is not there yet. */
export function* codecOf(entry: FilterEntry): Steps<FilterCodec> {
  return (
    entry.codec ??
    (yield* perform(
      () => loadedSync(entry),
      () => entry.load(),
    ))
  );
}

function loadedSync(entry: FilterEntry): FilterCodec {
  const codec = entry.loadSync?.();
  if (codec !== undefined) return codec;
  throw new FilterError(`the filter ${entry.name} must be loaded first: await loadFilters(["${entry.name}"])`, {
    found: entry.id,
  });
}
