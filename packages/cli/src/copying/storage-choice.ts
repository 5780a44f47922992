/** How the datasets of a copy are to be stored, where not as they were. */
import type { DatasetInfo, MembersOptions, StoredOtherwise } from "h5ts";
import { UsageError } from "../command.ts";

/** A filter, and what it is told. */
interface Compression {
  readonly compression: string;
  readonly compressionOpts?: number;
}

/** A choice, for one path or for all datasets. */
interface Choice<T> {
  /** `undefined`: all that no other choice names. */
  readonly path: string | undefined;
  readonly value: T;
}

export interface StorageChoice {
  readonly chunks: readonly Choice<readonly number[] | "none">[];
  readonly filters: readonly Choice<Compression | "none">[];
  readonly shuffle: boolean | undefined;
  readonly fletcher32: boolean | undefined;
  /** Elements below which a dataset keeps no filters, nor chunks of its own. */
  readonly least: number;
}

/** `"[PATH=]VALUE"`. */
function split(text: string): { readonly path: string | undefined; readonly value: string } {
  const at = text.lastIndexOf("=");
  if (at < 0) return { path: undefined, value: text };
  const path = text.slice(0, at);
  return { path: path.startsWith("/") ? path : `/${path}`, value: text.slice(at + 1) };
}

/** `"[PATH=]100x10"`, or `none`. */
export function chunkChoice(text: string): Choice<readonly number[] | "none"> {
  const { path, value } = split(text);
  if (value === "none") return { path, value };
  const chunks = value.split("x").map(Number);
  if (chunks.every((n) => Number.isInteger(n) && n > 0)) return { path, value: chunks };
  throw new UsageError(`--chunks must be numbers with an x between them, or none, not ${value}`);
}

/** `"[PATH=]gzip:9"`, or `none`. */
export function filterChoice(text: string): Choice<Compression | "none"> {
  const { path, value } = split(text);
  if (value === "none") return { path, value };
  const [name, level] = value.split(":");
  if (name === "" || (level !== undefined && !Number.isInteger(Number(level))))
    throw new UsageError(`--compression must be a filter, perhaps with a level: gzip:9, or none, not ${value}`);
  return { path, value: { compression: name, ...(level !== undefined && { compressionOpts: Number(level) }) } };
}

/** The choice for a dataset: one that names it, else one for all. */
function chosen<T>(choices: readonly Choice<T>[], path: string | undefined): T | undefined {
  return (choices.find((one) => one.path === path) ?? choices.find((one) => one.path === undefined))?.value;
}

/** What `copyMembers` asks of a dataset: nothing where it is to be stored as it was. */
export function storedBy(choice: StorageChoice): MembersOptions["stored"] {
  return (path, { dataspace, pipeline }) => {
    const count = dataspace.dims.reduce((product, n) => product * n, 1);
    if (dataspace.kind !== "simple" || count < choice.least) return undefined;
    const chunks = chunkOptions(dataspace, chosen(choice.chunks, path));
    const filters = filterOptions(pipeline, choice, chosen(choice.filters, path));
    return chunks === undefined && filters === undefined ? undefined : { ...chunks, ...filters };
  };
}

type Dataspace = DatasetInfo["dataspace"];

function chunkOptions(
  { dims, maxDims }: Dataspace,
  chunks: readonly number[] | "none" | undefined,
): StoredOtherwise | undefined {
  const grows = maxDims.some((most, d) => most !== dims[d]);
  // Without chunks there can be no filters, and no growth.
  if (chunks === "none") return grows ? undefined : { chunks: false, filters: undefined };
  if (chunks === undefined || chunks.length !== dims.length) return undefined;
  // Chunks of datasets that do not grow are no larger than these.
  return { chunks: chunks.map((n, d) => Math.min(n, Math.max(1, maxDims[d]))) };
}

const SHUFFLE = 2;
const FLETCHER32 = 3;

/** Filters by name; shuffle and checksums are kept, unless something is said of them. */
function filterOptions(
  { filters }: DatasetInfo["pipeline"],
  { shuffle, fletcher32 }: StorageChoice,
  filter: Compression | "none" | undefined,
): StoredOtherwise | undefined {
  if (filter === undefined && shuffle === undefined && fletcher32 === undefined) return undefined;
  const has = (wanted: number): boolean => filters.some(({ id }) => id === wanted);
  const checksum = fletcher32 ?? has(FLETCHER32);
  if (filter === "none") return { filters: checksum ? ["fletcher32"] : [] };
  const kept = filters
    .filter(({ id }) => id !== SHUFFLE && id !== FLETCHER32)
    .map(({ id, clientData }) => ({ filter: id, clientData }));
  const asked = filter === undefined ? kept : [{ filter: filter.compression, options: filter.compressionOpts }];
  return {
    filters: [...((shuffle ?? has(SHUFFLE)) ? ["shuffle"] : []), ...asked, ...(checksum ? ["fletcher32"] : [])],
  };
}
