/** Selections as plain values: what the caller wrote, made definite against the shape of a dataset. */

/** Along one axis `count` blocks of `block` elements, the first at `start`, each `stride` after the one before. */
export interface RangeAxis {
  readonly kind: "range";
  readonly start: number;
  readonly count: number;
  /** At least `block`. 1 where `count` is at most 1. */
  readonly stride: number;
  /** 1 for an index and for a slice with a step. */
  readonly block: number;
}

/** Along one axis these indices, in this order; repetitions allowed. */
export interface ListAxis {
  readonly kind: "list";
  readonly indices: Float64Array;
}

export type AxisSelection = RangeAxis | ListAxis;

/** The product of one selection an axis, taken in row-major order. Scalars have no axes and one element. */
export interface AxesSelection {
  readonly kind: "axes";
  readonly axes: readonly AxisSelection[];
  /** Shape of the result: axes picked by a single index are left out. */
  readonly shape: readonly number[];
  /** Elements selected. */
  readonly count: number;
}

/**
 * Runs of consecutive elements (in row-major order over the whole dataset): masks, points, irregular hyperslabs. In the order of the result, which need not ascend.
 */
export interface RunsSelection {
  readonly kind: "runs";
  /** Number of the first element of each run. */
  readonly starts: Float64Array;
  /** Elements in each run. */
  readonly lengths: Float64Array;
  readonly shape: readonly number[];
  readonly count: number;
}

export type Selection = AxesSelection | RunsSelection;
