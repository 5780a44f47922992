/** Reading of views against a model: elements one by one, mappings one after the other. */
import {
  type AxisSelection,
  runAsync,
  runSync,
  type Selection,
  type StoredSelection,
  type VirtualMapping,
} from "@h5ts/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualReader } from "../src/index.ts";
import { FakeFile, NumbersSink, selectedElements, u2 } from "./support/fake-file.ts";

const product = (dims: readonly number[]): number => dims.reduce((all, n) => all * n, 1);
const numbers = (count: number, first = 0): number[] => Array.from({ length: count }, (_, i) => first + i);

/** Row-major number of an element. */
const numberOf = (position: readonly number[], dims: readonly number[]): number =>
  position.reduce((number, at, d) => number * dims[d] + at, 0);

/** All positions of an array, in row-major order. */
function positions(dims: readonly number[]): number[][] {
  return numbers(product(dims)).map((number) =>
    dims.map((n, d) => Math.floor(number / product(dims.slice(d + 1))) % n),
  );
}

/** Whether a hyperslab has a coordinate. */
function inSlab(at: number, start: number, stride: number, count: number, block: number): boolean {
  const turn = Math.floor((at - start) / stride);
  return at >= start && turn < count && at - start - turn * stride < block;
}

/** Numbers of the elements that a stored selection means, in their order. */
function meant(stored: StoredSelection, dims: readonly number[]): number[] {
  const all = positions(dims);
  switch (stored.kind) {
    case "none":
      return [];
    case "all":
      return numbers(product(dims));
    case "hyperslab": {
      const { start, stride, count, block } = stored;
      const has = (position: number[]): boolean =>
        position.every((at, d) => inSlab(at, start[d], stride[d], count[d], block[d]));
      return all.filter(has).map((position) => numberOf(position, dims));
    }
    case "points":
      return numbers(stored.points.length / stored.rank).map((i) =>
        numberOf([...stored.points.subarray(i * stored.rank, (i + 1) * stored.rank)], dims),
      );
    case "blocks": {
      const { rank, corners } = stored;
      const has = (position: number[]): boolean =>
        numbers(corners.length / (2 * rank)).some((b) =>
          position.every((at, d) => at >= corners[2 * b * rank + d] && at <= corners[(2 * b + 1) * rank + d]),
        );
      return all.filter(has).map((position) => numberOf(position, dims));
    }
  }
}

const slabAxis = (n: number): fc.Arbitrary<[start: number, stride: number, count: number, block: number]> =>
  fc
    .record({
      start: fc.nat(n - 1),
      block: fc.integer({ min: 1, max: 3 }),
      gap: fc.nat(2),
      count: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ start, block, gap, count }) => {
      const width = Math.min(block, n - start);
      const stride = width + gap;
      return [start, stride, Math.min(count, Math.floor((n - start - width) / stride) + 1), width];
    });

const slab = (dims: readonly number[]): fc.Arbitrary<StoredSelection> =>
  fc.tuple(...dims.map(slabAxis)).map((axes) => ({
    kind: "hyperslab",
    rank: dims.length,
    start: axes.map((axis) => axis[0]),
    stride: axes.map((axis) => axis[1]),
    count: axes.map((axis) => axis[2]),
    block: axes.map((axis) => axis[3]),
  }));

const position = (dims: readonly number[]): fc.Arbitrary<number[]> => fc.tuple(...dims.map((n) => fc.nat(n - 1)));

const stored = (dims: readonly number[]): fc.Arbitrary<StoredSelection> =>
  fc.oneof(
    { weight: 4, arbitrary: slab(dims) },
    fc.constant({ kind: "all" as const }),
    fc.constant({ kind: "none" as const }),
    fc.array(position(dims), { minLength: 1, maxLength: 6 }).map((list) => ({
      kind: "points" as const,
      rank: dims.length,
      points: Float64Array.from(list.flat()),
    })),
    fc.array(fc.tuple(position(dims), position(dims)), { minLength: 1, maxLength: 3 }).map((list) => ({
      kind: "blocks" as const,
      rank: dims.length,
      corners: Float64Array.from(
        list.flatMap(([a, b]) => [...a.map((v, d) => Math.min(v, b[d])), ...a.map((v, d) => Math.max(v, b[d]))]),
      ),
    })),
  );

const axis = (n: number): fc.Arbitrary<AxisSelection> =>
  fc.oneof(
    slabAxis(n).map(([start, stride, count, block]) => ({
      kind: "range" as const,
      start,
      count,
      stride: count === 1 ? 1 : stride,
      block,
    })),
    fc.constant({ kind: "range" as const, start: 0, count: n, stride: 1, block: 1 }),
    fc.array(fc.nat(n - 1), { minLength: 1, maxLength: 5 }).map((list) => ({
      kind: "list" as const,
      indices: Float64Array.from(list),
    })),
  );

const selection = (dims: readonly number[]): fc.Arbitrary<Selection> =>
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(...dims.map(axis)).map((axes): Selection => {
        const counts = axes.map((one) => (one.kind === "list" ? one.indices.length : one.count * one.block));
        return { kind: "axes", axes, shape: counts, count: product(counts) };
      }),
    },
    fc
      .array(fc.tuple(fc.nat(product(dims) - 1), fc.integer({ min: 1, max: 9 })), { maxLength: 5 })
      .map((list): Selection => {
        const runs = list.map(([start, length]) => [start, Math.min(length, product(dims) - start)]);
        const count = runs.reduce((all, [, length]) => all + length, 0);
        return {
          kind: "runs",
          starts: Float64Array.from(runs, ([start]) => start),
          lengths: Float64Array.from(runs, ([, length]) => length),
          shape: [count],
          count,
        };
      }),
  );

/** A source of which as many elements are selected. */
function sourceOf(
  count: number,
  shape: readonly number[],
  seed: number,
): { dims: number[]; selected: StoredSelection } {
  const choices: (() => { dims: number[]; selected: StoredSelection })[] = [
    () => ({ dims: [count], selected: { kind: "all" } }),
    () => ({
      dims: [3 * count + 2],
      selected: { kind: "hyperslab", rank: 1, start: [1], stride: [3], count: [count], block: [1] },
    }),
    () => ({
      dims: [2, count + 1],
      selected: {
        kind: "points",
        rank: 2,
        points: Float64Array.from(numbers(count).flatMap((i) => [i % 2, (i * 7) % (count + 1)])),
      },
    }),
    () => ({
      dims: shape.map((n) => 2 * n + 1),
      selected: {
        kind: "hyperslab",
        rank: shape.length,
        start: shape.map(() => 1),
        stride: shape.map(() => 2),
        count: [...shape],
        block: shape.map(() => 1),
      },
    }),
    () => ({ dims: [1, ...shape], selected: { kind: "all" } }),
  ];
  return choices[product(shape) === count ? seed % choices.length : seed % 3]();
}

interface Case {
  readonly dims: readonly number[];
  readonly destinations: readonly StoredSelection[];
  readonly selection: Selection;
  readonly seeds: readonly number[];
}

const cases: fc.Arbitrary<Case> = fc
  .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })
  .chain((dims) =>
    fc.record({
      dims: fc.constant(dims),
      destinations: fc.array(stored(dims), { minLength: 1, maxLength: 4 }),
      selection: selection(dims),
      seeds: fc.array(fc.nat(100), { minLength: 4, maxLength: 4 }),
    }),
  );

/** Shape of a hyperslab. */
const shapeOf = (one: StoredSelection, dims: readonly number[]): readonly number[] =>
  one.kind === "hyperslab" ? one.count.map((count, d) => count * one.block[d]) : one.kind === "all" ? dims : [];

function build({ dims, destinations, seeds }: Case): {
  file: FakeFile;
  expected: (number | "fill")[];
  mappings: VirtualMapping[];
} {
  const file = new FakeFile();
  const expected: (number | "fill")[] = new Array(product(dims)).fill("fill");
  const mappings = destinations.map((destination, i): VirtualMapping => {
    const places = meant(destination, dims);
    const { dims: shape, selected } = sourceOf(places.length, shapeOf(destination, dims), seeds[i]);
    const other = i % 2 === 0 ? file : new FakeFile(`f${i}`);
    if (other !== file) file.files.set(`f${i}`, other);
    const values = numbers(product(shape), 1000 * (i + 1));
    // One source in some is not there.
    const missing = seeds[i] % 7 === 6;
    if (!missing) {
      other.add(`d${i}`, shape, u2(values));
      const elements = meant(selected, shape);
      places.forEach((place, n) => {
        expected[place] = values[elements[n]];
      });
    }
    return { file: other === file ? "." : `f${i}`, dataset: `d${i}`, source: selected, destination };
  });
  return { file, expected, mappings };
}

describe("reading a view", () => {
  it("gives what its mappings say, one after the other, each element once", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { file, expected, mappings } = build(given);
        const info = file.view("v", given.dims, mappings);
        const sink = new NumbersSink(given.selection.count);
        runSync(virtualReader().read(file.file, info, given.selection, sink));
        expect(sink.values).toEqual(selectedElements(given.selection, given.dims).map((number) => expected[number]));
      }),
      { numRuns: 3000 },
    );
  });

  it("gives the same through a view of the view, and with promises", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { file, expected, mappings } = build(given);
        file.view("v", given.dims, mappings, { fill: u2([77]) });
        const outer = new FakeFile("outer");
        outer.files.set("inner", file);
        const info = outer.view("w", given.dims, [
          { file: "inner", dataset: "v", source: { kind: "all" }, destination: { kind: "all" } },
        ]);
        const sink = new NumbersSink(given.selection.count);
        await runAsync(virtualReader().read(outer.file, info, given.selection, sink));
        const inner = expected.map((value) => (value === "fill" ? 77 : value));
        expect(sink.values).toEqual(selectedElements(given.selection, given.dims).map((number) => inner[number]));
      }),
      { numRuns: 500 },
    );
  });
});
