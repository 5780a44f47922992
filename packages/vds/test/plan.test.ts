/** The parts of which reads of views are planned, against plain models. */
import { runSync, type StoredSelection } from "@h5ts/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VirtualLayout, VirtualSource, virtualReader } from "../src/index.ts";
import { relativeName } from "../src/layout/relative-name.ts";
import { BoxTree } from "../src/plan/box-tree.ts";
import { Coverage } from "../src/plan/coverage.ts";
import { Unlimited, unlimitedAxis } from "../src/region/unlimited.ts";
import { nameOfBlock, nameParts } from "../src/source/source-name.ts";
import { FakeFile, NumbersSink, u2 } from "./support/fake-file.ts";

describe("an index of boxes", () => {
  const boxes = fc.integer({ min: 1, max: 3 }).chain((rank) => {
    const side = fc.tuple(fc.nat(50), fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(Number.POSITIVE_INFINITY)));
    const box = fc.array(side, { minLength: rank, maxLength: rank });
    return fc.record({ rank: fc.constant(rank), all: fc.array(box, { maxLength: 400 }), asked: box });
  });

  it("finds those that a look at each of them finds", () => {
    fc.assert(
      fc.property(boxes, ({ rank, all, asked }) => {
        const flat = all.flatMap((box) => [...box.map(([low]) => low), ...box.map(([low, size]) => low + size)]);
        const tree = new BoxTree(Float64Array.from(flat), rank, all.length);
        const [low, high] = [asked.map(([from]) => from), asked.map(([from, size]) => from + size)];
        const found: number[] = [];
        tree.find(low, high, found);
        const meets = (box: (typeof all)[number]): boolean =>
          box.every(([from, size], d) => from < high[d] && from + size > low[d]);
        expect(found.sort((a, b) => a - b)).toEqual([...all.keys()].filter((i) => meets(all[i])));
      }),
      { numRuns: 300 },
    );
  });

  it("looks at few of many", () => {
    const count = 10_000;
    const boxes = Float64Array.from({ length: count * 4 }, (_, i) => {
      const row = Math.floor(i / 4);
      return [row, 0, row + 1, 100][i % 4];
    });
    const tree = new BoxTree(boxes, 2, count);
    let compared = 0;
    const counting = new Proxy([5000, 5], {
      get: (target, key) => {
        if (key === "0") compared++;
        return target[key as unknown as number];
      },
    });
    const found: number[] = [];
    tree.find(counting, [5001, 6], found);
    expect(found).toEqual([5000]);
    expect(compared).toBeLessThan(150);
  });
});

describe("coverage", () => {
  it("knows what is free, as a list of flags does", () => {
    const runs = fc.array(fc.tuple(fc.nat(99), fc.integer({ min: 1, max: 40 })), { maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), runs, (count, list) => {
        const coverage = new Coverage(count);
        const flags = new Array<boolean>(count).fill(false);
        for (const [start, size] of list) {
          const first = start % count;
          const length = Math.min(size, count - first);
          expect(coverage.isFree(first, length)).toBe(!flags.slice(first, first + length).includes(true));
          const free: number[] = [];
          coverage.free(first, length, {
            run: (at, offset, some) => {
              expect(offset).toBe(at - first);
              for (let i = 0; i < some; i++) free.push(at + i);
            },
          });
          expect(free).toEqual([...flags.keys()].filter((i) => i >= first && i < first + length && !flags[i]));
          for (const i of free) {
            coverage.cover(i, 1);
            flags[i] = true;
          }
        }
        expect(coverage.isWhole).toBe(flags.every(Boolean));
      }),
    );
  });
});

describe("a hyperslab without end", () => {
  const slab = (start: number, stride: number, block: number): Unlimited => {
    const stored: StoredSelection = {
      kind: "hyperslab",
      rank: 2,
      start: [0, start],
      stride: [1, stride],
      count: [3, Number.POSITIVE_INFINITY],
      block: [1, block],
    };
    expect(unlimitedAxis(stored)).toBe(1);
    return new Unlimited(stored, 1);
  };
  const parts = fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 4 }), fc.nat(3));

  it("counts slices in an extent, and the other way round", () => {
    fc.assert(
      fc.property(parts, fc.nat(40), ([start, block, gap], extent) => {
        const stride = block + gap;
        const one = slab(start, stride, block);
        const has = (at: number): boolean => at >= start && (at - start) % stride < block;
        const slices = Array.from({ length: extent }, (_, at) => has(at)).filter(Boolean).length;
        expect(one.slicesWithin(extent)).toBe(slices);
        expect(one.first(slices).count).toBe(3 * slices);
        const least = one.extentOf(slices, false);
        expect(one.slicesWithin(least)).toBe(slices);
        if (slices > 0) expect(one.slicesWithin(least - 1)).toBe(slices - 1);
        // With the gap behind: the next slice would come there.
        const most = one.extentOf(slices, true);
        expect([one.slicesWithin(most), one.slicesWithin(most + 1)]).toEqual([slices, slices + 1]);
      }),
    );
  });

  it("knows which blocks lie between two coordinates", () => {
    fc.assert(
      fc.property(parts, fc.nat(30), fc.integer({ min: 1, max: 12 }), ([start, block, gap], low, size) => {
        const one = slab(start, block + gap, block);
        const [first, end] = one.blocksBetween(low, low + size);
        const numbers: number[] = [];
        for (let n = 0; n < 60; n++) {
          const range = one.blockAt(n).axes[1];
          if (range.start < low + size && range.start + range.length > low) numbers.push(n);
        }
        expect(Array.from({ length: end - first }, (_, i) => first + i)).toEqual(numbers);
      }),
    );
  });
});

describe("names", () => {
  it.each([
    ["a.h5", 7, "a.h5"],
    ["a%b.h5", 7, "a7.h5"],
    ["%b/%b", 12, "12/12"],
    ["100%%", 0, "100%"],
    ["%%b", 3, "%b"],
    ["50% of %b", 1, "50% of 1"],
    ["%", 1, "%"],
  ])("%s of block %i is %s", (name, block, expected) => {
    expect(nameOfBlock(nameParts(name), block)).toBe(expected);
  });

  it.each([
    ["/a/v.h5", "/a/s.h5", "s.h5"],
    ["/a/v.h5", "/a/b/s.h5", "b/s.h5"],
    ["/a/b/v.h5", "/a/s.h5", "../s.h5"],
    ["/a/v.h5", "/c/s.h5", "/c/s.h5"],
    ["v.h5", "sub/s.h5", "sub/s.h5"],
    ["out/v.h5", "s.h5", "../s.h5"],
    ["./v.h5", "s.h5", "s.h5"],
    ["v.h5", "./v.h5", "."],
    ["v.h5", "/a/s.h5", "/a/s.h5"],
    ["https://x.org/d/v.h5", "https://x.org/d/s.h5", "s.h5"],
  ])("from %s, %s is %s", (from, to, expected) => {
    expect(relativeName(from, to)).toBe(expected);
  });
});

describe("sources", () => {
  const all: StoredSelection = { kind: "all" };
  const whole = {
    kind: "axes",
    axes: [{ kind: "range", start: 0, count: 4, stride: 1, block: 1 }],
    shape: [4],
    count: 4,
  } as const;

  it("that a selection does not meet are not opened", () => {
    const file = new FakeFile();
    const mappings = Array.from({ length: 1000 }, (_, i) => {
      const other = new FakeFile(`f${i}`);
      other.add("d", [10], u2(Array.from({ length: 10 }, (_, k) => i * 10 + k)));
      file.files.set(`f${i}`, other);
      const row = { kind: "hyperslab", rank: 2, start: [i, 0], stride: [1, 1], count: [1, 10], block: [1, 1] } as const;
      return { file: `f${i}`, dataset: "d", source: all, destination: row };
    });
    const info = file.view("v", [1000, 10], mappings);
    const rows = Float64Array.of(3, 999, 4);
    const column = { kind: "range", start: 5, count: 1, stride: 1, block: 1 } as const;
    const reader = virtualReader();
    const sink = new NumbersSink(3);
    const selection = { kind: "axes", axes: [{ kind: "list", indices: rows }, column], shape: [3], count: 3 } as const;
    runSync(reader.read(file.file, info, selection, sink));
    expect(sink.values).toEqual([35, 9995, 45]);
    expect(file.opened.sort()).toEqual(["f3", "f4", "f999"]);
    runSync(reader.read(file.file, info, selection, new NumbersSink(3)));
    expect(file.opened).toHaveLength(3);
  });

  it("of more or fewer elements than are mapped are an error", () => {
    const file = new FakeFile();
    file.add("d", [5], u2([1, 2, 3, 4, 5]));
    const info = file.view("v", [4], [{ file: ".", dataset: "d", source: all, destination: all }]);
    expect(() => runSync(virtualReader().read(file.file, info, whole, new NumbersSink(4)))).toThrow(
      /more elements on one side/,
    );
  });

  it("that end before what is mapped read as never written there", () => {
    const file = new FakeFile();
    file.add("d", [2], u2([1, 2]), { fill: u2([55]) });
    const four: StoredSelection = { kind: "hyperslab", rank: 1, start: [0], stride: [1], count: [4], block: [1] };
    const info = file.view("v", [4], [{ file: ".", dataset: "d", source: four, destination: four }]);
    const sink = new NumbersSink(4);
    runSync(virtualReader().read(file.file, info, whole, sink));
    expect(sink.values).toEqual([1, 2, 55, 55]);
  });

  it("that fail are not taken for absent", () => {
    const file = new FakeFile();
    file.files.set("f", new Error("out of order"));
    const endless = (rank: number): StoredSelection => ({
      kind: "hyperslab",
      rank,
      start: [0],
      stride: [1],
      count: [Number.POSITIVE_INFINITY],
      block: [1],
    });
    const info = file.view("v", [4], [{ file: "f", dataset: "d", source: endless(1), destination: endless(1) }], {
      maxDims: [Number.POSITIVE_INFINITY],
    });
    expect(() => runSync(virtualReader().describe(file.file, info))).toThrow("out of order");
    expect(() => runSync(virtualReader().read(file.file, info, whole, new NumbersSink(4)))).toThrow("out of order");
  });

  const damaged: [what: string, slab: Partial<Extract<StoredSelection, { kind: "hyperslab" }>>, message: RegExp][] = [
    ["no stride", { stride: [0] }, /blocks of no elements/],
    ["an end on one side", { count: [3] }, /without end to a part of the view that has one/],
    ["overlaps", { count: [3], block: [4], stride: [2], version: 2 }, /blocks that overlap/],
    ["more than can be counted", { count: [2 ** 52], block: [4], stride: [8], version: 2 }, /too many elements/],
  ];
  it.each(damaged)("of mappings with %s are refused, when they are read", (_, change, message) => {
    const file = new FakeFile();
    file.add("d", [4], u2([1, 2, 3, 4]));
    const endless = { kind: "hyperslab", rank: 1, start: [0], stride: [1], count: [Infinity], block: [1] } as const;
    const source = change.version === undefined ? endless : all;
    const mapping = { file: ".", dataset: "d", source, destination: { ...endless, ...change } };
    const info = file.view("v", [4], [mapping], { maxDims: [Number.POSITIVE_INFINITY] });
    const reader = virtualReader();
    expect(runSync(reader.describe(file.file, info)).dataspace.dims).toEqual([4]);
    expect(() => runSync(reader.read(file.file, info, whole, new NumbersSink(4)))).toThrow(message);
  });

  it("without number, as a resolver may have them, are bounded", () => {
    const file = new FakeFile("endless", { virtualMappings: 100 });
    const other = new FakeFile("other");
    other.add("d", [1], u2([1]));
    const files = { get: () => other };
    Object.assign(file, { files });
    const blocks: StoredSelection = {
      kind: "hyperslab",
      rank: 1,
      start: [0],
      stride: [1],
      count: [Number.POSITIVE_INFINITY],
      block: [1],
    };
    const mapping = { file: "f%b", dataset: "d", source: all, destination: blocks };
    const info = file.view("v", [1], [mapping], { maxDims: [Number.POSITIVE_INFINITY] });
    expect(() => runSync(virtualReader().describe(file.file, info))).toThrow(/limits.virtualMappings/);
  });
});

it("a layout says what it is of", () => {
  const layout = new VirtualLayout({ shape: [2, 3], dtype: "u2" });
  layout
    .set([0], new VirtualSource("a%.h5", "x", { shape: [3] }))
    .set([1], new VirtualSource("v.h5", "y", { shape: [3] }));
  const named = layout.mappings("v.h5").map(({ file, dataset }) => [file, dataset]);
  expect(named).toEqual([
    ["a%%.h5", "x"],
    [".", "y"],
  ]);
});
