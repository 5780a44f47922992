/** A nest of loops over elements: how the elements of a box stand in a chunk, and where they go in the result. */

/** Counts and steps of each loop, the innermost last; steps are counted in elements. Reused from chunk to chunk. */
export interface Loops {
  /** Loops in use, at least 1. */
  depth: number;
  readonly counts: number[];
  /** Step in the chunk. */
  readonly from: number[];
  /** Step in the result. */
  readonly to: number[];
}

/** Takes boxes of elements: `at` is the first element in the chunk, `index` in the result. */
export interface NestVisitor {
  nest(at: number, index: number, loops: Loops): void;
}

/** Room for a nest of loops over arrays of this rank. */
export function makeLoops(rank: number): Loops {
  const room = Math.max(1, rank);
  const ones = (): number[] => new Array<number>(room).fill(1);
  return { depth: 1, counts: ones(), from: ones(), to: ones() };
}

/** Empties the nest: it has one element then. */
export function clearLoops(loops: Loops): void {
  loops.depth = 1;
  loops.counts[0] = 1;
  loops.from[0] = 1;
  loops.to[0] = 1;
}

/**
 * Puts a loop outside of those that are there, which are given from the last axis to the first: loops of one turn are
 * left out, and a loop that goes on where the next inner one ends becomes one with it. The nest stands in reverse order
 * until {@link finishLoops}.
 */
export function addLoop(loops: Loops, count: number, from: number, to: number): void {
  if (count === 1) return;
  const last = loops.depth - 1;
  const { counts } = loops;
  if (counts[last] === 1) {
    counts[last] = count;
    loops.from[last] = from;
    loops.to[last] = to;
  } else if (from === counts[last] * loops.from[last] && to === counts[last] * loops.to[last]) {
    counts[last] *= count;
  } else {
    counts[last + 1] = count;
    loops.from[last + 1] = from;
    loops.to[last + 1] = to;
    loops.depth++;
  }
}

/** Turns the nest round, so that the innermost loop stands last. */
export function finishLoops({ depth, counts, from, to }: Loops): void {
  for (let i = 0, j = depth - 1; i < j; i++, j--) {
    swap(counts, i, j);
    swap(from, i, j);
    swap(to, i, j);
  }
}

function swap(list: number[], i: number, j: number): void {
  const kept = list[i];
  list[i] = list[j];
  list[j] = kept;
}

/** A nest of its own, of the loops from `first` on; `count` instead of the first one's. */
export function innerLoops(loops: Loops, first: number, count?: number): Loops {
  if (first >= loops.depth) return makeLoops(1);
  const counts = loops.counts.slice(first, loops.depth);
  if (count !== undefined) counts[0] = count;
  return {
    depth: counts.length,
    counts,
    from: loops.from.slice(first, loops.depth),
    to: loops.to.slice(first, loops.depth),
  };
}

/** Whether the nest is one run of neighbours, in the chunk as in the result. */
export const isRun = (loops: Loops): boolean => loops.depth === 1 && loops.from[0] === 1 && loops.to[0] === 1;

/** Counts through the loops before `inner`; at first it stands at their beginning. */
export class Odometer {
  /** Offset in the chunk. */
  from = 0;
  /** Offset in the result. */
  to = 0;
  private readonly loops: Loops;
  private readonly inner: number;
  private readonly turns: number[];

  constructor(loops: Loops, inner: number) {
    this.loops = loops;
    this.inner = inner;
    this.turns = new Array<number>(inner).fill(0);
  }

  /** Goes on; `false` behind the end. */
  next(): boolean {
    const { counts, from, to } = this.loops;
    for (let d = this.inner - 1; d >= 0; d--) {
      this.from += from[d];
      this.to += to[d];
      if (++this.turns[d] < counts[d]) return true;
      this.from -= counts[d] * from[d];
      this.to -= counts[d] * to[d];
      this.turns[d] = 0;
    }
    return false;
  }
}
