/** What may be written to select elements of a dataset. */
import type { StoredSelection } from "../../format/selection/dataspace-selection.ts";
import type { RegionReference } from "../reference.ts";
import type { Slice } from "./slice.ts";

/** Indices in any order, repetitions allowed, negative ones from the end. */
export type IndexList = readonly number[] | readonly bigint[] | ArrayLike<number> | ArrayLike<bigint>;

/** Booleans with their shape: what reading a dataset of dtype bool gives. */
export interface Mask {
  /** True, or not 0, for the elements that are selected. */
  readonly data: ArrayLike<number> | ArrayLike<boolean>;
  /** Elements along each axis. */
  readonly shape: readonly number[];
}

/**
 * Along one axis: a single index (which drops the axis from the result), all (`null`), a slice, a list of indices, or a
 * mask, which is as long as the axis. Several lists are taken as a product, as HDF5 does, not in pairs.
 */
export type AxisInput = number | null | Slice | IndexList | readonly boolean[] | Mask;

/**
 * One entry an axis, in their order, of which `"..."` stands for all that are not written; those missing at the end are
 * all. Or one entry alone, for the first axis. Or a mask over all elements (of one axis: booleans). Or a region of a reference.
 */
export type SelectionInput =
  | number
  | null
  | Slice
  | "..."
  | readonly (AxisInput | "...")[]
  | readonly boolean[]
  | Mask
  | RegionReference
  | StoredSelection;
