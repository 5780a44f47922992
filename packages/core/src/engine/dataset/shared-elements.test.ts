import fc from "fast-check";
import { expect, it } from "vitest";
import { elementsOf } from "../../../test/support/selected.ts";
import { asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import { parseSelection } from "../../data/selection/parse.ts";
import { slice } from "../../data/selection/slice.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { sharedElements } from "./shared-elements.ts";

const BASE = 3;
const ADDRESS = 10;

const cases = fc
  .array(fc.record({ dim: fc.nat(4), from: fc.nat(4), to: fc.nat(4), step: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 3,
  })
  .map((axes) => {
    const dims = axes.map(({ dim }) => dim);
    const selection = parseSelection(
      axes.map(({ from, to, step }) => slice(from, to, step)),
      dims,
    );
    return { dims, selection };
  });

it("shares exactly the selections that are runs of neighbours", () => {
  fc.assert(
    fc.property(cases, ({ dims, selection }) => {
      const size = dims.reduce((product, dim) => product * dim, 1);
      const memory = Uint8Array.from({ length: BASE + ADDRESS + size }, (_, i) => i - BASE - ADDRESS);
      const file = { storage: new MemoryStorage(memory), base: BASE };
      const dataset = {
        datatype: { class: "opaque", size: 1, tag: "" },
        dataspace: { kind: "simple", dims, maxDims: dims },
        layout: { class: "contiguous", address: asAddress(ADDRESS), size },
        external: [],
      } as unknown as DatasetInfo;
      const elements = elementsOf(selection, dims);
      const run = elements.length > 0 && elements.every((element, i) => element === elements[0] + i);
      const shared = sharedElements(file, dataset, selection);
      expect(shared && [...shared]).toEqual(run ? elements : undefined);
      expect(shared?.buffer ?? memory.buffer).toBe(memory.buffer);
    }),
    { numRuns: 500 },
  );
});
