import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../../test/support/editing.ts";
import { asNumbers, numbersFrom, valuesOf } from "../../../test/support/i4.ts";
import { Model } from "../../../test/support/i4-model.ts";
import { EditedFile, newDataset } from "../../../test/support/new-datasets.ts";
import { elementsOf } from "../../../test/support/selected.ts";
import type { NewDataset } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import { openReader } from "../../engine/file-reader.ts";
import type { FilterDescription } from "../../format/messages/filter-pipeline.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { StructureVersion } from "../editor-file.ts";
import { putLayout } from "./current-dataset.ts";
import { freeDatasetStorage } from "./free-dataset.ts";

const DEFLATE: FilterDescription = { id: 1, name: "deflate", flags: 1, clientData: [1] };
/** Largest extent along each axis, and chunks. */
const MOST = 12;

const steps = (rank: number) =>
  fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant("resize" as const),
        dims: fc.array(fc.integer({ min: 0, max: MOST }), { minLength: rank, maxLength: rank }),
      }),
      fc.record({
        kind: fc.constant("write" as const),
        seed: fc.array(fc.nat(1000), { minLength: 2 * rank, maxLength: 2 * rank }),
      }),
      fc.record({ kind: fc.constant("commit" as const) }),
    ),
    { minLength: 1, maxLength: 14 },
  );

const cases = fc.integer({ min: 1, max: 3 }).chain((rank) =>
  fc.record({
    dims: fc.array(fc.integer({ min: 0, max: MOST }), { minLength: rank, maxLength: rank }),
    chunk: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: rank, maxLength: rank }),
    unlimited: fc.array(fc.boolean(), { minLength: rank, maxLength: rank }),
    steps: steps(rank),
    version: fc.constantFrom<StructureVersion>("earliest", "v110", "v200"),
    filters: fc.constantFrom<FilterDescription[]>([], [DEFLATE]),
    fill: fc.constantFrom(0, 7),
    early: fc.boolean(),
    edgeUnfiltered: fc.boolean(),
    room: fc.constantFrom(0, 100, 10_000),
  }),
);

/** A box within the extent, by numbers that have nothing to do with it. */
function boxOf(seed: readonly number[], dims: readonly number[]): Selection {
  const axes = dims.map((n, d) => {
    const start = n === 0 ? 0 : seed[2 * d] % n;
    return {
      kind: "range",
      start,
      count: n === 0 ? 0 : 1 + (seed[2 * d + 1] % (n - start)),
      stride: 1,
      block: 1,
    } as const;
  });
  const shape = axes.map(({ count }) => count);
  return { kind: "axes", axes, shape, count: shape.reduce((all, n) => all * n, 1) };
}

function optionsOf(c: {
  unlimited: boolean[];
  chunk: number[];
  dims: number[];
  filters: FilterDescription[];
  fill: number;
  early: boolean;
}): NewDataset {
  const maxDims = c.unlimited.map((is) => (is ? Infinity : MOST));
  return newDataset(c.dims, {
    layout: { class: "chunked", chunk: c.chunk },
    dataspace: { kind: "simple", dims: c.dims, maxDims },
    pipeline: { filters: c.filters },
    fill: {
      defined: c.fill === 0 ? "default" : "user",
      ...(c.fill === 0 ? {} : { value: numbersFrom(c.fill, 1) }),
      allocTime: c.early ? "early" : "incremental",
      writeTime: "ifset",
    },
  });
}

describe("extents", () => {
  it("change in any order of writing, shrinking and growing, and give all space back in the end", () => {
    fc.assert(
      fc.property(cases, (c) => {
        const edited = EditedFile.create(c.version, { chunkCache: { bytes: c.room } });
        const address = edited.create("d", optionsOf(c));
        const { layout } = edited.info(address);
        // An option that nobody offers but the library itself.
        if (c.edgeUnfiltered && !c.early && c.version !== "earliest" && layout.class === "chunked")
          runSync(putLayout(edited.file, address, { ...layout, edgeUnfiltered: true }));
        const model = new Model(c.dims, c.fill);
        let next = 1000;
        for (const step of c.steps) {
          if (step.kind === "commit") edited.commit();
          else if (step.kind === "resize") {
            edited.resize(address, step.dims);
            model.resize(step.dims);
          } else {
            const selection = boxOf(step.seed, model.dims);
            edited.write(address, selection, numbersFrom(next, selection.count));
            for (const element of elementsOf(selection, model.dims)) model.values[element] = next++;
          }
          expect(asNumbers(edited.read(address))).toEqual(model.values);
        }
        const bytes = edited.commit();
        expect(asNumbers(edited.reopened().read(address))).toEqual(model.values);
        expect(byLibhdf5(bytes, (f) => (f.get("d") as { shape: number[] }).shape)).toEqual(model.dims);
        if (model.values.length > 0) expect(byLibhdf5(bytes, valuesOf("d"))).toEqual(model.values);
        const empty = EditedFile.create(c.version);
        empty.create("d", {
          ...optionsOf(c),
          fill: { defined: "default", allocTime: "incremental", writeTime: "ifset" },
        });
        runSync(freeDatasetStorage(edited.file, edited.info(address)));
        // A fill value makes the header longer.
        expect(edited.used - empty.used).toBeLessThanOrEqual(400);
        expect(edited.used - empty.used).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 250 },
    );
  });

  it("of datasets made by libhdf5 change, whatever way their trees came to be", () => {
    for (const libver of ["earliest", "latest"] as const) {
      const made = h5wasmFile(libver, (f) => {
        const data = Int32Array.from({ length: 700 }, (_, i) => i);
        const d = f.create_dataset({ name: "d", data, shape: [700], maxshape: [null], chunks: [3], dtype: "<i4" });
        d.resize([100]);
        d.resize([704]);
        d.write_slice([[701, 704]], Int32Array.of(1, 2, 3));
        d.write_slice([[330, 331]], Int32Array.of(9));
      });
      const edited = new EditedFile(new MemoryStorage(made));
      const reader = runSync(openReader(new MemoryStorage(made), editingOptions()));
      const address = runSync(reader.resolve(reader.info.root, "d"))!.address;
      const model = new Model([704]);
      model.values = model.values.map((_, i) => (i < 100 ? i : i >= 701 ? i - 700 : i === 330 ? 9 : 0));
      expect(asNumbers(edited.read(address))).toEqual(model.values);
      let next = 5000;
      for (const at of [703, 650, 110, 330, 0, 500, 403]) {
        const selection: Selection = {
          kind: "runs",
          starts: Float64Array.of(at),
          lengths: Float64Array.of(1),
          shape: [1],
          count: 1,
        };
        edited.write(address, selection, numbersFrom(next, 1));
        model.values[at] = next++;
      }
      expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual(model.values);
      edited.resize(address, [400]);
      model.resize([400]);
      edited.commit();
      edited.resize(address, [3000]);
      model.resize([3000]);
      edited.write(address, everything([3000]), numbersFrom(1, 3000));
      expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual(model.values.map((_, i) => i + 1));
      edited.resize(address, [0]);
      expect(byLibhdf5(edited.commit(), (f) => (f.get("d") as { shape: number[] }).shape)).toEqual([0]);
      edited.resize(address, [5]);
      expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual([0, 0, 0, 0, 0]);
    }
  });

  it.each<[string, readonly number[], NewDataset, RegExp]>([
    ["contiguous", [3], newDataset([4]), /only with a chunked layout/],
    [
      "too large",
      [9],
      newDataset([4], {
        layout: { class: "chunked", chunk: [2] },
        dataspace: { kind: "simple", dims: [4], maxDims: [8] },
      }),
      /at most 8/,
    ],
    ["another rank", [4, 4], newDataset([4], { layout: { class: "chunked", chunk: [2] } }), /another rank/],
    ["negative", [-1], newDataset([4], { layout: { class: "chunked", chunk: [2] } }), /cannot have/],
  ])("are refused: %s", (_, dims, options, expected) => {
    const edited = EditedFile.create("earliest");
    const address = edited.create("d", options);
    expect(() => edited.resize(address, dims)).toThrow(expected);
    expect(edited.info(address).dataspace.dims).toEqual([4]);
  });
});

it.each(["earliest", "v110"] as const)("is a change whose time is kept where times are, in files of %s", (low) => {
  let now = 1000;
  const edited = EditedFile.create(low, { now: () => now });
  const options: Partial<NewDataset> = {
    layout: { class: "chunked", chunk: [2] },
    dataspace: { kind: "simple", dims: [4], maxDims: [Infinity] },
  };
  const [kept, not] = [true, false].map((trackTimes) =>
    edited.create(String(trackTimes), newDataset([4], { ...options, trackTimes })),
  );
  now = 2000;
  for (const dims of [[6], [3]]) for (const address of [kept, not]) edited.resize(address, dims);
  const times = low === "earliest" ? { modified: 2000 } : { accessed: 2000, modified: 1000, changed: 2000, born: 1000 };
  expect([edited.info(kept).times, edited.info(not).times]).toEqual([times, undefined]);
  expect(edited.info(kept).dataspace.dims).toEqual([3]);
});
