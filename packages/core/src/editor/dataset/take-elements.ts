/** Takes boxes of elements from a source into bytes: the mirror of copying boxes of a chunk to a sink. */
import type { Selection } from "../../data/selection/selection.ts";
import type { Source } from "../../data/source.ts";
import { type Copier, copierFor } from "../../engine/dataset/copy-elements.ts";
import { type Loops, makeLoops, type NestVisitor, Odometer } from "../../engine/dataset/loops.ts";
import type { ChunkPlan } from "../../engine/dataset/plan.ts";

/** A visitor that takes what is selected to the bytes that it was given last. */
export interface Taker extends NestVisitor {
  /** The bytes, and the offset in them of the chunk's first element. */
  target(bytes: Uint8Array, base: number): void;
}

export function takerFor(source: Source): Taker {
  return source.direct === undefined ? new SourceTaker(source) : new DirectTaker(source.direct, source.elementSize);
}

/** Copies as reading does, with the two sides changed over. */
class DirectTaker implements Taker {
  private readonly source: Uint8Array;
  private readonly size: number;
  private copier: Copier | undefined = undefined;
  private base = 0;

  constructor(source: Uint8Array, size: number) {
    this.source = source;
    this.size = size;
  }

  target(bytes: Uint8Array, base: number): void {
    const { size } = this;
    const to = base === 0 ? bytes : base > 0 ? bytes.subarray(base) : undefined;
    this.base = to === undefined ? base / size : 0;
    this.copier = copierFor({ elementSize: size, direct: to ?? bytes, put: nothing, fill: nothing, finish: none });
    this.copier.source(this.source, 0);
  }

  nest(at: number, index: number, { depth, counts, from, to }: Loops): void {
    this.copier!.nest(index, at + this.base, { depth, counts, from: to, to: from });
  }
}

const nothing = (): void => {};
const none = (): undefined => undefined;

class SourceTaker implements Taker {
  private readonly source: Source;
  private bytes: Uint8Array = new Uint8Array(0);
  private base = 0;

  constructor(source: Source) {
    this.source = source;
  }

  target(bytes: Uint8Array, base: number): void {
    this.bytes = bytes;
    this.base = base;
  }

  nest(at: number, index: number, loops: Loops): void {
    const { source, bytes, base } = this;
    const size = source.elementSize;
    const inner = loops.depth - 1;
    const count = loops.counts[inner];
    const stride = loops.from[inner] * size;
    const step = loops.to[inner];
    const rows = new Odometer(loops, inner);
    do {
      const to = base + (at + rows.from) * size;
      const from = index + rows.to;
      if (step === 1) source.take(from, count, bytes, to, stride);
      else for (let i = 0; i < count; i++) source.take(from + i * step, 1, bytes, to + i * stride, stride);
    } while (rows.next());
  }
}

/**
 * Has a taker visit the boxes of chunk `i` in the order of the source, so that the last of several values for one element
 * is the one that stays. Plans of axes give them so; plans of runs by their place.
 */
export function takeInOrder(plan: ChunkPlan, i: number, taker: Taker, selection: Selection): void {
  if (selection.kind === "axes") {
    plan.visit(i, taker);
    return;
  }
  const pieces: { readonly at: number; readonly index: number; readonly count: number }[] = [];
  plan.visit(i, { nest: (at, index, { counts }) => pieces.push({ at, index, count: counts[0] }) });
  pieces.sort((a, b) => a.index - b.index);
  const loops = makeLoops(1);
  for (const { at, index, count } of pieces) {
    loops.counts[0] = count;
    taker.nest(at, index, loops);
  }
}
