/** The filters of a new dataset: from h5py's words to descriptions in the order of writing. */
import type { NewDataset } from "../../contract.ts";
import { FilterError, isH5Error, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { DatasetOptions, FilterSpec } from "./dataset-options.ts";
import { type ChunkDescription, codecOf, type FilterEntries, type FilterOptions } from "./filter-entries.ts";

type Description = NewDataset["pipeline"]["filters"][number];

const OPTIONAL = 1;
const FLETCHER32 = 3;
const SCALE_OFFSET = 6;
/** As h5py has them: levels of gzip, where a number is asked for. */
const LEVELS = 9;
const DEFAULT_LEVEL = 4;
/** Lowest and highest numbers of filters. */
const MOST = 65_535;

/** Whether a filter is asked for, so that the dataset must be chunked. */
export function wantsFilters(options: DatasetOptions): boolean {
  const { compression, compressionOpts, shuffle, fletcher32, filters } = options;
  if (compressionOpts !== undefined && !isAsked(compression)) {
    throw new FilterError("compressionOpts needs a compression");
  }
  return isAsked(compression) || shuffle === true || fletcher32 === true || hasScale(options) || filters !== undefined;
}

/** 0 is a level of gzip. */
const isAsked = (compression: DatasetOptions["compression"]): boolean =>
  compression !== undefined && compression !== false;

const hasScale = ({ scaleOffset }: DatasetOptions): boolean => scaleOffset !== undefined && scaleOffset !== false;

/** The descriptions; codecs are loaded to say what is stored for their options. FilterError where they do not agree. */
export function* newPipeline(
  entries: FilterEntries,
  options: DatasetOptions,
  chunk: ChunkDescription,
): Steps<Description[]> {
  const descriptions: Description[] = [];
  for (const spec of options.filters === undefined ? specsOf(options, chunk) : explicit(options)) {
    descriptions.push(yield* described(entries, spec, chunk, options.allowUnknownFilter === true));
  }
  const needed = descriptions.find(({ flags }) => (flags & OPTIONAL) === 0);
  if (chunk.type.class === "vlen" && needed !== undefined) {
    throw new FilterError("data of variable length is not suitable for filters that must not be left out", {
      found: needed.id,
    });
  }
  return descriptions;
}

function explicit({ filters = [], ...options }: DatasetOptions): FilterSpec[] {
  if (wantsFilters(options)) {
    throw new FilterError("the option filters stands in place of compression, shuffle, fletcher32 and scaleOffset");
  }
  return filters.map((each) => (typeof each === "object" ? each : { filter: each }));
}

/** In h5py's order: scale-offset and shuffle before compression, the checksum last. */
function specsOf(options: DatasetOptions, { type }: ChunkDescription): FilterSpec[] {
  const { shuffle, fletcher32, compression } = options;
  const specs: FilterSpec[] = [];
  if (hasScale(options)) specs.push(scaleSpec(options, type.class));
  if (shuffle === true) specs.push({ filter: "shuffle" });
  if (isAsked(compression)) specs.push(compressionSpec(options));
  if (fletcher32 === true) specs.push({ filter: FLETCHER32 });
  return specs;
}

function scaleSpec({ scaleOffset, fletcher32 }: DatasetOptions, kind: string): FilterSpec {
  if (kind !== "integer" && kind !== "float") {
    throw new FilterError("scaleOffset works on integers and floats alone", { found: kind });
  }
  if (fletcher32 === true) throw new FilterError("fletcher32 cannot be used with scaleOffset, which may lose digits");
  if (scaleOffset === true && kind === "float") {
    throw new FilterError("scaleOffset of floats needs a number of decimal digits", { found: true });
  }
  if (typeof scaleOffset === "number" && scaleOffset < 0) {
    throw new FilterError("scaleOffset must not be negative", { found: scaleOffset });
  }
  return { filter: SCALE_OFFSET, options: scaleOffset === true ? 0 : Number(scaleOffset) };
}

function compressionSpec({ compression, compressionOpts }: DatasetOptions): FilterSpec {
  if (compression === true) return { filter: "gzip", options: compressionOpts ?? DEFAULT_LEVEL };
  if (typeof compression === "string") return { filter: compression, options: compressionOpts };
  const number = Number(compression);
  if (!Number.isInteger(number) || number < 0 || number > MOST) {
    throw new FilterError("is no number of a filter", { found: number, allowed: `0 to ${MOST}` });
  }
  if (number <= LEVELS) {
    if (compressionOpts === undefined) return { filter: "gzip", options: number };
    throw new FilterError("compressionOpts cannot be given beside a level of gzip", { found: number });
  }
  // As in h5py, a list that comes with a number is what is to be stored.
  const stored = Array.isArray(compressionOpts) && compressionOpts.every((word) => Number.isInteger(word));
  return stored ? { filter: number, clientData: compressionOpts } : { filter: number, options: compressionOpts };
}

function* described(
  entries: FilterEntries,
  { filter, options, clientData, optional }: FilterSpec,
  chunk: ChunkDescription,
  allowUnknown: boolean,
): Steps<Description> {
  const entry = entries.get(filter);
  if (entry === undefined) {
    if (allowUnknown && typeof filter === "number") {
      return { id: filter, name: "", flags: flagsOf(filter, optional), clientData: words(clientData ?? []) };
    }
    const name =
      typeof filter === "number"
        ? (entries.describe?.(filter) ?? `filter ${filter}`)
        : `a filter ${JSON.stringify(filter)}`;
    throw new UnsupportedError(`the file was opened without ${name}: withFilter supplies one`, { found: filter });
  }
  const { id, name } = entry;
  const data = clientData ?? (yield* clientDataFor(entry, options, chunk));
  return { id, name, flags: flagsOf(id, optional), clientData: words(data) };
}

function* clientDataFor(
  entry: Parameters<typeof codecOf>[0],
  options: FilterOptions,
  chunk: ChunkDescription,
): Steps<readonly number[]> {
  const codec = yield* codecOf(entry);
  if (codec.clientData === undefined) {
    if (options === undefined) return [];
    throw new FilterError(`the filter ${entry.name} has no options`, { found: String(options) });
  }
  try {
    return codec.clientData(options, chunk);
  } catch (cause) {
    if (isH5Error(cause) || !(cause instanceof Error)) throw cause;
    throw new FilterError(`options do not suit: ${cause.message}`, { found: entry.id, cause });
  }
}

const flagsOf = (id: number, optional = id !== FLETCHER32): number => (optional ? OPTIONAL : 0);

/** 32-bit words. */
function words(data: readonly number[]): number[] {
  const wrong = data.find((word) => !Number.isInteger(word) || word < -(2 ** 31) || word >= 2 ** 32);
  if (wrong !== undefined) throw new UnsupportedError("client data are 32-bit words", { found: wrong });
  return data.map((word) => word >>> 0);
}
