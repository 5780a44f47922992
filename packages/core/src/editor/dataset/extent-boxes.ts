/** Selections of boxes of an extent. */
import type { RangeAxis, Selection } from "../../data/selection/selection.ts";

/** All elements. */
export const everything = (dims: readonly number[]): Selection =>
  box(
    dims.map(() => 0),
    dims,
  );

/** Elements from `from` up to but without `to`, along each axis. */
function box(from: readonly number[], to: readonly number[]): Selection {
  const axes = from.map((start, d): RangeAxis => ({ kind: "range", start, count: to[d] - start, stride: 1, block: 1 }));
  const shape = axes.map(({ count }) => count);
  return { kind: "axes", axes, shape, count: shape.reduce((all, n) => all * n, 1) };
}

/** The boxes, apart from each other, that an extent loses when it becomes another. */
export function lostBoxes(before: readonly number[], after: readonly number[]): Selection[] {
  const boxes: Selection[] = [];
  for (let d = 0; d < before.length; d++) {
    if (after[d] >= before[d]) continue;
    const from = before.map((_, k) => (k === d ? after[d] : 0));
    const to = before.map((n, k) => (k < d ? Math.min(n, after[k]) : n));
    const lost = box(from, to);
    if (lost.count > 0) boxes.push(lost);
  }
  return boxes;
}
