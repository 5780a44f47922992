/** The plan of a product of axis selections: hyperslab arithmetic, no list of elements or chunks. */
import type { AxesSelection } from "../../data/selection/selection.ts";
import { type ChunkAxis, chunkAxis } from "./chunk-axis.ts";
import { addLoop, clearLoops, finishLoops, type Loops, makeLoops, type NestVisitor } from "./loops.ts";
import type { ChunkPlan, PlanGrid } from "./plan.ts";

/** Filled for one visit at a time: visitors do not keep it. */
const LOOPS: Loops = makeLoops(32);

export class AxesPlan implements ChunkPlan {
  private readonly grid: PlanGrid;
  private readonly rank: number;
  private readonly axes: ChunkAxis[] = [];
  /** Elements of the result from one index to the next along each axis. */
  private readonly toStrides: number[] = [];
  /** Elements of a chunk likewise. */
  private readonly fromStrides: number[] = [];
  /** Of the next chunk, along each axis. */
  private readonly position: number[] = [];
  private left: number;
  /** Positions of the window's chunks, `rank` each. */
  private readonly window: number[] = [];
  /** Whether every axis has one piece a chunk. */
  private readonly simple: boolean;

  constructor(selection: AxesSelection, grid: PlanGrid) {
    const rank = grid.chunk.length;
    this.grid = grid;
    this.rank = rank;
    let left = selection.count === 0 ? 0 : 1;
    let simple = true;
    for (let d = 0; d < rank; d++) {
      this.axes.push(chunkAxis(selection.axes[d], grid.chunk[d]));
      this.toStrides.push(1);
      this.fromStrides.push(1);
      this.position.push(0);
    }
    for (let d = rank - 1, to = 1, from = 1; d >= 0; d--) {
      const axis = this.axes[d];
      this.toStrides[d] = to;
      this.fromStrides[d] = from;
      to *= axis.size;
      from *= grid.chunk[d];
      left *= axis.touched;
      simple &&= axis.end === 1;
    }
    this.left = left;
    this.simple = simple;
  }

  get most(): number {
    return this.left;
  }

  get done(): boolean {
    return this.left === 0;
  }

  next(numbers: Float64Array): number {
    const { rank, axes, position } = this;
    const count = Math.min(this.left, numbers.length);
    const { window } = this;
    const { strides } = this.grid;
    const last = rank - 1;
    let outer = 0;
    let fresh = true;
    for (let i = 0; i < count; i++) {
      if (fresh) {
        outer = 0;
        for (let d = 0; d < last; d++) outer += axes[d].coordinate(position[d]) * strides[d];
        fresh = false;
      }
      for (let d = 0; d < rank; d++) window[i * rank + d] = position[d];
      numbers[i] = rank === 0 ? 0 : outer + axes[last].coordinate(position[last]) * strides[last];
      for (let d = last; d >= 0 && ++position[d] === axes[d].touched && d > 0; d--) {
        position[d] = 0;
        fresh = true;
      }
    }
    this.left -= count;
    return count;
  }

  visit(i: number, visitor: NestVisitor): void {
    this.load(i);
    if (this.simple) this.nest(visitor);
    else this.combine(visitor);
  }

  whole(i: number): boolean {
    const { rank, axes, grid } = this;
    for (let d = 0; d < rank; d++) {
      const axis = axes[d];
      const p = this.window[i * rank + d];
      axis.load(p);
      const inExtent = Math.min(grid.chunk[d], grid.dims[d] - axis.coordinate(p) * grid.chunk[d]);
      if (axis.end - axis.first !== 1 || axis.stride !== 1 || axis.length !== inExtent) return false;
    }
    return true;
  }

  private load(i: number): void {
    const { rank, axes, window } = this;
    for (let d = 0; d < rank; d++) axes[d].load(window[i * rank + d]);
  }

  /** The box of the pieces at hand. */
  private nest(visitor: NestVisitor): void {
    const { rank, axes, fromStrides, toStrides } = this;
    let at = 0;
    let index = 0;
    clearLoops(LOOPS);
    for (let d = rank - 1; d >= 0; d--) {
      const axis = axes[d];
      at += axis.from * fromStrides[d];
      index += axis.to * toStrides[d];
      addLoop(LOOPS, axis.length, axis.stride * fromStrides[d], toStrides[d]);
    }
    finishLoops(LOOPS);
    visitor.nest(at, index, LOOPS);
  }

  /** All combinations of pieces. */
  private combine(visitor: NestVisitor): void {
    const { rank, axes } = this;
    const chosen = axes.map((axis) => axis.first);
    for (;;) {
      this.nest(visitor);
      let d = rank - 1;
      for (; d >= 0; d--) {
        if (++chosen[d] < axes[d].end) break;
        chosen[d] = axes[d].first;
        axes[d].pick(chosen[d]);
      }
      if (d < 0) return;
      axes[d].pick(chosen[d]);
    }
  }
}
