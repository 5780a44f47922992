/**
 * Global heap block for virtual datasets, versions 0 and 1 (HDF5 File Format Specification, section III.F). An object of
 * a global heap, pointed at by the virtual layout of a data layout message.
 */
import type { Fields } from "../../bytes/fields.ts";
import { dataspaceSelection, type StoredSelection } from "../selection/dataspace-selection.ts";

/** One mapping. Selections are over the source's and the virtual dataset's extents. */
export interface VirtualMappingEntry {
  /** File name as stored; `"."` is the same file. */
  readonly file: string;
  readonly dataset: string;
  readonly source: StoredSelection;
  readonly destination: StoredSelection;
}

export interface VirtualMappingBlock {
  /** Version of the encoding found; absent: 0, which all readers know. */
  readonly version?: 0 | 1;
  readonly entries: readonly VirtualMappingEntry[];
}

const FILE_SHARED = 1;
const DATASET_SHARED = 2;
const SAME_FILE = 4;
/** Bytes of the shortest entry: its flags, two names and two selections of everything. */
const LEAST_ENTRY = 33;

/** The block. Written in the value's own version, 0 where it has none. */
export function virtualMappingBlock(f: Fields, v?: VirtualMappingBlock): VirtualMappingBlock {
  const version = f.u8(v && (v.version ?? 0));
  if (version !== 0 && version !== 1) return f.fail("has an unknown version", version, "0 or 1");
  const count = f.length(v?.entries.length);
  if (!(count * LEAST_ENTRY <= f.remaining)) f.fail("has more mappings than bytes", count, `${f.remaining} bytes left`);
  const entries: VirtualMappingEntry[] = [];
  const names = new SharedNames();
  for (let i = 0; i < count; i++) entries.push(entry(f, version, entries, names, v?.entries[i]));
  f.checksum();
  return { version, entries };
}

/** Where each name stood first while writing. */
class SharedNames {
  readonly files: Map<string, number> = new Map();
  readonly datasets: Map<string, number> = new Map();
}

function entry(
  f: Fields,
  version: 0 | 1,
  before: readonly VirtualMappingEntry[],
  names: SharedNames,
  v?: VirtualMappingEntry,
): VirtualMappingEntry {
  const flags = version === 0 ? 0 : f.u8(v && flagsOf(v, names));
  if (flags > (FILE_SHARED | DATASET_SHARED | SAME_FILE)) f.fail("has a mapping with unknown flags", flags, "0 to 7");
  const file =
    (flags & SAME_FILE) !== 0 ? "." : name(f, (flags & FILE_SHARED) !== 0, before, "file", names.files, v?.file);
  const dataset = name(f, (flags & DATASET_SHARED) !== 0, before, "dataset", names.datasets, v?.dataset);
  if (v !== undefined) {
    if (!names.files.has(file)) names.files.set(file, before.length);
    if (!names.datasets.has(dataset)) names.datasets.set(dataset, before.length);
  }
  const source = dataspaceSelection(f, v?.source);
  return { file, dataset, source, destination: dataspaceSelection(f, v?.destination) };
}

function flagsOf(v: VirtualMappingEntry, names: SharedNames): number {
  const file = v.file === "." ? SAME_FILE : names.files.has(v.file) ? FILE_SHARED : 0;
  return file | (names.datasets.has(v.dataset) ? DATASET_SHARED : 0);
}

/** A name, or the number of an earlier entry that has the same. */
function name(
  f: Fields,
  shared: boolean,
  before: readonly VirtualMappingEntry[],
  which: "file" | "dataset",
  known: ReadonlyMap<string, number>,
  v?: string,
): string {
  if (!shared) return f.cstring(v);
  const index = f.length(v === undefined ? undefined : known.get(v));
  if (v !== undefined) return v;
  if (!(index < before.length)) f.fail("shares a name with a mapping that does not come before it", index);
  return before[index][which];
}
