/**
 * HDF5 in and out of Apache Arrow: datasets and groups as tables, record batches and IPC streams, and back; and data frames.
 *
 * ```ts
 * import { toArrow } from "@h5ts/arrow-adapter";
 * import { open } from "h5ts";
 *
 * const file = await open("experiment.h5");
 * const table = await toArrow(await file.dataset("events"));
 * ```
 */
export { type AppendOptions, appendArrow } from "./append-arrow.ts";
export type { ArrowSource, IpcBytes } from "./arrow-source.ts";
export { arrowToColumns } from "./arrow-to-columns.ts";
export type { CodecOptions } from "./codec.ts";
export { columnsToArrow } from "./columns-to-arrow.ts";
export {
  type DataFrame,
  type DataFrameOptions,
  type FromDataFrameOptions,
  fromDataFrame,
  toDataFrame,
} from "./data-frame.ts";
export type { FillValue } from "./fills.ts";
export { fromArrow } from "./from-arrow.ts";
export { inferredType } from "./inferred-types.ts";
export { type IpcOptions, toIpc } from "./ipc.ts";
export type { Filter, FilterRow, Rows, TableOptions, TimeColumn } from "./options.ts";
export { arrowSchema, recordBatches, type TableObject, toArrow } from "./to-arrow.ts";
export { dataOf, type PlainValue, valuesOf } from "./values.ts";
export type { WriteTableOptions } from "./write-options.ts";
