/** New nodes, with the attributes that PyTables gives them. */
import { type DatasetOptions, DType, dtype, type FileDatatype, Group, type H5File } from "h5ts";
import type { AnyDataset } from "./array-node.ts";
import { chunkShape, rowsInChunk } from "./chunk-shape.ts";
import { type Compression, filterSpecs, isFiltered } from "./compression.ts";
import { asBytes, asInt64, asText, type Stored, writeAttributes } from "./write-attributes.ts";

export type AnyGroup = Group<"async">;

/** Makes the root of a new file PyTables' own. */
export async function markRoot(file: H5File<"async">): Promise<void> {
  if (await file.attrs.has("PYTABLES_FORMAT_VERSION")) return;
  if (!(await file.attrs.has("CLASS"))) await writeAttributes(file, groupAttributes());
  await writeAttributes(file, { PYTABLES_FORMAT_VERSION: asText("2.1") });
}

export const groupAttributes = (title = ""): Record<string, Stored> => ({
  CLASS: asText("GROUP"),
  TITLE: asText(title),
  VERSION: asText("1.0"),
});

/** The group at a path, made with all on the way to it. */
export async function requireGroup(root: AnyGroup, path: string): Promise<AnyGroup> {
  let group = root;
  for (const name of path.split("/").filter((part) => part !== "")) {
    const found = await group.get(name);
    if (found instanceof Group) group = found;
    else {
      group = await group.createGroup(name);
      await writeAttributes(group, groupAttributes());
    }
  }
  return group;
}

/** A new group without contents. */
export async function createGroup(root: AnyGroup, path: string): Promise<AnyGroup> {
  const cut = path.lastIndexOf("/");
  const parent = await requireGroup(root, path.slice(0, Math.max(cut, 0)));
  const group = await parent.createGroup(path.slice(cut + 1));
  await writeAttributes(group, groupAttributes());
  return group;
}

/** Elements to be written: as they are to stand in the file. */
export interface RawArray {
  readonly type: DType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A new Array; a CArray where it is to be compressed. */
export async function createArray(
  group: AnyGroup,
  name: string,
  { type, shape, bytes }: RawArray,
  compression: Compression = {},
): Promise<AnyDataset> {
  const filtered = isFiltered(compression) && bytes.length > 0;
  const chunks = chunkShape(shape, type.itemsize);
  const chunkBytes = chunks.reduce((product, dim) => product * dim, type.itemsize);
  const options: DatasetOptions = filtered
    ? { chunks, filters: filterSpecs(compression, "carray", type.itemsize, chunkBytes) }
    : {};
  const dataset = (await group.createDataset(name, { shape, dtype: type, ...options })) as AnyDataset;
  if (bytes.length > 0) await dataset.asBytes().write(bytes);
  const attributes: Record<string, Stored> = filtered
    ? { CLASS: asBytes("CARRAY"), VERSION: asBytes("1.1"), TITLE: asBytes("") }
    : { CLASS: asText("ARRAY"), VERSION: asText("2.4"), TITLE: asText(""), FLAVOR: asText("numpy") };
  await writeAttributes(dataset, attributes);
  return dataset;
}

/** A new VLArray of objects, each a pickle. A chunk of one row: PyTables' own takes a megabyte. */
export async function createObjects(
  group: AnyGroup,
  name: string,
  rows: readonly Uint8Array[],
  compression: Compression = {},
): Promise<AnyDataset> {
  const dataset = (await group.createDataset(name, {
    data: [...rows],
    shape: [rows.length],
    dtype: dtype.vlen("u1"),
    maxShape: [null],
    chunks: [1],
    ...(isFiltered(compression) ? { filters: objectFilters(compression) } : {}),
  })) as AnyDataset;
  await writeAttributes(dataset, {
    CLASS: asText("VLARRAY"),
    VERSION: asText("1.4"),
    TITLE: asText(""),
    PSEUDOATOM: asText("object"),
  });
  return dataset;
}

/** Of data that stands elsewhere only filters that may be left out are allowed. */
const objectFilters = (compression: Compression): DatasetOptions["filters"] =>
  filterSpecs({ ...compression, fletcher32: false }, "vlarray", 16, 16).map((spec) => ({ ...spec, optional: true }));

/** A column of a new table. */
export interface NewColumn {
  readonly name: string;
  readonly type: FileDatatype;
}

export interface NewTable {
  readonly columns: readonly NewColumn[];
  readonly expectedRows: number;
  readonly compression?: Compression;
  readonly title?: string;
}

/** A new table without rows. */
export async function createTable(group: AnyGroup, name: string, table: NewTable): Promise<AnyDataset> {
  const { columns, expectedRows, compression = {}, title = "" } = table;
  const type = dtype.compound(columns.map(({ name: column, type: member }) => [column, new DType(member)] as const));
  const rows = rowsInChunk(expectedRows, type.itemsize);
  const dataset = (await group.createDataset(name, {
    shape: [0],
    maxShape: [null],
    dtype: type,
    chunks: [rows],
    filters: filterSpecs(compression, "table", type.itemsize, rows * type.itemsize),
  })) as AnyDataset;
  await writeAttributes(dataset, { CLASS: asText("TABLE"), VERSION: asText("2.7"), TITLE: asText(title) });
  await writeAttributes(dataset, fieldAttributes(columns));
  await writeAttributes(dataset, { NROWS: asInt64(0) });
  return dataset;
}

function fieldAttributes(columns: readonly NewColumn[]): Record<string, Stored> {
  const attributes: Record<string, Stored> = {};
  columns.forEach(({ name }, i) => {
    attributes[`FIELD_${i}_NAME`] = asText(name);
  });
  return attributes;
}

/** What stands where nothing was given: zero, or nothing. */
export async function writeFills(dataset: AnyDataset, columns: readonly NewColumn[]): Promise<void> {
  for (const [i, { type }] of columns.entries()) {
    const shape = type.class === "array" ? type.dims : [];
    const element = type.class === "array" ? type.base : type;
    const fill = fillType(element);
    const bytes = new Uint8Array(shape.reduce((product, dim) => product * dim, fill.itemsize));
    await dataset.attrs.create(`FIELD_${i}_FILL`, bytes, { dtype: fill, shape, asBytes: true });
  }
}

/** Of text the fill is one of no bytes, which NumPy gives one. */
const fillType = (type: FileDatatype): DType =>
  type.class === "string" ? dtype.string({ length: 1, encoding: "ascii", padding: "nullterm" }) : new DType(type);
