/** Tables that grow: what is appended stands behind what was there, or nothing of it does. */
import * as arrow from "apache-arrow";
import { type Dataset, dtype, type H5File, MemoryStorage, type Mode, openSync } from "h5ts";
import { describe, expect, it } from "vitest";
import { type ArrowSource, appendArrow, fromArrow, toArrow } from "../src/index.ts";
import { columnValues, describeSchema, expectSame } from "./support/compare-tables.ts";
import { Random, randomSchema, randomTable } from "./support/random-tables.ts";

const SEEDS = Math.ceil(1000 * Number(process.env.H5TS_SCALE ?? 0.1));
const LAYOUTS = ["compound", "group"] as const;
const newFile = (): H5File<"sync"> => openSync(new MemoryStorage(), "w");

async function* streamed(...tables: arrow.Table[]): AsyncGenerator<arrow.RecordBatch, void> {
  for (const table of tables) yield* table.batches;
}

const hasTypes = (schema: arrow.Schema, part: RegExp): boolean =>
  schema.fields.some(({ type }) => part.test(String(type)));

describe.each(LAYOUTS)("appending to a %s", (layout) => {
  it("of random schemas, of tables, streams and IPC bytes", { timeout: 300_000 }, async () => {
    let appended = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed);
      const schema = randomSchema(random);
      const [first, second] = [random.pick([0, 1, 30]), random.pick([0, 1, 30])].map((rows) =>
        randomTable(random, schema, rows),
      );
      const file = newFile();
      const made = await fromArrow(first, file, "t", { layout, masks: "nullable", chunkRows: 8 });
      // The package writes views that it cannot read.
      const bytes = hasTypes(schema, /View/) ? [] : [arrow.tableToIPC(second, "stream")];
      const source: ArrowSource = random.pick([second, streamed(second), ...bytes]);
      const target = made.kind === "group" ? file.group("t") : file.dataset("t");
      try {
        expect(await appendArrow(source, target)).toBe(second.numRows);
      } catch (error) {
        // Names that the enumeration has not; values that are kept without room for nulls inside.
        expect(error).toMatchObject({ name: "DTypeError" });
        expect(hasTypes(schema, /Dictionary/), `${seed}: ${error} ${schema}`).toBe(true);
        expectSame(await toArrow(made.kind === "group" ? file.group("t") : file.dataset("t")), first);
        continue;
      }
      appended++;
      const found = await toArrow(made.kind === "group" ? file.group("t") : file.dataset("t"));
      expect(describeSchema(found.schema)).toEqual(describeSchema(first.schema));
      for (const i of schema.fields.keys())
        expect(columnValues(found, i), String(schema.fields[i])).toEqual([
          ...columnValues(first, i),
          ...columnValues(second, i),
        ]);
    }
    expect(appended).toBeGreaterThan(SEEDS / 2);
  });

  const table = (columns: Record<string, unknown>): arrow.Table =>
    arrow.tableFromArrays(columns as never) as unknown as arrow.Table;
  const start = (): arrow.Table => table({ a: Int32Array.of(1, 2), b: Float64Array.of(0.5, 1) });

  it("in another order of columns, with progress", async () => {
    const file = newFile();
    const made = await fromArrow(start(), file, "t", { layout });
    const more = table({ b: Float64Array.of(9), a: Int32Array.of(3) });
    const told: number[] = [];
    await appendArrow(streamed(more, more), made, { progress: (rows) => told.push(rows) });
    const found = await toArrow(made);
    expect([0, 1].map((i) => columnValues(found, i))).toEqual([
      [1, 2, 3, 3],
      [0.5, 1, 9, 9],
    ]);
    expect(told).toEqual([1, 2]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["a column more", { a: Int32Array.of(1), b: Float64Array.of(1), c: Int8Array.of(1) }, "that the table has not"],
    ["a column less", { a: Int32Array.of(1) }, "that what is appended has not"],
    ["another type", { a: Int16Array.of(1), b: Float64Array.of(1) }, "not of the type"],
  ])("is refused: %s", async (_, columns, message) => {
    const made = await fromArrow(start(), newFile(), "t", { layout });
    await expect(appendArrow(table(columns), made)).rejects.toMatchObject({
      name: "DTypeError",
      message: expect.stringContaining(message),
    });
    expectSame(await toArrow(made), start());
  });

  it("refuses nulls that have no place, and keeps the batches before", async () => {
    const made = await fromArrow(start(), newFile(), "t", { layout });
    const good = start();
    const bad = new arrow.Table({
      a: arrow.vectorFromArray([1, null], new arrow.Int32()),
      b: arrow.vectorFromArray([1, 2], new arrow.Float64()),
    });
    await expect(appendArrow(streamed(good, bad), made)).rejects.toMatchObject({ name: "DTypeError" });
    expect((await toArrow(made)).numRows).toBe(4);
  });

  it("stops by its signal", async () => {
    const made = await fromArrow(start(), newFile(), "t", { layout });
    const stop = new AbortController();
    const source = (async function* (): AsyncGenerator<arrow.RecordBatch, void> {
      yield* start().batches;
      stop.abort(new Error("enough"));
      yield* start().batches;
    })();
    await expect(appendArrow(source, made, { signal: stop.signal })).rejects.toThrow("enough");
    expect((await toArrow(made)).numRows).toBe(4);
  });
});

describe("appending to what h5ts did not write from Arrow", () => {
  it("takes datasets as they are", async () => {
    const file = newFile();
    const made = file.createDataset("x", { data: Float32Array.of(1, 2), maxShape: [null], chunks: [8] });
    await appendArrow(arrow.tableFromArrays({ x: Float32Array.of(3) }), made);
    expect(made.read().data).toEqual(Float32Array.of(1, 2, 3));
    const type = dtype.compound({ n: "<i2", s: "S3" });
    const table = file.createDataset("t", { data: { n: [1], s: ["a"] }, dtype: type, maxShape: [null], chunks: [8] });
    await appendArrow(await toArrow(table), table);
    expect(table.read().data).toEqual({ n: Int16Array.of(1, 1), s: ["a", "a"] });
  });

  it("refuses what may not grow, whole columns or none", async () => {
    const file = newFile();
    const fixed = file.createDataset("x", { data: Float32Array.of(1, 2) });
    const more = arrow.tableFromArrays({ x: Float32Array.of(3) });
    await expect(appendArrow(more, fixed)).rejects.toMatchObject({
      name: expect.stringMatching(/ShapeError|Unsupported/),
    });
    file.createDataset("g/a", { data: Float32Array.of(1), maxShape: [null], chunks: [8] });
    file.createDataset("g/b", { data: Float32Array.of(1), maxShape: [1], chunks: [1] });
    const both = arrow.tableFromArrays({ a: Float32Array.of(3), b: Float32Array.of(3) });
    await expect(appendArrow(both, file.group("g"))).rejects.toMatchObject({ name: "ShapeError" });
    expect((file.dataset("g/a") as Dataset<Mode>).shape).toEqual([1]);
    await expect(appendArrow(both, file.createDataset("s", { data: 1 }))).rejects.toThrow();
  });
});
