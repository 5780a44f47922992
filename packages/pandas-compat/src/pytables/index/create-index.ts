/** New indexes of columns, as PyTables lays them out. */
import { DType, type FileDatatype, Group, SelectionError } from "h5ts";
import type { AnyDataset } from "../array-node.ts";
import { type Compression, filterSpecs } from "../compression.ts";
import { type AnyGroup, groupAttributes } from "../create.ts";
import { asBool, asBytes, asInt64, asText, type Stored, writeAttributes } from "../write-attributes.ts";
import { type IndexedColumn, indexType } from "./column-values.ts";
import { fillIndex } from "./fill-index.ts";
import { indexGroupName, openIndex } from "./open-index.ts";
import { type IndexKind, type IndexSizes, indexSizes, KIND_BYTES, reductionOf } from "./sizes.ts";

/** What kind of index: PyTables' words. */
export interface IndexOptions {
  /** How much is spent on it, 0 to 9. Default 6, as in PyTables; 9 of kind `"full"` is sorted completely. */
  readonly optlevel?: number;
  /** What it knows of rows. Default `"medium"`. */
  readonly kind?: IndexKind;
  /** Rows that there will be. Default: those of the table. */
  readonly expectedRows?: number;
}

/** As PyTables: quick, and small enough. */
const COMPRESSION: Compression = { complevel: 1, complib: "zlib", shuffle: true };
/** The same in the attribute FILTERS. */
const FILTERS = 65_793;

/** A table, where it stands. */
export interface IndexedTable {
  readonly parent: AnyGroup;
  readonly name: string;
  readonly table: AnyDataset;
}

/** Makes the index of a column, in place of what index it has. */
export async function createIndex(of: IndexedTable, column: IndexedColumn, options: IndexOptions = {}): Promise<void> {
  const { optlevel = 6, kind = "medium" } = options;
  if (!(Number.isInteger(optlevel) && optlevel >= 0 && optlevel <= 9 && Object.hasOwn(KIND_BYTES, kind)))
    throw new SelectionError("is no kind of index", {
      structure: "PyTables index",
      found: `${kind}, ${optlevel}`,
      allowed: `${Object.keys(KIND_BYTES).join(", ")}; 0 to 9`,
    });
  const type = indexType(column);
  const names = column.path.split("/");
  const container = await indexContainer(of);
  const parent = await nestedGroup(container, names.slice(0, -1));
  const name = names[names.length - 1];
  if (await parent.has(name)) await parent.delete(name);
  const group = await parent.createGroup(name);
  const rows = of.table.shape[0];
  const sizes = indexSizes(Math.max(options.expectedRows ?? rows, rows), optlevel, kind, type.size);
  const reduction = reductionOf(kind, optlevel, sizes);
  await writeAttributes(group, {
    CLASS: asText("INDEX"),
    TITLE: asText(`Index for ${name} column`),
    VERSION: asText("2.1"),
    FILTERS: asInt64(FILTERS),
    superblocksize: { as: "uint64", value: BigInt(sizes.superblocksize) },
    blocksize: { as: "uint64", value: BigInt(sizes.blocksize) },
    slicesize: { as: "uint32", value: sizes.slicesize },
    chunksize: { as: "uint32", value: sizes.chunksize },
    optlevel: asInt64(optlevel),
    reduction: asInt64(reduction),
    DIRTY: { as: "int32", value: 1 },
  });
  for (const [part, about] of Object.entries(partsOf(type, kind, sizes, reduction)))
    await createPart(group, part, about);
  const made = await openIndex(group);
  const isComplete = made !== undefined && (await fillIndex(made, of.table, column));
  if (kind === "full") await writeAttributes(group, { is_csi: asBool(isComplete && rows > 0) });
  await writeAttributes(group, { DIRTY: { as: "int32", value: 0 } });
}

/** The group of all indexes of a table. */
async function indexContainer({ parent, name }: IndexedTable): Promise<AnyGroup> {
  const found = await parent.get(indexGroupName(name));
  if (found instanceof Group) return found;
  const group = await parent.createGroup(indexGroupName(name));
  const path = `${parent.name === "/" ? "" : parent.name}/${name}`;
  await writeAttributes(group, {
    CLASS: asText("TINDEX"),
    TITLE: asText(`Indexes container for table ${path}`),
    VERSION: asText("1.0"),
  });
  return group;
}

/** Nested columns stand in groups of their own. */
async function nestedGroup(container: AnyGroup, names: readonly string[]): Promise<AnyGroup> {
  let group = container;
  for (const name of names) {
    const found = await group.get(name);
    if (found instanceof Group) {
      group = found;
      continue;
    }
    group = await group.createGroup(name);
    await writeAttributes(group, {
      ...groupAttributes(`Indexes container for table ${name}`),
      CLASS: asText("DINDEX"),
    });
  }
  return group;
}

interface Part {
  readonly type: FileDatatype;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly title: string;
  readonly class: "INDEXARRAY" | "CACHEARRAY" | "EARRAY" | "LASTROWARRAY";
}

/** Slices that parts of one value a slice have room for in a chunk. */
const SLICES = 64;

/** The arrays of an index, by name. */
function partsOf(
  type: FileDatatype,
  kind: IndexKind,
  { slicesize, chunksize }: IndexSizes,
  reduction: number,
): Readonly<Record<string, Part>> {
  const number = DType.from(`uint${8 * KIND_BYTES[kind]}`).datatype;
  const [slice, chunk] = [slicesize / reduction, chunksize / reduction];
  const bounds = Math.floor((slice - 1) / chunk);
  const perSlice = Math.ceil(slice / chunk);
  const growing = { type, class: "EARRAY", shape: [0], chunks: [perSlice] } as const;
  return {
    sorted: { type, class: "INDEXARRAY", shape: [0, slice], chunks: [1, chunk], title: "Sorted Values" },
    indices: {
      type: number,
      class: "INDEXARRAY",
      shape: [0, slicesize],
      chunks: [1, chunksize],
      title: "Number of chunk in table",
    },
    ranges: { type, class: "CACHEARRAY", shape: [0, 2], chunks: [SLICES, 2], title: "Range Values" },
    mranges: { ...growing, chunks: [SLICES], title: "Median ranges" },
    bounds: {
      type,
      class: "CACHEARRAY",
      shape: [0, bounds],
      chunks: [1, Math.max(1, bounds)],
      title: "Boundary Values",
    },
    abounds: { ...growing, title: "Start bounds" },
    zbounds: { ...growing, title: "End bounds" },
    mbounds: { ...growing, title: "Median bounds" },
    ...lastRowParts(type, number, slicesize, slice + 2 + bounds, chunksize, chunk),
  };
}

/** What is less than a slice: it has a slice's room. */
function lastRowParts(
  type: FileDatatype,
  number: FileDatatype,
  slicesize: number,
  sortedRoom: number,
  chunksize: number,
  chunk: number,
): Readonly<Record<string, Part>> {
  const last = { class: "LASTROWARRAY" } as const;
  return {
    sortedLR: { ...last, type, shape: [sortedRoom], chunks: [chunk], title: "Last Row sorted values + bounds" },
    indicesLR: { ...last, type: number, shape: [slicesize], chunks: [chunksize], title: "Last Row indices" },
  };
}

async function createPart(group: AnyGroup, name: string, part: Part): Promise<void> {
  const { type, shape, chunks } = part;
  const grows = shape[0] === 0;
  const bytes = chunks.reduce((product, dim) => product * dim, type.size);
  const dataset = (await group.createDataset(name, {
    shape,
    dtype: new DType(type),
    chunks,
    ...(grows ? { maxShape: [null, ...shape.slice(1)] } : {}),
    filters: filterSpecs(COMPRESSION, grows ? "earray" : "carray", type.size, bytes),
  })) as AnyDataset;
  const attributes: Record<string, Stored> = {
    CLASS: asBytes(part.class),
    VERSION: asBytes("1.1"),
    TITLE: asBytes(part.title),
  };
  if (grows) attributes.EXTDIM = { as: "int32", value: 0 };
  if (part.class === "LASTROWARRAY") attributes.nelements = asInt64(0);
  await writeAttributes(dataset, attributes);
}
