import fc from "fast-check";
import type { Slice } from "h5ts";
import { describe, expect, it } from "vitest";
import { blocksOf } from "./blocks.ts";

/** Numbers of the elements of a block, in row-major order. */
function elementsOf(selection: readonly (number | Slice | null)[], shape: readonly number[]): number[] {
  return selection.reduce<number[]>(
    (starts, one, axis) => {
      const extent = shape[axis];
      const places =
        typeof one === "number"
          ? [one]
          : Array.from({ length: extent }, (_, i) => i).filter(
              (i) => one === null || (i >= one.start! && i < one.stop!),
            );
      return starts.flatMap((start) => places.map((place) => start * extent + place));
    },
    [0],
  );
}

describe("blocks", () => {
  it("follow one another in row-major order, each element once", () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 3 }), (shape, most, chunk) => {
        const total = shape.reduce((product, dim) => product * dim, 1);
        const blocks = [
          ...blocksOf(
            shape,
            most,
            shape.map(() => chunk),
          ),
        ];
        const elements = blocks.flatMap(({ selection }) => elementsOf(selection, shape));
        expect(elements).toEqual(Array.from({ length: total }, (_, i) => i));
        for (const { selection, count } of blocks) expect(elementsOf(selection, shape).length).toBe(count);
      }),
    );
  });

  it("hold no more elements than they may, unless one place of the last axes does", () => {
    for (const { count } of blocksOf([3, 1000, 7], 50, undefined)) expect(count).toBeLessThanOrEqual(50);
    expect([...blocksOf([4, 6], 12, [2, 6])].map(({ count }) => count)).toEqual([12, 12]);
  });

  it("a scalar is one", () => {
    expect([...blocksOf([], 8, undefined)]).toEqual([{ selection: [], count: 1 }]);
  });
});
