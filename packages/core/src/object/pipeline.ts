/** The filters of a dataset in h5py's words: `compression`, `compressionOpts`, `shuffle`, `fletcher32`, `scaleOffset`. */
import type { DatasetInfo } from "../contract.ts";

/** A filter of a dataset's pipeline, in the order of writing. */
export interface FilterInfo {
  /** Number in the HDF Group's registry. */
  readonly id: number;
  /** Name in the registry that the file was opened with; else the one that the file has; else `""`. */
  readonly name: string;
  /** The words that the file keeps for the filter. */
  readonly clientData: readonly number[];
  /** Whether a chunk may be stored without it. */
  readonly optional: boolean;
}

/** What szip was told, as h5py has it: its coding, entropy or nearest neighbour, and the pixels of a block. */
export type SzipOptions = readonly [coding: "ec" | "nn", pixelsPerBlock: number];

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const SZIP = 4;
const NBIT = 5;
const SCALE_OFFSET = 6;
const LZF = 32000;

/** Filters that h5py gives a property of its own, and nbit: none of them is "the compression". */
const OTHERS: ReadonlySet<number> = new Set([SHUFFLE, FLETCHER32, NBIT, SCALE_OFFSET]);

/** Bit of szip's option mask: nearest neighbour coding; else entropy coding. */
const NEAREST_NEIGHBOUR = 32;
/** Bit of a filter's flags. */
const OPTIONAL = 1;

export type Pipeline = readonly FilterInfo[];

export function pipelineOf(info: DatasetInfo, nameOf: (id: number) => string | undefined): Pipeline {
  return info.pipeline.filters.map(({ id, name, flags, clientData }) => ({
    id,
    name: nameOf(id) ?? name,
    clientData,
    optional: (flags & OPTIONAL) !== 0,
  }));
}

const compressor = (pipeline: Pipeline): FilterInfo | undefined => pipeline.find(({ id }) => !OTHERS.has(id));

/** `"gzip"`, `"lzf"`, `"szip"`, `"zstd"` ...; the filter's number where it has no name. */
export function compressionOf(pipeline: Pipeline): string | number | undefined {
  const filter = compressor(pipeline);
  if (filter === undefined) return undefined;
  return filter.id === DEFLATE ? "gzip" : filter.name || filter.id;
}

/** The level of gzip; coding and block of szip; nothing of lzf; of others the client data as it is. */
export function compressionOptsOf(pipeline: Pipeline): number | SzipOptions | readonly number[] | undefined {
  const filter = compressor(pipeline);
  if (filter === undefined || filter.id === LZF) return undefined;
  const [first, second] = filter.clientData;
  if (filter.id === DEFLATE) return first;
  if (filter.id === SZIP) return [(first & NEAREST_NEIGHBOUR) !== 0 ? "nn" : "ec", second];
  return filter.clientData;
}

export const hasShuffle = (pipeline: Pipeline): boolean => pipeline.some(({ id }) => id === SHUFFLE);
export const hasFletcher32 = (pipeline: Pipeline): boolean => pipeline.some(({ id }) => id === FLETCHER32);

/** Scale factor: decimal digits kept of floats; bits of integers, 0 if each chunk has its own. */
export function scaleOffsetOf(pipeline: Pipeline): number | undefined {
  return pipeline.find(({ id }) => id === SCALE_OFFSET)?.clientData[1];
}
