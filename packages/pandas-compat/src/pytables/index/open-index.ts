/** PyTables' index of a column: a group beside the table, of sorted values and the buckets that they are in. */
import { type FileDatatype, FormatError, Group } from "h5ts";
import type { AnyDataset } from "../array-node.ts";
import { NodeAttributes } from "../attributes.ts";
import type { AnyGroup } from "../create.ts";
import { type IndexKind, type IndexSizes, kindOfBytes } from "./sizes.ts";

/** The group that holds the indexes of a table. */
export const indexGroupName = (table: string): string => `_i_${table}`;

/** An index. Whole slices of values are sorted by themselves; what is left over is the last row. */
export interface OpenIndex {
  readonly group: AnyGroup;
  readonly kind: IndexKind;
  readonly optlevel: number;
  readonly sizes: IndexSizes;
  /** Of how many sorted values one is kept. */
  readonly reduction: number;
  /** Whole slices. */
  readonly slices: number;
  /** Rows in the last row. */
  readonly lastRows: number;
  /** Sorted values kept of it. */
  readonly lastSorted: number;
  /** The values' type. */
  readonly type: FileDatatype;
  readonly sorted: AnyDataset;
  readonly sortedLR: AnyDataset;
  readonly isDirty: boolean;
  readonly isCsi: boolean;
}

const STRUCTURE = "PyTables index";

/** The index in a group; `undefined` where that is none, or one of PyTables 1, which PyTables does not read any more. */
export async function openIndex(group: AnyGroup): Promise<OpenIndex | undefined> {
  const attrs = await NodeAttributes.of(group);
  if (attrs.systemText("CLASS") !== "INDEX" || attrs.systemText("VERSION") !== "2.1") return undefined;
  const number = (name: string, least: number, most = Number.MAX_SAFE_INTEGER): number => {
    const value = attrs.number(name);
    if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) return value;
    return wrong(group, name, value);
  };
  const [sorted, indices, sortedLR, indicesLR] = await Promise.all(
    ["sorted", "indices", "sortedLR", "indicesLR"].map((name) => group.dataset(name) as Promise<AnyDataset>),
  );
  const kind = kindOfBytes(indices.dtype.itemsize) ?? wrong(group, "indices", indices.dtype.toString());
  const sizes: IndexSizes = {
    superblocksize: number("superblocksize", 1),
    blocksize: number("blocksize", 1),
    slicesize: number("slicesize", 1, 2 ** 31),
    chunksize: number("chunksize", 1, 2 ** 31),
  };
  const reduction = number("reduction", 1, 64);
  const lastRows = await elementsIn(indicesLR, sizes.slicesize);
  checkSizes(group, sizes, reduction, sorted, indices);
  const isDirty = attrs.number("DIRTY") === 1 || attrs.get("DIRTY") === true;
  return {
    group,
    kind,
    optlevel: number("optlevel", 0, 9),
    sizes,
    reduction,
    slices: sorted.shape[0],
    lastRows,
    lastSorted: await elementsIn(sortedLR, sizes.slicesize),
    type: sorted.dtype.datatype,
    sorted,
    sortedLR,
    isDirty,
    isCsi: attrs.get("is_csi") === true,
  };
}

function wrong(group: AnyGroup, name: string, found: unknown): never {
  throw new FormatError(`has a wrong ${name}`, { structure: STRUCTURE, path: group.name, found: String(found) });
}

function checkSizes(
  group: AnyGroup,
  { slicesize, chunksize, blocksize }: IndexSizes,
  reduction: number,
  sorted: AnyDataset,
  indices: AnyDataset,
): void {
  if (indices.shape[1] !== slicesize || indices.shape[0] !== sorted.shape[0]) wrong(group, "shape", indices.shape);
  if (sorted.shape[1] !== Math.floor(slicesize / reduction)) wrong(group, "shape of sorted values", sorted.shape);
  if (slicesize % chunksize !== 0 || chunksize % reduction !== 0 || blocksize % slicesize !== 0)
    wrong(group, "size", `${blocksize}, ${slicesize}, ${chunksize}`);
}

async function elementsIn(dataset: AnyDataset, most: number): Promise<number> {
  const count = (await NodeAttributes.of(dataset)).number("nelements");
  if (count !== undefined && Number.isInteger(count) && count >= 0 && count <= most) return count;
  throw new FormatError("has a wrong number of elements", { structure: STRUCTURE, path: dataset.name, found: count });
}

/** The index of a column of a table; `undefined` where it has none. */
export async function indexOfColumn(parent: AnyGroup, table: string, path: string): Promise<OpenIndex | undefined> {
  const found = await parent.get(`${indexGroupName(table)}/${path}`);
  return found instanceof Group ? openIndex(found) : undefined;
}

/** Rows that an index knows. */
export const indexedRows = ({ slices, sizes, lastRows }: OpenIndex): number => slices * sizes.slicesize + lastRows;
