import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementsOf } from "../../../test/support/selected.ts";
import type { SelectionInput } from "./input.ts";
import { parseSelection } from "./parse.ts";
import { slice } from "./slice.ts";
import { storedSelection } from "./stored.ts";
import { storeSelection } from "./to-stored.ts";

const CASES: readonly [readonly number[], SelectionInput | undefined, unknown][] = [
  [[], undefined, { kind: "all" }],
  [[4], slice(2, 2), { kind: "none" }],
  [[4], slice(1, 3), { kind: "hyperslab", rank: 1, start: [1], stride: [2], count: [1], block: [2] }],
  [[9], slice(1, null, 3), { kind: "hyperslab", rank: 1, start: [1], stride: [3], count: [3], block: [1] }],
  [[4, 5], [1, null], { kind: "hyperslab", rank: 2, start: [1, 0], stride: [1, 5], count: [1, 1], block: [1, 5] }],
  [[9], [[0, 1, 4]], { kind: "blocks", rank: 1, corners: Float64Array.of(0, 1, 4, 4) }],
  [[9], [[4, 0]], { kind: "points", rank: 1, points: Float64Array.of(4, 0) }],
  [
    [2, 3],
    { data: [false, false, true, true, true, false], shape: [2, 3] },
    { kind: "blocks", rank: 2, corners: Float64Array.of(0, 2, 0, 2, 1, 0, 1, 1) },
  ],
];

describe("stored selections", () => {
  it.each(CASES)("of %j %o", (shape, input, stored) => {
    expect(storeSelection(parseSelection(input, shape), shape)).toEqual(stored);
  });

  it("select the same elements, in the same order", () => {
    const axis = (extent: number): fc.Arbitrary<number | null | ReturnType<typeof slice> | number[]> =>
      fc.oneof(
        fc.constant(null),
        fc.nat(extent - 1),
        fc
          .tuple(fc.nat(extent), fc.nat(extent), fc.integer({ min: -3, max: 3 }))
          .map(([a, b, c]) => slice(a, b, c === 0 ? 1 : c)),
        fc.uniqueArray(fc.nat(extent - 1), { maxLength: 5 }),
      );
    const cases = fc
      .array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 })
      .chain((shape) => fc.tuple(fc.constant(shape), fc.tuple(...shape.map(axis))));
    fc.assert(
      fc.property(cases, ([shape, input]) => {
        const selection = parseSelection(input, shape);
        const back = storedSelection(storeSelection(selection, shape), shape);
        expect(elementsOf(back, shape)).toEqual(elementsOf(selection, shape));
      }),
      { numRuns: 1000 },
    );
  });

  it("of masks select what is set", () => {
    const cases = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return fc.tuple(fc.constant(shape), fc.array(fc.boolean(), { minLength: size, maxLength: size }));
    });
    fc.assert(
      fc.property(cases, ([shape, data]) => {
        const selection = parseSelection({ data, shape }, shape);
        const back = storedSelection(storeSelection(selection, shape), shape);
        expect(elementsOf(back, shape)).toEqual(elementsOf(selection, shape));
      }),
    );
  });
});
