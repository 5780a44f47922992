import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectionIn } from "../../../test/support/arbitrary-selections.ts";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5 } from "../../../test/support/editing.ts";
import { asNumbers, numbersFrom, valuesOf } from "../../../test/support/i4.ts";
import { EditedFile, integer, newDataset } from "../../../test/support/new-datasets.ts";
import { elementsOf } from "../../../test/support/selected.ts";
import type { NewDataset, NewLayout } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { StructureVersion } from "../editor-file.ts";

const VERSIONS: readonly StructureVersion[] = ["earliest", "v108", "v110", "v200"];
const LAYOUTS: readonly NewLayout[] = [{ class: "contiguous" }, { class: "compact" }];

const cases = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }).chain((dims) =>
  fc.record({
    dims: fc.constant(dims),
    selections: fc.array(selectionIn(dims), { minLength: 1, maxLength: 6 }),
    version: fc.constantFrom(...VERSIONS),
    layout: fc.constantFrom(...LAYOUTS),
    fill: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
    early: fc.boolean(),
    direct: fc.boolean(),
    commits: fc.boolean(),
  }),
);

describe("datasets in one piece", () => {
  it("hold what was written to any selection, for us and for libhdf5", () => {
    fc.assert(
      fc.property(cases, ({ dims, selections, version, layout, fill, early, direct, commits }) => {
        const count = dims.reduce((all, n) => all * n, 1);
        const model = new Array<number>(count).fill(fill ?? 0);
        const edited = EditedFile.create(version);
        const options: Partial<NewDataset> = {
          layout,
          fill: {
            defined: fill === undefined ? "default" : "user",
            ...(fill === undefined ? {} : { value: numbersFrom(fill, 1) }),
            allocTime: early || layout.class === "compact" ? "early" : "late",
            writeTime: "ifset",
          },
        };
        const address = edited.create("d", newDataset(dims, options));
        expect(asNumbers(edited.read(address))).toEqual(model);
        let next = 1000;
        for (const selection of selections) {
          edited.write(address, selection, numbersFrom(next, selection.count), direct);
          for (const element of elementsOf(selection, dims)) model[element] = next++;
          expect(asNumbers(edited.read(address))).toEqual(model);
          if (commits) edited.commit();
        }
        const bytes = edited.commit();
        expect(asNumbers(edited.read(address))).toEqual(model);
        expect(byLibhdf5(bytes, (f) => (f.get("d") as { shape: number[] }).shape)).toEqual(dims);
        if (count > 0) expect(byLibhdf5(bytes, valuesOf("d"))).toEqual(model);
      }),
      { numRuns: 150 },
    );
  });

  it("are written in pieces where they are larger than one", () => {
    const dims = [700, 1000];
    const edited = EditedFile.create("earliest");
    const address = edited.create("d", newDataset(dims));
    edited.write(address, everything(dims), numbersFrom(0, 700_000), false);
    const strided: Selection = {
      kind: "axes",
      axes: [
        { kind: "range", start: 1, count: 233, stride: 3, block: 1 },
        { kind: "range", start: 5, count: 2, stride: 400, block: 3 },
      ],
      shape: [233, 6],
      count: 1398,
    };
    edited.commit();
    edited.write(address, strided, numbersFrom(-2000, 1398));
    const model = Array.from({ length: 700_000 }, (_, i) => i);
    elementsOf(strided, dims).forEach((element, i) => {
      model[element] = i - 2000;
    });
    const bytes = edited.commit();
    expect(asNumbers(edited.read(address))).toEqual(model);
    expect(byLibhdf5(bytes, valuesOf("d"))).toEqual(model);
  });

  it("show their fill value where freed space is used again", () => {
    const edited = EditedFile.create("earliest");
    const { allocator, raw } = edited.file;
    const space = allocator.allocate(4000, "raw");
    runSync(raw.write(space, new Uint8Array(4000).fill(0xaa)));
    allocator.allocate(8, "raw");
    allocator.free(space, 4000, "raw");
    const address = edited.create("d", newDataset([500]));
    edited.write(
      address,
      { kind: "runs", starts: Float64Array.of(7), lengths: Float64Array.of(1), shape: [1], count: 1 },
      numbersFrom(5, 1),
    );
    const model = new Array<number>(500).fill(0);
    model[7] = 5;
    expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual(model);
  });

  it.each<[string, NewDataset, RegExp]>([
    [
      "a compact layout that is too large",
      newDataset([20_000], { layout: { class: "compact" } }),
      /too large for a compact/,
    ],
    [
      "filters without chunks",
      newDataset([4], { pipeline: { filters: [{ id: 1, name: "", flags: 1, clientData: [4] }] } }),
      /chunked layout/,
    ],
    [
      "growth without chunks",
      newDataset([4], { dataspace: { kind: "simple", dims: [4], maxDims: [Infinity] } }),
      /can grow only/,
    ],
    ["chunks of another rank", newDataset([4], { layout: { class: "chunked", chunk: [2, 2] } }), /another rank/],
    ["chunks of no elements", newDataset([4], { layout: { class: "chunked", chunk: [0] } }), /wrong shape/],
    [
      "chunks larger than the extent",
      newDataset([4], { layout: { class: "chunked", chunk: [5] } }),
      /larger than it may become/,
    ],
    ["chunks of a scalar", newDataset([], { layout: { class: "chunked", chunk: [] } }), /at least one dimension/],
    [
      "a fill value of another size",
      newDataset([4], { fill: { defined: "user", value: new Uint8Array(8), allocTime: "late", writeTime: "ifset" } }),
      /another size/,
    ],
    [
      "an undefined fill value to be written",
      newDataset([4], { fill: { defined: "undefined", allocTime: "late", writeTime: "onalloc" } }),
      /undefined/,
    ],
  ])("are refused: %s", (_, options, expected) => {
    const edited = EditedFile.create("earliest");
    const before = edited.file.allocator.end;
    expect(() => edited.create("d", options)).toThrow(expected);
    expect(edited.file.allocator.end).toBe(before);
  });

  it("are refused where the newest structures allowed are too old", () => {
    const edited = EditedFile.create("v110", { bounds: { low: "earliest", high: "v108" } });
    const complex = {
      class: "complex",
      size: 8,
      base: {
        class: "float",
        size: 4,
        order: "le",
        bitOffset: 0,
        precision: 32,
        signPosition: 31,
        exponentPosition: 23,
        exponentSize: 8,
        exponentBias: 127,
        mantissaPosition: 0,
        mantissaSize: 23,
        normalization: "implied",
      },
    } as const;
    expect(() => edited.create("c", newDataset([2], { datatype: complex }))).toThrow(/libver.*v200/s);
    expect(() => edited.create("v", newDataset([2], { layout: { class: "virtual", mappings: [] } }))).toThrow(
      /libver.*v110/s,
    );
  });

  it("keep times where that is asked for, and refer to integers of any size", () => {
    for (const version of VERSIONS) {
      const edited = EditedFile.create(version);
      const address = edited.create("d", newDataset([3], { trackTimes: true, datatype: integer(2) }));
      edited.write(address, everything([3]), Uint8Array.of(1, 0, 2, 0, 255, 255));
      const info = edited.info(address);
      expect(info.times?.modified).toBe(1_700_000_000);
      expect(info.headerVersion).toBe(version === "earliest" ? 1 : 2);
      expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual([1, 2, -1]);
    }
  });
});
