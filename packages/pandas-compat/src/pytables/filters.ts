/** Filters of a dataset in PyTables' words: a level and the name of a library. */
import type { FilterInfo } from "h5ts";

/** PyTables' `Filters`. */
export interface Filters {
  /** 0: not compressed. */
  readonly complevel: number;
  /** `"zlib"`, `"lzo"`, `"bzip2"`, `"blosc:lz4"`, `"blosc2:zstd"`; null where it is not compressed. */
  readonly complib: string | null;
  readonly shuffle: boolean;
  readonly bitshuffle: boolean;
  readonly fletcher32: boolean;
}

export const NO_FILTERS: Filters = {
  complevel: 0,
  complib: null,
  shuffle: false,
  bitshuffle: false,
  fletcher32: false,
};

const SHUFFLE = 2;
const FLETCHER32 = 3;
const BLOSC = 32001;
const BLOSC2 = 32026;
const LEVELED: Readonly<Record<number, string>> = { 1: "zlib", 305: "lzo", 307: "bzip2" };
export const BLOSC_CODECS: readonly string[] = ["blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"];

/** What a dataset's pipeline says. */
export function filtersOf(pipeline: readonly FilterInfo[]): Filters {
  let filters = NO_FILTERS;
  for (const { id, clientData } of pipeline) {
    if (id === SHUFFLE) filters = { ...filters, shuffle: true };
    else if (id === FLETCHER32) filters = { ...filters, fletcher32: true };
    else if (Object.hasOwn(LEVELED, id)) filters = { ...filters, complevel: clientData[0] ?? 0, complib: LEVELED[id] };
    else if (id === BLOSC || id === BLOSC2)
      filters = { ...filters, ...bloscOf(id === BLOSC ? "blosc" : "blosc2", clientData) };
  }
  return filters;
}

function bloscOf(name: string, clientData: readonly number[]): Partial<Filters> {
  const codec = clientData.length > 6 ? `:${BLOSC_CODECS[clientData[6]] ?? clientData[6]}` : "";
  const shuffle = clientData[5];
  return {
    complevel: clientData[4] ?? 0,
    complib: `${name}${codec}`,
    shuffle: shuffle === 1,
    bitshuffle: shuffle === 2,
  };
}
