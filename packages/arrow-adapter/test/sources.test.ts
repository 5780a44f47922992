/** What tables are written from: batches, IPC bytes in any form; data frames. */
import * as arrow from "apache-arrow";
// @ts-expect-error: the package does not name its types.
import { DataFrame } from "dataframe-js";
import { dtype, type H5File, MemoryStorage, openSync } from "h5ts";
import { describe, expect, it } from "vitest";
import {
  type ArrowSource,
  dataOf,
  fromArrow,
  fromDataFrame,
  recordBatches,
  toArrow,
  toDataFrame,
  toIpc,
  valuesOf,
} from "../src/index.ts";
import { expectSame } from "./support/compare-tables.ts";
import { FLAT, NESTED, Random, randomTable } from "./support/random-tables.ts";

const newFile = (): H5File<"sync"> => openSync(new MemoryStorage(), "w");

async function* each<T>(items: Iterable<T>): AsyncGenerator<T, void> {
  yield* items;
}

function small(): arrow.Table {
  const random = new Random(3);
  const schema = new arrow.Schema([
    new arrow.Field("a", new arrow.Int32(), true),
    new arrow.Field("t", new arrow.Utf8(), true),
    new arrow.Field("d", new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), true),
    new arrow.Field("l", new arrow.List(new arrow.Field("item", new arrow.Float64(), true)), true),
  ]);
  return randomTable(random, schema, 50);
}

const forms: [string, (table: arrow.Table) => ArrowSource][] = [
  ["a table", (table) => table],
  ["the promise of one", (table) => Promise.resolve(table)],
  ["batches", (table) => table.batches],
  ["a stream of batches", (table) => each(table.batches)],
  ["bytes of a stream", (table) => arrow.tableToIPC(table, "stream")],
  ["bytes of a file", (table) => arrow.tableToIPC(table, "file")],
  [
    "bytes in pieces",
    (table) => {
      const bytes = arrow.tableToIPC(table, "stream");
      return each([bytes.subarray(0, 100), bytes.subarray(100, 1000), bytes.subarray(1000)]);
    },
  ],
  ["a web stream", (table) => new Response(arrow.tableToIPC(table, "stream") as Uint8Array<ArrayBuffer>).body!],
  ["a reader", (table) => arrow.RecordBatchReader.from(arrow.tableToIPC(table, "stream"))],
];

describe("sources", () => {
  it.each(forms)("%s", async (_, form) => {
    const table = small();
    const file = newFile();
    const rows: number[] = [];
    const made = await fromArrow(form(table), file, "t", { progress: (done) => rows.push(done) });
    expectSame(await toArrow(made), table);
    expect(rows.at(-1)).toBe(50);
    const found = await arrow.tableFromIPC(
      await fullBytes(toIpc(recordBatches(made, { batchRows: 16 }), { format: "file" })),
    );
    expect(found.numRows).toBe(50);
  });

  async function fullBytes(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    const all: number[] = [];
    for await (const piece of pieces) all.push(...piece);
    return Uint8Array.from(all);
  }

  it("a stream that says nothing of its nulls has masks for all nullable columns", async () => {
    const file = newFile();
    const table = new arrow.Table({ a: arrow.vectorFromArray([1, 2], new arrow.Int32()) });
    await fromArrow(each(table.batches), file, "t");
    expect([...file.dataset("t").dtype.fields!.keys()]).toEqual(["a", "a__valid"]);
    await fromArrow(table, file, "u");
    expect([...file.dataset("u").dtype.fields!.keys()]).toEqual(["a"]);
    await fromArrow(table, file, "v", { masks: "nullable" });
    expect([...file.dataset("v").dtype.fields!.keys()]).toEqual(["a", "a__valid"]);
  });

  it("dictionaries that grow on the way are sent as what is new", async () => {
    const file = newFile();
    const made = file.createDataset("x", { data: ["a", "b", "a", "c", "d", "a"] });
    const bytes = await fullBytes(toIpc(recordBatches(made, { text: "dictionary", batchRows: 2 }), { format: "file" }));
    expect([...arrow.tableFromIPC(bytes).getChild("x")!]).toEqual(["a", "b", "a", "c", "d", "a"]);
  });

  it.each([
    ["no table", () => fromArrow(5 as never, newFile(), "t"), "FormatError"],
    ["bytes that are none", () => fromArrow(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), newFile(), "t"), "FormatError"],
    ["no batch", () => fromArrow(each([]), newFile(), "t"), "FormatError"],
    ["no columns", () => fromArrow(new arrow.Table(new arrow.Schema([])), newFile(), "t"), "UnsupportedError"],
    [
      "a name that is taken",
      async () => {
        const file = newFile();
        file.createGroup("t");
        await fromArrow(small(), file, "t");
      },
      "ExistsError",
    ],
    ["text with NUL", () => fromArrow(arrow.tableFromArrays({ t: ["a\0b"] }), newFile(), "t"), "DTypeError"],
    [
      "nulls where none may be",
      () => {
        const data = dataOf(arrow, new arrow.Int32(), [1, null]);
        const schema = new arrow.Schema([new arrow.Field("a", data.type, false)]);
        const struct = new arrow.Data(
          new arrow.Struct(schema.fields),
          0,
          2,
          0,
          [undefined, undefined, new Uint8Array(0)],
          [data],
        );
        return fromArrow(each([new arrow.RecordBatch(schema, struct as never)]), newFile(), "t");
      },
      "DTypeError",
    ],
  ])("are refused: %s", async (_, write, name) => {
    await expect(write()).rejects.toMatchObject({ name });
  });

  it("stop by their signal, and keep what was written", async () => {
    const file = newFile();
    const stop = new AbortController();
    const batches = (async function* (): AsyncGenerator<arrow.RecordBatch> {
      yield* small().batches;
      stop.abort(new Error("enough"));
      yield* small().batches;
    })();
    await expect(fromArrow(batches, file, "t", { signal: stop.signal })).rejects.toThrow("enough");
    expect(file.dataset("t").shape).toEqual([50]);
  });
});

describe("plain values", () => {
  it.each([...Object.keys(FLAT), ...Object.keys(NESTED)].filter((name) => !/union/i.test(name)))("%s", (name) => {
    for (let seed = 0; seed < 5; seed++) {
      const random = new Random(seed);
      const type = FLAT[name]?.() ?? NESTED[name](random, 2);
      if (/Union/.test(String(type))) continue;
      const table = randomTable(random, new arrow.Schema([new arrow.Field("v", type, true)]), 30);
      const batches = table.batches.map((batch) => {
        const data = dataOf(arrow, type, valuesOf(arrow, batch.data.children[0]));
        const struct = new arrow.Data(
          batch.data.type,
          0,
          batch.numRows,
          0,
          [undefined, undefined, new Uint8Array(0)],
          [data],
        );
        return new arrow.RecordBatch(table.schema, struct);
      });
      expectSame(new arrow.Table(table.schema, batches), table);
    }
  });
});

describe("data frames", () => {
  it("have plain values, and their types again on the way back", async () => {
    const file = newFile();
    const type = dtype.compound({
      id: "i8",
      x: "f4",
      kind: dtype.enum({ A: 0, B: 1 }),
      name: "S4",
      at: "<M8[ms]",
      n: "u2",
    });
    const made = file.createDataset("t", {
      data: {
        id: BigInt64Array.of(1n, 2n, 3n),
        x: Float32Array.of(0.5, 1, Number.NaN),
        kind: Uint8Array.of(0, 1, 0),
        name: ["a", "bb", ""],
        at: BigInt64Array.of(0n, 5n, -(2n ** 63n)),
        n: Uint16Array.of(1, 2, 3),
      },
      dtype: type,
    });
    const frame = await toDataFrame(made);
    expect(frame).toBeInstanceOf(DataFrame);
    expect(frame.toDict()).toEqual({
      id: [1, 2, 3],
      x: [0.5, 1, Number.NaN],
      kind: ["A", "B", "A"],
      name: ["a", "bb", ""],
      at: [new Date(0), new Date(5), null],
      n: [1, 2, 3],
    });
    await fromDataFrame(frame, file, "again");
    expect(file.dataset("again").dtype.equals(made.dtype)).toBe(true);
    expect(file.dataset("again").read().data).toEqual(made.read().data);
    const chosen = (frame as unknown as { filter(test: unknown): object }).filter(
      (row: { get(name: string): number }) => row.get("id") > 1,
    );
    await fromDataFrame(chosen as never, file, "chosen", { types: made });
    expect(file.dataset("chosen").dtype.equals(made.dtype)).toBe(true);
    expect(file.dataset("chosen").shape).toEqual([2]);
  });

  it("keep large integers exact", async () => {
    const file = newFile();
    const made = file.createDataset("x", { data: BigInt64Array.of(2n ** 60n, 1n) });
    expect((await toDataFrame(made)).toDict()).toEqual({ x: [2n ** 60n, 1n] });
    expect((await toDataFrame(made, { integers: "number" })).toDict()).toEqual({ x: [2 ** 60, 1] });
    await fromDataFrame(await toDataFrame(made), file, "g", { layout: "group" });
    expect(file.dataset("g/x", "i8").read().data).toEqual(BigInt64Array.of(2n ** 60n, 1n));
  });

  it("of other makers have the types of their values; what is missing stays so", async () => {
    const file = newFile();
    const frame = new DataFrame(
      { i: [1, null, 3], f: [1, 0.5, undefined], s: ["a", null, "c"], b: [true, false, null], l: [[1], [], null] },
      ["i", "f", "s", "b", "l"],
    );
    const made = await fromDataFrame(frame as never, file, "t");
    const table = await toArrow(made);
    expect(table.schema.fields.map(String)).toEqual(["i: Int64", "f: Float64", "s: Utf8", "b: Bool", "l: List<Int64>"]);
    expect([...table.getChild("i")!]).toEqual([1n, null, 3n]);
    expect([...table.getChild("s")!]).toEqual(["a", null, "c"]);
    expect((await toDataFrame(made)).toDict()).toMatchObject({
      i: [1, null, 3],
      f: [1, 0.5, null],
      b: [true, false, null],
    });
    const mixed = new DataFrame({ m: [1, "a"] }, ["m"]);
    await expect(fromDataFrame(mixed as never, file, "m")).rejects.toMatchObject({ name: "DTypeError" });
  });
});
