import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elementsOf } from "../../../test/support/selected.ts";
import { asAddress } from "../../bytes/address.ts";
import type { StoredSelection } from "../../format/selection/dataspace-selection.ts";
import { RegionReference } from "../reference.ts";
import type { AxisInput, SelectionInput } from "./input.ts";
import { parseSelection } from "./parse.ts";
import { slice } from "./slice.ts";

/** Shape, selection, numbers of the elements, shape of the result. */
const CASES: readonly [readonly number[], SelectionInput | undefined, readonly number[], readonly number[]][] = [
  [[3], undefined, [0, 1, 2], [3]],
  [[3], null, [0, 1, 2], [3]],
  [[3], "...", [0, 1, 2], [3]],
  [[3], [], [0, 1, 2], [3]],
  [[], [], [0], []],
  [[], undefined, [0], []],
  [[], ["..."], [0], []],
  [[3], 1, [1], []],
  [[3], [-1], [2], []],
  [[2, 3], 1, [3, 4, 5], [3]],
  [[2, 3], [1, -1], [5], []],
  [[2, 3], [null, 1], [1, 4], [2]],
  [[2, 3], ["...", 1], [1, 4], [2]],
  [[2, 3, 2], [0, "...", 1], [1, 3, 5], [3]],
  [[2, 3], [1, "...", 1], [4], []],
  [[5], slice(2), [0, 1], [2]],
  [[5], slice(1, 4), [1, 2, 3], [3]],
  [[5], slice(1, null), [1, 2, 3, 4], [4]],
  [[5], slice(1, 99, 3), [1, 4], [2]],
  [[5], slice(-2, null), [3, 4], [2]],
  [[5], slice(3, 1), [], [0]],
  [[5], slice(9, 12), [], [0]],
  [[5], slice(null, null, -2), [4, 2, 0], [3]],
  [[5], slice(-1, 1, -1), [4, 3, 2], [3]],
  [[5], slice(0, null, -1), [0], [1]],
  [[0], slice(null, null, -1), [], [0]],
  [[9], slice({ start: 1, count: 2, stride: 4, block: 2 }), [1, 2, 5, 6], [4]],
  [[9], slice({ block: 2, stride: 3 }), [0, 1, 3, 4, 6, 7], [6]],
  [[9], slice({ start: 2, count: 3 }), [2, 3, 4], [3]],
  [[9], slice({ start: 8, block: 2 }), [], [0]],
  [[9], slice({ count: 0 }), [], [0]],
  [[5], [[0, 3]], [0, 3], [2]],
  [[5], [[3, 3, -5]], [3, 3, 0], [3]],
  [[5], [[2, 3, 4]], [2, 3, 4], [3]],
  [[5], [[]], [], [0]],
  [[5], [Int32Array.of(4, 0)], [4, 0], [2]],
  [[5], [BigInt64Array.of(4n, -5n)], [4, 0], [2]],
  [
    [2, 3],
    [
      [1, 0],
      [2, 0],
    ],
    [5, 3, 2, 0],
    [2, 2],
  ],
  [[3], [[true, false, true]], [0, 2], [2]],
  [[3], [true, false, true], [0, 2], [2]],
  [[3], [false, false, false], [], [0]],
  [
    [2, 3],
    [
      [false, true],
      [true, true, false],
    ],
    [3, 4],
    [1, 2],
  ],
  [[2, 2], { data: Uint8Array.of(1, 0, 1, 1), shape: [2, 2] }, [0, 2, 3], [3]],
  [[2, 2], [{ data: Uint8Array.of(0, 1), shape: [2] }], [2, 3], [1, 2]],
  [[2, 3], { kind: "all" }, [0, 1, 2, 3, 4, 5], [2, 3]],
  [[2, 3], { kind: "none" }, [], [0]],
  [[2, 3], { kind: "points", rank: 2, points: Float64Array.of(1, 2, 0, 0, 0, 1) }, [5, 0, 1], [3]],
  [[2, 6], hyperslab([0, 1], [1, 2], [2, Infinity], [1, 1]), [1, 3, 5, 7, 9, 11], [2, 3]],
  [[2, 5], hyperslab([0, 0], [1, 3], [1, Infinity], [1, 2]), [0, 1, 3, 4], [1, 4]],
  [[5], hyperslab([2], [1], [1], [Infinity]), [2, 3, 4], [3]],
  [[3, 4], { kind: "blocks", rank: 2, corners: Float64Array.of(1, 1, 2, 2) }, [5, 6, 9, 10], [2, 2]],
  [
    [3, 4],
    { kind: "blocks", rank: 2, corners: Float64Array.of(1, 1, 2, 2, 0, 0, 0, 3) },
    [0, 1, 2, 3, 5, 6, 9, 10],
    [8],
  ],
  [
    [4],
    new RegionReference(asAddress(8), { kind: "blocks", rank: 1, corners: Float64Array.of(3, 3, 0, 1) }),
    [0, 1, 3],
    [3],
  ],
];

function hyperslab(start: number[], stride: number[], count: number[], block: number[]): StoredSelection {
  return { kind: "hyperslab", rank: start.length, start, stride, count, block };
}

/** Shape, selection, message. */
const WRONG: readonly [readonly number[], SelectionInput, RegExp][] = [
  [[3], 3, /index out of range along axis 0 \(found 3; allowed: -3 to 2: the extent is 3\)/],
  [[2, 3], [0, -4], /along axis 1 \(found -4; allowed: -3 to 2/],
  [[0], 0, /the extent is 0/],
  [[3], 1.5, /no integer/],
  [[3], NaN, /no integer/],
  [[3], [0, 0], /more entries.*found 2; allowed: at most 1/],
  [[], 0, /more entries/],
  [[2, 2], ["...", "..."], /more than once/],
  [[3], slice(0, 3, 0), /step 0/],
  [[3], slice(0.5, 3), /not of integers/],
  [[3], slice({ start: 2, count: 2 }), /past the extent along axis 0.*up to 3, not 4/],
  [[9], slice({ count: 2, stride: 1, block: 2 }), /overlap/],
  [[9], slice({ count: 1, stride: 0 }), /overlap/],
  [[9], slice({ start: -1 }), /integers from 0/],
  [[3], [[0, 3]], /out of range/],
  [[3], [["a"] as unknown as number[]], /not of indices/],
  [[3], [[0, true] as unknown as number[]], /not of indices/],
  [[3], [[true, 1] as unknown as boolean[]], /wrong length along axis 0 \(found 2/],
  [[2], [[true, "x"] as unknown as boolean[]], /not of booleans/],
  [[2, 2], { data: [true], shape: [1] }, /another shape.*found "\[1\]"; allowed: \[2, 2\]/],
  [[2, 2], { data: [true], shape: [2, 2] }, /another shape/],
  [[2, 2], [true, false, true, true] as never, /another shape/],
  [[2], ["x" as never], /unknown kind/],
  [[2], "x" as never, /unknown kind/],
  [[2], {} as never, /unknown kind/],
  [[2, 2], { kind: "points", rank: 1, points: Float64Array.of(0) }, /another rank/],
  [[2, 2], { kind: "points", rank: 2, points: Float64Array.of(0, 2) }, /beyond the extent along axis 1/],
  [[2], { kind: "blocks", rank: 1, corners: Float64Array.of(0, 2) }, /beyond the extent/],
  [[4], { kind: "blocks", rank: 1, corners: Float64Array.of(0, 1, 3, 4) }, /beyond the extent/],
  [[4], hyperslab([1], [2], [2], [2]), /past the extent/],
];

describe("selections", () => {
  it.each(CASES)("%j %o", (shape, input, elements, result) => {
    const selection = parseSelection(input, shape);
    expect([elementsOf(selection, shape), selection.shape, selection.count]).toEqual([
      elements,
      result,
      elements.length,
    ]);
  });

  it.each(WRONG)("%j refuses %o", (shape, input, message) => {
    expect(() => parseSelection(input, shape)).toThrow(expect.objectContaining({ name: "SelectionError" }));
    expect(() => parseSelection(input, shape)).toThrow(message);
  });

  it("is a range wherever it can be", () => {
    const kinds = (input: SelectionInput): unknown => {
      const selection = parseSelection(input, [8]);
      return selection.kind === "axes" ? selection.axes[0] : selection.kind;
    };
    expect(kinds([[2, 3, 4]])).toEqual({ kind: "range", start: 2, count: 3, stride: 1, block: 1 });
    expect(kinds([[5]])).toEqual({ kind: "range", start: 5, count: 1, stride: 1, block: 1 });
    expect(kinds(slice({ start: 0, count: 2, stride: 2, block: 2 }))).toEqual({
      kind: "range",
      start: 0,
      count: 4,
      stride: 1,
      block: 1,
    });
    expect(kinds(slice(1, 2, 5))).toEqual({ kind: "range", start: 1, count: 1, stride: 1, block: 1 });
  });
});

/** Indices that an entry means, one by one. */
function model(entry: AxisInput, extent: number): number[] {
  const all = Array.from({ length: extent }, (_, i) => i);
  if (entry === null) return all;
  if (typeof entry === "number") return [all.at(entry)!];
  if (Array.isArray(entry) && typeof entry[0] === "boolean") return all.filter((i) => entry[i]);
  if (Array.isArray(entry)) return entry.map((i: number) => all.at(i)!);
  const { start, stop, step, hyperslab: slab } = entry as ReturnType<typeof slice>;
  if (slab !== undefined) {
    const { start: from = 0, count = 0, stride = 1, block = 1 } = slab;
    return all.filter((i) => i >= from && (i - from) % stride < block && Math.floor((i - from) / stride) < count);
  }
  const by = step ?? 1;
  const place = (at: number): number => (at < 0 ? at + extent : at);
  const picked: number[] = [];
  if (by > 0) {
    const end = stop === null ? extent : place(stop);
    for (let i = Math.max(start === null ? 0 : place(start), 0); i < Math.min(end, extent); i += by) picked.push(i);
  } else {
    const end = stop === null ? -1 : Math.max(place(stop), -1);
    for (let i = Math.min(start === null ? extent - 1 : place(start), extent - 1); i > end; i += by) picked.push(i);
  }
  return picked;
}

const entry = (extent: number): fc.Arbitrary<AxisInput> => {
  const place = fc.option(fc.integer({ min: -extent - 3, max: extent + 3 }));
  const step = fc.option(fc.integer({ min: -3, max: 3 }).filter((n) => n !== 0));
  const index = fc.integer({ min: -extent, max: extent - 1 });
  return fc.oneof(
    fc.constant(null),
    index,
    fc.tuple(place, place, step).map(([start, stop, by]) => slice(start, stop, by)),
    fc.array(index, { maxLength: 6 }),
    fc.array(fc.boolean(), { minLength: extent, maxLength: extent }),
    fc
      .record({ start: fc.nat(extent - 1), block: fc.integer({ min: 1, max: 3 }), gap: fc.nat(3) })
      .filter(({ start, block }) => start + block <= extent)
      .chain(({ start, block, gap }) =>
        fc
          .integer({ min: 0, max: 1 + Math.floor((extent - start - block) / (block + gap)) })
          .map((count) => slice({ start, block, stride: block + gap, count })),
      ),
  );
};

describe("selections against a model", () => {
  it("are the product of what their entries mean", () => {
    const cases = fc
      .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
      .chain((shape) => fc.tuple(fc.constant(shape), fc.tuple(...shape.map(entry)), fc.nat(shape.length)));
    fc.assert(
      fc.property(cases, ([shape, entries, cut]) => {
        const given = entries.slice(0, cut);
        fc.pre(typeof given[0] !== "boolean");
        const meant = shape.map((extent, axis) => (axis < cut ? model(given[axis], extent) : model(null, extent)));
        const numbers = meant.reduce<number[]>(
          (some, indices, axis) => some.flatMap((n) => indices.map((i) => n * shape[axis] + i)),
          [0],
        );
        const selection = parseSelection(given, shape);
        expect(elementsOf(selection, shape)).toEqual(numbers);
        expect(selection.count).toBe(numbers.length);
        const lengths = meant.filter((_, axis) => axis >= cut || typeof given[axis] !== "number").map((m) => m.length);
        expect(selection.shape).toEqual(lengths);
        const withDots = parseSelection([...given, "..."], shape);
        expect(withDots).toEqual(selection);
      }),
      { numRuns: 3000 },
    );
  });

  it("are all elements under a mask", () => {
    const cases = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((product, n) => product * n, 1);
      return fc.tuple(fc.constant(shape), fc.array(fc.boolean(), { minLength: size, maxLength: size }));
    });
    fc.assert(
      fc.property(cases, ([shape, data]) => {
        const selection = parseSelection({ data, shape }, shape);
        expect(elementsOf(selection, shape)).toEqual(data.flatMap((set, i) => (set ? [i] : [])));
      }),
    );
  });

  it("are all elements of blocks, each once, in order", () => {
    const cases = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }).chain((shape) => {
      const side = (extent: number): fc.Arbitrary<[number, number]> =>
        fc.tuple(fc.nat(extent - 1), fc.nat(extent - 1)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
      const block = fc.tuple(...shape.map(side));
      return fc.tuple(fc.constant(shape), fc.array(block, { minLength: 1, maxLength: 4 }));
    });
    fc.assert(
      fc.property(cases, ([shape, some]) => {
        const corners = some.flatMap((block) => [...block.map(([a]) => a), ...block.map(([, b]) => b)]);
        const stored: StoredSelection = { kind: "blocks", rank: shape.length, corners: Float64Array.from(corners) };
        const size = shape.reduce((product, n) => product * n, 1);
        const inside = Array.from({ length: size }, (_, number) => number).filter((number) => {
          const at = shape.map(
            (_, axis) => Math.floor(number / shape.slice(axis + 1).reduce((p, n) => p * n, 1)) % shape[axis],
          );
          return some.some((block) => block.every(([low, high], axis) => low <= at[axis] && at[axis] <= high));
        });
        expect(elementsOf(parseSelection(stored, shape), shape)).toEqual(inside);
      }),
    );
  });
});
