import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectionIn } from "../../../test/support/arbitrary-selections.ts";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5, h5wasmFile } from "../../../test/support/editing.ts";
import { EditedFile, integer, newDataset } from "../../../test/support/new-datasets.ts";
import { elementsOf } from "../../../test/support/selected.ts";
import type { NewLayout } from "../../contract.ts";
import { makeSource } from "../../data/codecs/make-source.ts";
import type { Datatype, VariableLengthType } from "../../format/datatype/datatype.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { StructureVersion } from "../editor-file.ts";
import { freeDatasetStorage } from "./free-dataset.ts";

const TEXT: VariableLengthType = {
  class: "vlen",
  kind: "string",
  size: 16,
  padding: "nullterm",
  charset: "utf8",
  base: { class: "string", size: 1, padding: "nullterm", charset: "utf8" },
};
const sequence = (base: Datatype): VariableLengthType => ({ ...TEXT, kind: "sequence", base });
const LAYOUTS: readonly NewLayout[] = [{ class: "contiguous" }, { class: "compact" }, { class: "chunked", chunk: [4] }];

const texts = (name: string) => (f: Parameters<Parameters<typeof byLibhdf5>[1]>[0]) =>
  (f.get(name) as { value: string[] }).value;

const someText = fc.oneof(
  { weight: 9, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => text.replaceAll("\0", "")) },
  { weight: 1, arbitrary: fc.integer({ min: 900, max: 90_000 }).map((n) => "long ".repeat(n / 5)) },
);

const cases = fc.record({
  layout: fc.constantFrom(...LAYOUTS),
  version: fc.constantFrom<StructureVersion>("earliest", "v110"),
  writes: fc.array(fc.tuple(selectionIn([20]), fc.array(someText, { minLength: 1, maxLength: 20 }), fc.boolean()), {
    minLength: 1,
    maxLength: 6,
  }),
});

/** Without elements that are selected twice: what an earlier value of one leaves behind is found by nobody. */
const isSimple = (elements: readonly number[]): boolean => new Set(elements).size === elements.length;

describe("data of variable length", () => {
  it("is what was written, for us and for libhdf5, and leaves nothing behind", () => {
    fc.assert(
      fc.property(cases, ({ layout, version, writes }) => {
        const edited = EditedFile.create(version);
        const address = edited.create("d", newDataset([20], { datatype: TEXT, layout }));
        const model = new Array<string>(20).fill("");
        for (const [selection, values, commits] of writes) {
          const elements = elementsOf(selection, [20]);
          if (!isSimple(elements)) continue;
          const data = elements.map((_, i) => values[i % values.length]);
          edited.put(address, selection, makeSource(TEXT, data));
          elements.forEach((element, i) => {
            model[element] = data[i];
          });
          if (commits) edited.commit();
        }
        expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(model);
        runSync(freeDatasetStorage(edited.file, edited.info(address)));
        const other = EditedFile.create(version);
        const same = other.create("d", newDataset([20], { datatype: TEXT, layout }));
        runSync(freeDatasetStorage(other.file, other.info(same)));
        expect(edited.used).toBe(other.used);
      }),
      { numRuns: 120 },
    );
  });

  it("is written in bulk, overwritten and deleted; its space serves again", () => {
    const edited = EditedFile.create("earliest");
    const count = 50_000;
    const before = edited.used;
    const address = edited.create("d", newDataset([count], { datatype: TEXT }));
    const header = edited.used - before;
    const data = Array.from({ length: count }, (_, i) => `text number ${i}`);
    edited.put(address, everything([count]), makeSource(TEXT, data));
    const size = edited.commit().length;
    expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(data);
    const other = data.map((text) => text.toUpperCase());
    for (let round = 0; round < 3; round++) {
      edited.put(address, everything([count]), makeSource(TEXT, round === 1 ? data : other));
      edited.commit();
    }
    expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(other);
    expect(edited.storage.toUint8Array().length).toBeLessThan(2.2 * size);
    runSync(freeDatasetStorage(edited.file, edited.info(address)));
    expect(edited.used - before).toBe(header);
  });

  it("is freed to its depths: sequences of texts, in arrays in compounds", () => {
    const type: Datatype = {
      class: "compound",
      size: 8 + 32,
      members: [
        { name: "n", offset: 0, type: integer(8) },
        { name: "pair", offset: 8, type: { class: "array", size: 32, dims: [2], base: sequence(TEXT) } },
      ],
    };
    const edited = EditedFile.create("v110");
    const address = edited.create("d", newDataset([3], { datatype: type }));
    const before = edited.used;
    const lists = [["a", "bb"], [], ["ccc"], ["", "d"], ["e".repeat(5000)], []];
    const source = () =>
      makeSource(type, { n: BigInt64Array.of(1n, 2n, 3n), pair: lists } as unknown as Parameters<typeof makeSource>[1]);
    edited.put(address, everything([3]), source());
    const bytes = edited.commit();
    expect(byLibhdf5(bytes, (f) => (f.get("d") as { value: unknown[][] }).value.map((row) => row[1]))).toEqual([
      [["a", "bb"], []],
      [["ccc"], ["", "d"]],
      [["e".repeat(5000)], []],
    ]);
    for (let i = 0; i < 5; i++) {
      edited.put(address, everything([3]), source());
      edited.commit();
    }
    expect(edited.used - before).toBeLessThan(20_000);
    runSync(freeDatasetStorage(edited.file, edited.info(address)));
    expect(edited.used).toBe(before);
  });

  it("has fill values, each with objects of its own", () => {
    for (const version of ["earliest", "v110"] as const) {
      for (const layout of LAYOUTS) {
        const edited = EditedFile.create(version);
        const before = edited.used;
        const options = newDataset([10], {
          datatype: TEXT,
          layout,
          dataspace: { kind: "simple", dims: [10], maxDims: [layout.class === "chunked" ? 100 : 10] },
          fillSource: makeSource(TEXT, ["nothing"]),
        });
        const address = edited.create("d", { ...options, fill: { ...options.fill, allocTime: "early" } });
        const model = new Array<string>(10).fill("nothing");
        expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(model);
        for (const at of [3, 4, 3]) {
          const one = {
            kind: "runs",
            starts: Float64Array.of(at),
            lengths: Float64Array.of(1),
            shape: [1],
            count: 1,
          } as const;
          edited.put(address, one, makeSource(TEXT, [`something at ${at}`]));
          model[at] = `something at ${at}`;
          expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(model);
        }
        if (layout.class === "chunked") {
          edited.resize(address, [4]);
          edited.resize(address, [13]);
          expect(byLibhdf5(edited.commit(), texts("d"))).toEqual([
            ...model.slice(0, 4),
            ...new Array<string>(9).fill("nothing"),
          ]);
        }
        runSync(freeDatasetStorage(edited.file, edited.info(address)));
        // What edge chunks hold outside of the extent stays behind, as it does in the reference library.
        if (layout.class !== "chunked") expect(edited.used - before).toBeLessThan(800);
      }
    }
  });

  it("that libhdf5 has written is overwritten in its own collections", () => {
    for (const libver of ["earliest", "latest"] as const) {
      const data = Array.from({ length: 300 }, (_, i) => `number ${i}`);
      const made = h5wasmFile(libver, (f) => {
        f.create_dataset({ name: "d", data });
      });
      const edited = new EditedFile(new MemoryStorage(made));
      const address = edited.addressOf("d");
      const type = edited.info(address).datatype;
      const middle = {
        kind: "runs",
        starts: Float64Array.of(100),
        lengths: Float64Array.of(100),
        shape: [100],
        count: 100,
      } as const;
      edited.put(address, middle, makeSource(type, data.slice(0, 100)));
      const expected = [...data.slice(0, 100), ...data.slice(0, 100), ...data.slice(200)];
      expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(expected);
      edited.put(address, everything([300]), makeSource(type, new Array<string>(300).fill("")));
      expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(new Array<string>(300).fill(""));
    }
  });

  it("that cannot be encoded leaves everything as it was", () => {
    const edited = EditedFile.create("earliest");
    const address = edited.create("d", newDataset([3], { datatype: TEXT }));
    edited.put(address, everything([3]), makeSource(TEXT, ["a", "b", "c"]));
    edited.commit();
    const { used } = edited;
    expect(() => edited.put(address, everything([3]), makeSource(TEXT, ["x", "y", "with\0NUL"]))).toThrow(/NUL/);
    expect(edited.used).toBe(used);
    expect(byLibhdf5(edited.commit(), texts("d"))).toEqual(["a", "b", "c"]);
  });
});
