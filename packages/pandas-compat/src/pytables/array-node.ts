/** Arrays of PyTables' read whole: Array, CArray, EArray, and VLArrays of objects. */
import { type Dataset, FormatError, LimitError } from "h5ts";
import { fromPickle } from "../python/unpickle.ts";
import { type Elements, elementsOf } from "./raw-column.ts";

export type AnyDataset = Dataset<"async">;

/** Bytes that an array may declare freely; above, it must be stored at {@link MOST_RATIO} or less. */
const FREE_BYTES = 2 ** 28;
const MOST_RATIO = 1100;

/** LimitError where a dataset says that it is far larger than what it stores. */
export async function checkStored(dataset: AnyDataset): Promise<void> {
  if (dataset.nbytes <= FREE_BYTES) return;
  const stored = await dataset.storageSize();
  if (dataset.nbytes > MOST_RATIO * stored)
    throw new LimitError("declares far more than it stores", {
      structure: "Dataset",
      path: dataset.name,
      found: dataset.nbytes,
      allowed: `at most ${MOST_RATIO} times ${stored} bytes`,
    });
}

/** The file's own bytes of all elements. */
export async function rawBytes(dataset: AnyDataset): Promise<Uint8Array> {
  await checkStored(dataset);
  return (await dataset.asBytes().read()).data as Uint8Array;
}

/** An array of two axes (or fewer, which are the last) as its columns. */
export interface Columnar {
  readonly rows: number;
  readonly columns: number;
  column(j: number): Elements;
}

/** Reads an array as columns; `transposed` says, as pandas does, that its rows are the frame's. */
export async function readColumnar(dataset: AnyDataset, transposed: boolean): Promise<Columnar> {
  const { shape, dtype } = dataset;
  const bytes = await rawBytes(dataset);
  const [first = 1, second = 1] = shape;
  const size = dtype.itemsize;
  const common = { type: dtype.datatype, bytes };
  if (transposed || shape.length < 2)
    return {
      rows: first,
      columns: second,
      column: (j) => elementsOf({ ...common, offset: j * size, stride: second * size, count: first }),
    };
  return {
    rows: second,
    columns: first,
    column: (j) => elementsOf({ ...common, offset: j * second * size, stride: size, count: second }),
  };
}

/** The rows of a VLArray as bytes. */
export async function variableRows(dataset: AnyDataset): Promise<Uint8Array[]> {
  const { data } = await dataset.read();
  if (!Array.isArray(data) || !data.every((row) => row instanceof Uint8Array))
    throw new FormatError("holds no bytes", {
      structure: "VLArray",
      path: dataset.name,
      found: dataset.dtype.toString(),
    });
  return data as Uint8Array[];
}

/** The object that a VLArray of one row holds. */
export async function pickledObject(dataset: AnyDataset): Promise<unknown> {
  const [row] = await variableRows(dataset);
  if (row === undefined) throw new FormatError("has no row", { structure: "VLArray", path: dataset.name });
  return fromPickle(row);
}
