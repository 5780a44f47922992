/**
 * pandas and PyTables files, as pandas and PyTables read and write them.
 *
 * ```ts
 * import { openStore } from "@h5ts/pandas-compat";
 *
 * const store = await openStore("data.h5");
 * const frame = await store.get("prices");
 * await store.close();
 * ```
 */
export { frameOfColumns } from "./columns/from-columns.ts";
export { columnsOfFrame } from "./columns/to-columns.ts";
export { axisOfLabels, multiIndexOf } from "./frame/axis-of.ts";
export {
  type Axis,
  type Frame,
  type Index,
  levelValues,
  type MultiIndex,
  rangeIndex,
  type Series,
  takeColumns,
  takeRows,
  textIndex,
} from "./frame/frame.ts";
export { labelAt, labelsOf } from "./frame/label.ts";
export * from "./frame/values.ts";
export { frameJson } from "./json/frame-json.ts";
export { attributesJson, nodeJson } from "./json/node-json.ts";
export type { Json } from "./json/tagged.ts";
export { NodeAttributes } from "./pytables/attributes.ts";
export type { Compression } from "./pytables/compression.ts";
export type { IndexOptions } from "./pytables/index/create-index.ts";
export type { IndexKind } from "./pytables/index/sizes.ts";
export type { Label, PythonObject, Unit } from "./python/values.ts";
export { readObject, storedObject } from "./store/read-object.ts";
export {
  HDFStore,
  openStore,
  type PutOptions,
  type StoreInfo,
  type StoreOptions,
} from "./store/store.ts";
export type { SelectOptions } from "./store/table/select.ts";
export { readHdf, toHdf } from "./store/whole-files.ts";
export type { Variables } from "./where/parse.ts";
