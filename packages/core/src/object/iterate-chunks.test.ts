import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeReader } from "../../test/support/fake-reader.ts";
import { opened, type } from "../../test/support/opened.ts";
import { elementsOf } from "../../test/support/selected.ts";
import { parseSelection } from "../data/selection/parse.ts";
import { slice } from "../data/selection/slice.ts";
import type { Dataset } from "./dataset.ts";

function chunked(dims: number[], chunk: number[]): Dataset<"sync"> {
  const reader = new FakeReader();
  const index = { kind: "btree-v1", address: null } as const;
  const layout = { class: "chunked", chunk, elementSize: 4, edgeUnfiltered: false, index } as const;
  reader.addDataset("/d", type("i4"), dims, { layout });
  return opened("sync", reader).dataset("d");
}

/** Shapes of up to three axes, chunks of them, and a slice along each. */
const cases = fc
  .array(fc.record({ dim: fc.nat(9), chunk: fc.integer({ min: 1, max: 5 }), from: fc.nat(9), to: fc.nat(9) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((axes) => ({
    dims: axes.map(({ dim }) => dim),
    chunk: axes.map(({ chunk }) => chunk),
    selection: axes.map(({ from, to }) => slice(Math.min(from, to), Math.max(from, to))),
  }));

describe("iterChunks", () => {
  it("divides a selection: each element once, each part in one chunk, in row-major order of chunks", () => {
    fc.assert(
      fc.property(cases, ({ dims, chunk, selection }) => {
        const parts = [...chunked(dims, chunk).iterChunks(selection)];
        const chunkOf = (element: number): string => {
          const at: number[] = [];
          for (let d = dims.length - 1; d >= 0; d--) {
            at.unshift(Math.floor((element % dims[d]) / chunk[d]));
            element = Math.floor(element / dims[d]);
          }
          return at.join();
        };
        const elements = parts.map((part) => elementsOf(parseSelection(part, dims), dims));
        const chunks = elements.map((list) => [...new Set(list.map(chunkOf))]);
        expect(chunks.every((list) => list.length === 1)).toBe(true);
        expect(chunks.map(([one]) => one)).toEqual([...new Set(chunks.map(([one]) => one))].sort());
        const expected = elementsOf(parseSelection(selection, dims), dims);
        expect(elements.flat().sort((a, b) => a - b)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("has one part for each chunk of the whole, as h5py", () => {
    expect([...chunked([10, 10], [5, 10]).iterChunks()].map(String)).toEqual([
      "slice(0, 5, null),slice(0, 10, null)",
      "slice(5, 10, null),slice(0, 10, null)",
    ]);
    expect([...chunked([10, 10], [5, 5]).iterChunks([slice(2, 7), slice(3)])].map(String)).toEqual([
      "slice(2, 5, null),slice(0, 3, null)",
      "slice(5, 7, null),slice(0, 3, null)",
    ]);
    expect([...chunked([0, 4], [2, 2]).iterChunks()]).toEqual([]);
  });

  it.each([
    ["a step", [slice(0, 8, 2)]],
    ["a list", [[0, 5]]],
    ["a mask", Array.from({ length: 9 }, (_, i) => i % 2 === 0)],
  ])("does not divide %s", (_, selection) => {
    expect(() => chunked([9], [3]).iterChunks(selection)).toThrow(expect.objectContaining({ name: "SelectionError" }));
  });

  it("is for chunked datasets only", () => {
    const reader = new FakeReader();
    reader.addDataset("/d", type("i4"), [4]);
    expect(() => opened("sync", reader).dataset("d").iterChunks()).toThrow(/has no chunks/);
  });
});
