import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectionIn } from "../../../test/support/arbitrary-selections.ts";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5 } from "../../../test/support/editing.ts";
import { asNumbers, numbersFrom, valuesOf } from "../../../test/support/i4.ts";
import { EditedFile, newDataset } from "../../../test/support/new-datasets.ts";
import { elementsOf } from "../../../test/support/selected.ts";
import type { NewDataset } from "../../contract.ts";
import type { FilterDescription } from "../../format/messages/filter-pipeline.ts";
import type { StructureVersion } from "../editor-file.ts";

const VERSIONS: readonly StructureVersion[] = ["earliest", "v110", "v200"];
const DEFLATE: FilterDescription = { id: 1, name: "deflate", flags: 1, clientData: [1] };
const SHUFFLE: FilterDescription = { id: 2, name: "shuffle", flags: 1, clientData: [4] };
const FLETCHER32: FilterDescription = { id: 3, name: "fletcher32", flags: 0, clientData: [] };
const PIPELINES: readonly (readonly FilterDescription[])[] = [[], [DEFLATE], [SHUFFLE, DEFLATE], [FLETCHER32]];

const axis = fc.record({
  size: fc.integer({ min: 1, max: 14 }),
  chunk: fc.integer({ min: 1, max: 6 }),
  growth: fc.constantFrom<"fixed" | "bounded" | "unlimited">("fixed", "bounded", "unlimited"),
});
const cases = fc.array(axis, { minLength: 1, maxLength: 3 }).chain((axes) => {
  const dims = axes.map(({ size }) => size);
  return fc.record({
    dims: fc.constant(dims),
    chunk: fc.constant(axes.map(({ size, chunk }) => Math.min(size, chunk))),
    maxDims: fc.constant(
      axes.map(({ size, growth }) => (growth === "fixed" ? size : growth === "bounded" ? size + 9 : Infinity)),
    ),
    selections: fc.array(selectionIn(dims), { minLength: 1, maxLength: 8 }),
    version: fc.constantFrom(...VERSIONS),
    filters: fc.constantFrom(...PIPELINES),
    fill: fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
    early: fc.boolean(),
    direct: fc.boolean(),
    commits: fc.boolean(),
    room: fc.constantFrom(0, 100, 10_000),
  });
});

describe("chunked datasets", () => {
  it("hold what was written to any selection, for us and for libhdf5", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { dims } = c;
        const count = dims.reduce((all, n) => all * n, 1);
        const model = new Array<number>(count).fill(c.fill ?? 0);
        const edited = EditedFile.create(c.version, { chunkCache: { bytes: c.room } });
        const options: Partial<NewDataset> = {
          layout: { class: "chunked", chunk: c.chunk },
          dataspace: { kind: "simple", dims, maxDims: c.maxDims },
          pipeline: { filters: c.filters },
          fill: {
            defined: c.fill === undefined ? "default" : "user",
            ...(c.fill === undefined ? {} : { value: numbersFrom(c.fill, 1) }),
            allocTime: c.early ? "early" : "incremental",
            writeTime: "ifset",
          },
        };
        const address = edited.create("d", newDataset(dims, options));
        expect(asNumbers(edited.read(address))).toEqual(model);
        let next = 1000;
        for (const selection of c.selections) {
          edited.write(address, selection, numbersFrom(next, selection.count), c.direct);
          for (const element of elementsOf(selection, dims)) model[element] = next++;
          expect(asNumbers(edited.read(address))).toEqual(model);
          if (c.commits) {
            edited.commit();
            expect(asNumbers(edited.read(address))).toEqual(model);
          }
        }
        const bytes = edited.commit();
        expect(asNumbers(edited.reopened().read(address))).toEqual(model);
        expect(byLibhdf5(bytes, valuesOf("d"))).toEqual(model);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, StructureVersion, Partial<NewDataset>]>([
    ["version 1 B-tree", "earliest", {}],
    ["fixed array", "v110", {}],
    ["extensible array", "v110", { dataspace: { kind: "simple", dims: [9000, 3], maxDims: [Infinity, 3] } }],
    ["version 2 B-tree", "v110", { dataspace: { kind: "simple", dims: [9000, 3], maxDims: [Infinity, Infinity] } }],
    ["implicit", "v110", { fill: { defined: "default", allocTime: "early", writeTime: "ifset" } }],
  ])("have thousands of chunks by a %s, written at once and one by one in any order", (_, version, options) => {
    const dims = [9000, 3];
    const edited = EditedFile.create(version);
    const address = edited.create("d", newDataset(dims, { layout: { class: "chunked", chunk: [1, 2] }, ...options }));
    const model = Array.from({ length: 27_000 }, (_, i) => i);
    const half = { kind: "range", start: 0, count: 4500, stride: 2, block: 1 } as const;
    const columns = { kind: "range", start: 0, count: 3, stride: 1, block: 1 } as const;
    const even = { kind: "axes", axes: [half, columns], shape: [4500, 3], count: 13_500 } as const;
    edited.write(address, even, new Uint8Array(Int32Array.from(elementsOf(even, dims), (e) => model[e]).buffer));
    for (let i = 0; i < 4500; i++) {
      const row = ((i * 1201) % 4500) * 2 + 1;
      const axes = [{ kind: "range", start: row, count: 1, stride: 1, block: 1 } as const, columns];
      edited.write(address, { kind: "axes", axes, shape: [3], count: 3 }, numbersFrom(row * 3, 3));
      if (i % 1500 === 7) edited.commit();
    }
    const bytes = edited.commit();
    expect(asNumbers(edited.reopened().read(address))).toEqual(model);
    expect(byLibhdf5(bytes, valuesOf("d"))).toEqual(model);
    edited.write(address, everything(dims), numbersFrom(5, 27_000));
    expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual(model.map((n) => n + 5));
  });
});
