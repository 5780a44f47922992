/** What a selection stored in a file says (HDF5 File Format Specification, section III.F), by its type. */

export type StoredSelection = NoSelection | AllSelection | PointSelection | HyperslabSelection | BlocksSelection;

export interface NoSelection {
  readonly kind: "none";
}

export interface AllSelection {
  readonly kind: "all";
}

export interface PointSelection {
  readonly kind: "points";
  /** Version of the encoding found; absent: the lowest that can express it is written. */
  readonly version?: 1 | 2;
  readonly rank: number;
  /** `rank` coordinates a point. */
  readonly points: Float64Array;
}

/** Regular: the product of `count` blocks along each dimension. */
export interface HyperslabSelection {
  readonly kind: "hyperslab";
  /** Version of the encoding found, absent: 2. */
  readonly version?: 2 | 3;
  readonly rank: number;
  /** One entry a dimension; `count` and `block` may be `Infinity` (unlimited). */
  readonly start: readonly number[];
  readonly stride: readonly number[];
  readonly count: readonly number[];
  readonly block: readonly number[];
}

/** Irregular: for each block its `rank` start and `rank` (inclusive) end coordinates. */
export interface BlocksSelection {
  readonly kind: "blocks";
  /** Version of the encoding found; absent: the lowest that can express it is written. */
  readonly version?: 1 | 2 | 3;
  readonly rank: number;
  readonly corners: Float64Array;
}
