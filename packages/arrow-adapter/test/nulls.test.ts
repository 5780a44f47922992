/** Nulls by values that stand for them: they round-trip as by masks, and others can tell them. */
import * as arrow from "apache-arrow";
import { type Dataset, MemoryStorage, type Mode, openSync } from "h5ts";
import { describe, expect, it } from "vitest";
import { dataOf, fromArrow, toArrow, type WriteTableOptions } from "../src/index.ts";
import { columnValues, expectSame } from "./support/compare-tables.ts";
import { FLAT, NESTED, Random, randomField, randomSchema, randomTable } from "./support/random-tables.ts";

const SEEDS = Math.ceil(1000 * Number(process.env.H5TS_SCALE ?? 0.1));

function tableOf(columns: Readonly<Record<string, readonly [arrow.DataType, readonly unknown[]]>>): arrow.Table {
  const entries = Object.entries(columns);
  const fields = entries.map(([name, [type]]) => new arrow.Field(name, type, true));
  const children = entries.map(([, [type, values]]) => dataOf(arrow, type, values as never));
  const schema = new arrow.Schema(fields);
  const struct = new arrow.Struct(fields);
  const length = children[0].length;
  const data = new arrow.Data(struct, 0, length, 0, [undefined, undefined, new Uint8Array(0)], children);
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, data as never)]);
}

async function* streamed(table: arrow.Table): AsyncGenerator<arrow.RecordBatch, void> {
  yield* table.batches;
}

const newFile = () => openSync(new MemoryStorage(), "w");
const LAYOUTS = ["compound", "group"] as const;

describe.each(LAYOUTS)("values for null, %s", (layout) => {
  it("of random schemas come back as nulls", { timeout: 300_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed);
      const table = randomTable(random, randomSchema(random), random.pick([0, 1, 5, 40]));
      const made = await fromArrow(table, newFile(), "t", { layout, nulls: "fill" });
      expectSame(await toArrow(made), table);
    }
  });

  it.each(["int8", "uint8", "int32", "uint64", "int64", "float16", "float32", "float64", "utf8", "largeUtf8"])(
    "of %s need no mask",
    async (name) => {
      const random = new Random(5);
      const schema = new arrow.Schema([new arrow.Field("v", FLAT[name](), true), randomField(random, "w")]);
      const table = randomTable(random, schema, 60);
      const file = newFile();
      const made = await fromArrow(table, file, "t", { layout, nulls: "fill" });
      expectSame(await toArrow(made), table);
      const names = made.kind === "group" ? await made.keys() : [...(made as Dataset<Mode>).dtype.fields!.keys()];
      expect(names).not.toContain("v__valid");
    },
  );

  it("are others where rows have them, or masks where there is none left", async () => {
    const bytes = [...Array(256).keys()].map((i) => i - 128);
    const table = tableOf({
      i: [new arrow.Int32(), [-(2 ** 31), null, 5]],
      f: [new arrow.Float64(), [Number.NaN, null, 0]],
      t: [new arrow.Utf8(), ["", "NA", null]],
      b: [new arrow.Bool(), [true, null, false]],
    });
    const made = await fromArrow(table, newFile(), "t", { layout, nulls: "fill" });
    expectSame(await toArrow(made), table);
    const full = tableOf({ v: [new arrow.Int8(), [...bytes, null]] });
    expectSame(await toArrow(await fromArrow(full, newFile(), "t", { layout, nulls: "fill" })), full);
  });

  it.each<[string, WriteTableOptions, string]>([
    ["a value that a row has", { fillValues: { i: 5 } }, "stands for null, and is not null"],
    ["a value beyond the type", { fillValues: { i: 2 ** 40 } }, "cannot stand for null"],
    ["a value of another kind", { fillValues: { i: "x" } }, "cannot stand for null"],
  ])("are refused: %s", async (_, options, message) => {
    const table = tableOf({ i: [new arrow.Int32(), [1, null, 5]] });
    const write = fromArrow(table, newFile(), "t", { ...options, layout });
    await expect(write).rejects.toMatchObject({ name: "DTypeError", message: expect.stringContaining(message) });
  });

  it("of streams must not be among the rows", async () => {
    const good = tableOf({ i: [new arrow.Int64(), [1n, null]], t: [new arrow.Utf8(), ["a", null]] });
    const made = await fromArrow(streamed(good), newFile(), "t", { layout, nulls: "fill" });
    expectSame(await toArrow(made), good);
    const bad = tableOf({ t: [new arrow.Utf8(), ["", null]] });
    const write = fromArrow(streamed(bad), newFile(), "t", { layout, nulls: "fill" });
    await expect(write).rejects.toMatchObject({ name: "DTypeError" });
  });
});

it("values for null are HDF5's fill values and netCDF's attributes", async () => {
  const file = newFile();
  const table = tableOf({ i: [new arrow.Int16(), [1, null]], t: [new arrow.Utf8(), ["a", null]] });
  await fromArrow(table, file, "g", { layout: "group", nulls: "fill", fillValues: { i: -999, t: "missing" } });
  expect(file.dataset("g/i").fillValue).toBe(-999);
  expect(file.dataset("g/i").attrs.get("_FillValue")).toBe(-999);
  expect(file.dataset("g/i").read().data).toEqual(Int16Array.of(1, -999));
  expect(file.dataset("g/t").attrs.get("_FillValue")).toBe("missing");
  expect(file.dataset("g/t").read().data).toEqual(["a", "missing"]);
  const back = await toArrow(file.group("g"));
  expect([0, 1].map((i) => columnValues(back, i))).toEqual([
    [1, null],
    ["a", null],
  ]);
  expect(back.schema.fields[0].metadata.size).toBe(0);
});

it("every type has a way to keep nulls", async () => {
  for (const name of [...Object.keys(FLAT), ...Object.keys(NESTED)]) {
    const random = new Random(11);
    const type = FLAT[name]?.() ?? NESTED[name](random, 1);
    const table = randomTable(random, new arrow.Schema([new arrow.Field("v", type, true)]), 30);
    for (const layout of LAYOUTS) {
      expectSame(await toArrow(await fromArrow(table, newFile(), "t", { layout, nulls: "fill" })), table);
    }
  }
});
