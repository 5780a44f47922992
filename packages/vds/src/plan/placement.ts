/** Where the elements of one piece stand in the result: the way from their own numbers to those of the result. */
import type { AxisMeeting } from "./axis-meeting.ts";
import { numberIn } from "./axis-meeting.ts";

/** Takes runs of neighbours: `length` elements of the piece from `number` on are those of the result from `result` on. */
export interface RunVisitor {
  run(result: number, number: number, length: number): void;
}

export interface Placement {
  /** Elements in all. */
  readonly count: number;
  /** The only run, if there is one. */
  readonly single: number | undefined;
  /** Shows elements `[number, number + count)` of the piece. */
  visit(number: number, count: number, visitor: RunVisitor): void;
}

/** One axis of a piece, and what a step along the same axis of the result counts. */
export interface PlacedAxis {
  readonly meeting: AxisMeeting;
  readonly stride: number;
}

/** A product of axes. */
export class GridPlacement implements Placement {
  readonly count: number;
  /** Result of the first element. */
  private readonly offset: number;
  /** Axes outside of the runs, the outermost first. */
  private readonly outer: readonly PlacedAxis[];
  /** Elements that are neighbours in the result. */
  private readonly length: number;

  /** `offset`: what the axes that are not given add. */
  constructor(axes: readonly PlacedAxis[], offset: number) {
    this.count = axes.reduce((all, { meeting }) => all * meeting.count, 1);
    let inner = axes.length;
    let length = 1;
    let first = offset;
    while (inner > 0) {
      const { meeting, stride } = axes[inner - 1];
      const { count, results } = meeting;
      if (count > 1 && (results instanceof Float64Array || results.step * stride !== length)) break;
      first += numberIn(results, 0) * stride;
      length *= count;
      inner--;
    }
    this.outer = axes.slice(0, inner);
    this.length = length;
    this.offset = first;
  }

  get single(): number | undefined {
    return this.outer.length === 0 ? this.offset : undefined;
  }

  visit(number: number, count: number, visitor: RunVisitor): void {
    const { length } = this;
    for (let at = number, end = number + count; at < end; ) {
      const row = Math.floor(at / length);
      const within = at - row * length;
      const some = Math.min(length - within, end - at);
      visitor.run(this.rowAt(row) + within, at, some);
      at += some;
    }
  }

  private rowAt(row: number): number {
    let result = this.offset;
    for (let d = this.outer.length - 1, rest = row; d >= 0; d--) {
      const { meeting, stride } = this.outer[d];
      const turn = Math.floor(rest / meeting.count);
      result += numberIn(meeting.results, rest - turn * meeting.count) * stride;
      rest = turn;
    }
    return result;
  }
}

/** Runs in a list. */
export class RunsPlacement implements Placement {
  private readonly results: ArrayLike<number>;
  /** Number of the first element of each run; behind them, that of all. */
  private readonly firsts: Float64Array;

  constructor(results: ArrayLike<number>, lengths: ArrayLike<number>) {
    this.results = results;
    this.firsts = new Float64Array(lengths.length + 1);
    for (let i = 0; i < lengths.length; i++) this.firsts[i + 1] = this.firsts[i] + lengths[i];
  }

  get count(): number {
    return this.firsts[this.results.length];
  }

  get single(): number | undefined {
    return this.results.length === 1 ? this.results[0] : undefined;
  }

  visit(number: number, count: number, visitor: RunVisitor): void {
    const { firsts, results } = this;
    for (let i = runOf(firsts, number), at = number, end = number + count; at < end; i++) {
      const within = at - firsts[i];
      const some = Math.min(firsts[i + 1], end) - at;
      if (some > 0) visitor.run(results[i] + within, at, some);
      at += some;
    }
  }
}

/** The run that holds an element: `firsts` ascends. */
export function runOf(firsts: Float64Array, number: number): number {
  let low = 0;
  let high = firsts.length - 1;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (firsts[middle] <= number) low = middle;
    else high = middle;
  }
  return low;
}
