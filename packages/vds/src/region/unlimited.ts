/**
 * Hyperslabs without end: of what extent they are how long, and the other way round. A slice is all that is selected at
 * one coordinate of the unlimited axis.
 */
import type { StoredSelection } from "@h5ts/core";
import { blocksRange, coordinateOf, countBelow, type Range, run } from "./range.ts";
import { type Grid, gridOf } from "./region.ts";
import { wrongMapping } from "./wrong-mapping.ts";

type Hyperslab = Extract<StoredSelection, { kind: "hyperslab" }>;

/** The axis along which a selection has no end: -1 if there is none. */
export function unlimitedAxis(stored: StoredSelection): number {
  if (stored.kind !== "hyperslab") return -1;
  return stored.count.findIndex((count, d) => count === Infinity || stored.block[d] === Infinity);
}

/** A hyperslab without end along one axis. */
export class Unlimited {
  readonly axis: number;
  /** Elements at one coordinate of the axis. */
  readonly slice: number;
  private readonly axes: readonly Range[];
  /** Along the axis, as long as can be. */
  private readonly range: Range;
  private readonly block: number;

  constructor(stored: StoredSelection, axis: number) {
    const { start, stride, count, block } = stored as Hyperslab;
    if (!(block[axis] > 0 && (block[axis] === Infinity || stride[axis] > 0)))
      throw wrongMapping("goes on without end in blocks of no elements", block[axis]);
    this.axis = axis;
    this.block = block[axis];
    this.axes = start.map((first, d) => (d === axis ? run(0, 1) : blocksRange(first, stride[d], count[d], block[d])));
    this.slice = gridOf(this.axes).count;
    this.range =
      block[axis] >= stride[axis]
        ? run(start[axis], Infinity)
        : { start: start[axis], stride: stride[axis], block: block[axis], length: Infinity };
  }

  /** Slices within an extent of the axis. */
  slicesWithin(extent: number): number {
    return this.range.block === Infinity ? Math.max(0, extent - this.range.start) : countBelow(this.range, extent);
  }

  /** The extent that just holds so many slices; with the gap behind them, if that comes next and `gap` says so. */
  extentOf(slices: number, gap: boolean): number {
    const { start, stride, block } = this.range;
    if (slices === 0) return gap ? start : 0;
    if (block === Infinity) return start + slices;
    return gap && slices % block === 0 ? start + (slices / block) * stride : coordinateOf(this.range, slices - 1) + 1;
  }

  /** Only the first slices. */
  first(slices: number): Grid {
    const { start, stride, block } = this.range;
    return this.along(block >= slices ? run(start, slices) : { start, stride, block, length: slices });
  }

  /** Block number `n` along the axis. */
  blockAt(n: number): Grid {
    const { start, stride } = this.range;
    return this.along(run(start + n * (this.range.block === Infinity ? this.block : stride), this.block));
  }

  /** The first block that ends behind coordinate `low`, and the first that begins at `high` or behind it. */
  blocksBetween(low: number, high: number): [first: number, end: number] {
    const { start, block } = this.range;
    const stride = block === Infinity ? this.block : this.range.stride;
    const first = Math.max(0, Math.floor((low - start - this.block) / stride) + 1);
    return [first, Math.max(first, Math.ceil((high - start) / stride))];
  }

  private along(range: Range): Grid {
    return gridOf(this.axes.map((axis, d) => (d === this.axis ? range : axis)));
  }
}
