/** Selections of all kinds for property tests. */
import fc from "fast-check";
import type { AxisSelection, Selection } from "../../src/data/selection/selection.ts";
import { axes } from "./byte-sink.ts";

/** A selection along an axis of `size` elements. */
export function axisSelection(size: number): fc.Arbitrary<AxisSelection> {
  if (size === 0) return fc.constant({ kind: "range", start: 0, count: 0, stride: 1, block: 1 });
  const index = fc.nat(size - 1);
  const range = fc
    .tuple(index, fc.integer({ min: 1, max: 5 }), fc.nat(4), fc.nat(size))
    .map(([start, width, gap, most]) => {
      const block = Math.min(width, size - start);
      const stride = block + gap;
      const count = Math.max(0, Math.min(most, Math.floor((size - start - block) / stride) + 1));
      return { kind: "range" as const, start, count, stride: count <= 1 ? block : stride, block };
    });
  const all = fc.constant({ kind: "range" as const, start: 0, count: size, stride: 1, block: 1 });
  const step = fc.tuple(index, fc.integer({ min: 1, max: 7 })).map(([start, stride]) => {
    const count = Math.floor((size - 1 - start) / stride) + 1;
    return { kind: "range" as const, start, count, stride: count === 1 ? 1 : stride, block: 1 };
  });
  const list = fc.array(index, { maxLength: 8 }).map((indices) => ({
    kind: "list" as const,
    indices: Float64Array.from(indices),
  }));
  return fc.oneof(range, all, step, list);
}

/** A selection in a dataset of this shape. */
export function selectionIn(dims: readonly number[]): fc.Arbitrary<Selection> {
  const product = fc.tuple(...dims.map(axisSelection)).map((list) => axes(list));
  const total = dims.reduce((all, n) => all * n, 1);
  if (total === 0) return product;
  const run = fc.tuple(fc.nat(total - 1), fc.integer({ min: 1, max: 20 })).map(([start, length]) => ({
    start,
    length: Math.min(length, total - start),
  }));
  const runs = fc.tuple(fc.array(run, { maxLength: 12 }), fc.boolean()).map(([list, sorted]) => {
    if (sorted) list.sort((a, b) => a.start - b.start);
    const count = list.reduce((all, r) => all + r.length, 0);
    return {
      kind: "runs" as const,
      starts: Float64Array.from(list, (r) => r.start),
      lengths: Float64Array.from(list, (r) => r.length),
      shape: [count],
      count,
    };
  });
  return fc.oneof(product, runs);
}
