/** Slices: evenly spaced elements, or blocks of them, along one axis. */

/** HDF5's hyperslab along one axis: `count` blocks of `block` elements, the first at `start`, each `stride` after the one before. */
export interface Hyperslab {
  /** First index of the first block. Default 0. */
  readonly start?: number;
  /** Default: as many blocks as there is room for. */
  readonly count?: number;
  /** At least `block`, which is its default. */
  readonly stride?: number;
  /** Indices of each block. Default 1. */
  readonly block?: number;
}

/** Elements from `start` up to but without `stop`, each `step` after the one before; a negative step goes backwards. */
export class Slice {
  /** The first index. */
  readonly start: number | null;
  /** The index behind the last. */
  readonly stop: number | null;
  /** From one index to the next. */
  readonly step: number | null;
  /** Blocks, where it was made of these. */
  readonly hyperslab: Hyperslab | undefined;

  constructor(start: number | null, stop: number | null, step: number | null, hyperslab?: Hyperslab) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.hyperslab = hyperslab;
  }

  /** As it is written: `"2:10:2"`. */
  toString(): string {
    if (this.hyperslab === undefined) return `slice(${this.start}, ${this.stop}, ${this.step})`;
    const { start, count, stride, block } = this.hyperslab;
    return `slice({ start: ${start}, count: ${count}, stride: ${stride}, block: ${block} })`;
  }
}

/** Up to `stop`. */
export function slice(stop: number | null): Slice;
/**
 * Python's slice: negative places count from the end, `null` (or nothing) stands for the end in that direction, and what
 * lies beyond the extent is left out. Default step 1.
 */
export function slice(start: number | null, stop: number | null, step?: number | null): Slice;
/** HDF5's hyperslab: blocks of elements. Unlike the other forms it must lie within the extent. */
export function slice(hyperslab: Hyperslab): Slice;
export function slice(first: number | null | Hyperslab, stop?: number | null, step: number | null = null): Slice {
  if (typeof first === "object" && first !== null) return new Slice(null, null, null, first);
  return stop === undefined ? new Slice(null, first, null) : new Slice(first, stop, step);
}
