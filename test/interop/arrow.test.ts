/**
 * Tables beside other programs: pandas frames of what h5ts makes Arrow and Parquet of are those of h5py; h5py reads what h5ts wrote from
 * Arrow; DuckDB's aggregates over Parquet are the data's own.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { dataOf, fromArrow, type PlainValue } from "@h5ts/arrow-adapter";
import { runCli } from "@h5ts/cli";
import * as arrow from "apache-arrow";
import { openSync } from "h5ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("arrow.py", import.meta.url));

async function convert(...argv: string[]): Promise<void> {
  const said: string[] = [];
  const output = { out: (): void => undefined, err: (text: string) => void said.push(text), isTerminal: false };
  expect(await runCli(["convert", ...argv], output), said.join("\n")).toBe(0);
}

/** A table of what h5py has types for, with nulls. */
function sourceTable(): arrow.Table {
  const rows = Array.from({ length: 200 }, (_, i) => i);
  const column = (type: arrow.DataType, value: (i: number) => unknown): arrow.Vector =>
    arrow.vectorFromArray(rows.map((i) => (i % 7 === 3 ? null : value(i))) as never[], type as never);
  return new arrow.Table({
    i32: column(new arrow.Int32(), (i) => i - 100),
    i64: column(new arrow.Int64(), (i) => 2n ** 60n + BigInt(i)),
    f64: column(new arrow.Float64(), (i) => i / 8),
    flag: column(new arrow.Bool(), (i) => i % 2 === 0),
    text: column(new arrow.Utf8(), (i) => `größe ${i}`),
    kind: arrow.vectorFromArray(
      rows.map((i) => ["red", "green", "blue"][i % 3]),
      new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()),
    ),
    at: column(new arrow.TimestampMillisecond(), (i) => i * 86_400_000),
    day: column(new arrow.DateDay(), (i) => i * 86_400_000),
    list: arrow.vectorFromArray(
      rows.map((i) => rows.slice(0, i % 4)),
      new arrow.List(new arrow.Field("item", new arrow.Int32(), false)),
    ),
  });
}

/** Columns of every type that Parquet has a place for, with nulls, of values that all readers can show. */
function everyType(): arrow.Table {
  const rows = Array.from({ length: 60 }, (_, i) => i);
  const field = (type: arrow.DataType): arrow.Field => new arrow.Field("item", type, true);
  const types: Readonly<Record<string, readonly [arrow.DataType, (i: number) => PlainValue]>> = {
    bool: [new arrow.Bool(), (i) => i % 2 === 0],
    i8: [new arrow.Int8(), (i) => i - 30],
    i16: [new arrow.Int16(), (i) => i * 500 - 9000],
    i32: [new arrow.Int32(), (i) => i * 30_000_000 - 900_000_000],
    i64: [new arrow.Int64(), (i) => 2n ** 60n - BigInt(i)],
    u8: [new arrow.Uint8(), (i) => i * 4],
    u16: [new arrow.Uint16(), (i) => i * 1000],
    u32: [new arrow.Uint32(), (i) => i * 70_000_000],
    u64: [new arrow.Uint64(), (i) => 2n ** 63n + BigInt(i)],
    f16: [new arrow.Float16(), (i) => i / 4],
    f32: [new arrow.Float32(), (i) => i / 4],
    f64: [new arrow.Float64(), (i) => i / 7],
    text: [new arrow.Utf8(), (i) => `größe ${i}`],
    largeText: [new arrow.LargeUtf8(), (i) => `${i}`],
    bytes: [new arrow.Binary(), (i) => Uint8Array.of(i, 0, 255)],
    fixed: [new arrow.FixedSizeBinary(3), (i) => Uint8Array.of(i, 0, 255)],
    price: [new arrow.Decimal(3, 20, 128), (i) => BigInt(i * 1001 - 5000)],
    huge: [new arrow.Decimal(10, 60, 256), (i) => 10n ** 50n * BigInt(i - 30)],
    day: [new arrow.DateDay(), (i) => i * 100],
    day64: [new arrow.DateMillisecond(), (i) => BigInt(i) * 86_400_000n],
    atS: [new arrow.TimestampSecond(), (i) => BigInt(i * 1_000_003)],
    atMs: [new arrow.TimestampMillisecond("UTC"), (i) => BigInt(i * 1_000_003)],
    atUs: [new arrow.TimestampMicrosecond("Europe/Berlin"), (i) => BigInt(i * 1_000_003)],
    atNs: [new arrow.TimestampNanosecond(), (i) => BigInt(i * 1_000_003) * 1000n],
    timeS: [new arrow.TimeSecond(), (i) => i * 1000],
    timeMs: [new arrow.TimeMillisecond(), (i) => i * 1000],
    timeUs: [new arrow.TimeMicrosecond(), (i) => BigInt(i * 1000)],
    timeNs: [new arrow.TimeNanosecond(), (i) => BigInt(i) * 1000n],
    spanS: [new arrow.DurationSecond(), (i) => BigInt(i)],
    spanNs: [new arrow.DurationNanosecond(), (i) => BigInt(i) * 1000n],
    kind: [new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), (i) => ["red", "green", "blue"][i % 3]],
    code: [new arrow.Dictionary(new arrow.Int64(), new arrow.Int16()), (i) => BigInt(i % 5)],
    list: [new arrow.List(field(new arrow.Int32())), (i) => [i, null, 2].slice(0, i % 4)],
    largeList: [new arrow.LargeList(field(new arrow.Utf8())), (i) => [`${i}`]],
    vector: [new arrow.FixedSizeList(2, field(new arrow.Float32())), (i) => [i, 0.5]],
    struct: [
      new arrow.Struct([new arrow.Field("a", new arrow.Int16(), true), new arrow.Field("b", new arrow.Utf8(), true)]),
      (i) => ({ a: i, b: i % 3 === 0 ? null : "x" }),
    ],
    map: [
      new arrow.Map_(
        new arrow.Field(
          "entries",
          new arrow.Struct([
            new arrow.Field("key", new arrow.Utf8(), false),
            new arrow.Field("value", new arrow.Int32(), true),
          ]),
          false,
        ) as never,
      ),
      (i) => [["a", i]],
    ],
    none: [new arrow.Null(), () => null],
  };
  const fields = Object.entries(types).map(([name, [type]]) => new arrow.Field(name, type, true));
  const children = Object.values(types).map(([type, of]) =>
    dataOf(
      arrow,
      type,
      rows.map((i) => (i % 7 === 3 ? null : of(i))),
    ),
  );
  const schema = new arrow.Schema(fields);
  const none = new Uint8Array(0);
  const data = new arrow.Data(new arrow.Struct(fields), 0, 60, 0, [undefined, undefined, none], children);
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, data as never)]);
}

describeWith("python", "Arrow", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-arrow-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  let said: Record<string, unknown>;
  beforeAll(async () => {
    execFileSync(python, [script, "make", folder]);
    for (const name of ["table", "group"]) {
      for (const format of ["arrow", "arrows", "parquet"]) {
        await convert(`${folder}/tables.h5:/${name}`, `${folder}/${name}.${format}`, "--batch", "1024");
      }
    }
    await convert(`${folder}/tables.h5:/matrix`, `${folder}/matrix.arrow`);
    const table = sourceTable();
    writeFileSync(join(folder, "source.arrow"), arrow.tableToIPC(table, "file"));
    const file = openSync(join(folder, "written.h5"), "w");
    for (const layout of ["compound", "group"] as const) {
      await fromArrow(table, file, layout, { layout, compression: "gzip", chunkRows: 64 });
    }
    await fromArrow(everyType(), file, "all");
    file.close();
    await convert(`${folder}/written.h5:/all`, `${folder}/all.arrow`);
    await convert(`${folder}/written.h5:/all`, `${folder}/all.parquet`);
    const some = everyType()
      .schema.names.filter((name) => name !== "huge")
      .join(",");
    await convert(`${folder}/written.h5:/all`, `${folder}/some.parquet`, "--columns", some);
    said = JSON.parse(execFileSync(python, [script, "judge", folder], { encoding: "utf8" }));
  }, 300_000);

  it("pandas frames of IPC files, streams and Parquet are those of h5py", () => {
    const names = ["table", "group"].flatMap((name) =>
      ["arrow", "arrows", "parquet"].map((format) => `${name}.${format}`),
    );
    for (const name of names) expect(said[name], name).toBe("same");
    expect(said["matrix.index"]).toEqual(["time", [0, 1, 2, 3], [2, 5, 8, 11]]);
  });

  it("h5py reads what was written from Arrow, and pyarrow its schema", () => {
    for (const layout of ["compound", "group"]) {
      expect(said[`${layout}.schema`]).toBe(true);
      for (const name of sourceTable().schema.names)
        expect(said[`${layout}.${String(name)}`], String(name)).toBe("same");
    }
  });

  it("pyarrow reads the same of Parquet and of IPC, of every type", () => {
    for (const name of everyType().schema.names) expect(said[`all.${String(name)}`], String(name)).toBe("same");
  });

  it("DuckDB counts and sums every type in Parquet", async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    const names = everyType()
      .schema.names.map(String)
      .filter((name) => name !== "huge");
    const counts = names.map((name) => `count("${name}")::int as "${name}"`);
    const query = async (what: string): Promise<Record<string, unknown>> =>
      (await connection.runAndReadAll(`select ${what} from '${folder}/some.parquet'`)).getRowObjects()[0];
    const there = Array.from({ length: 60 }, (_, i) => i).filter((i) => i % 7 !== 3);
    const found = await query(counts.join(", "));
    for (const name of names) expect(found[name], name).toBe(name === "none" ? 0 : there.length);
    const sum = (of: (i: number) => number): number => there.reduce((all, i) => all + of(i), 0);
    const sums = await query(
      `sum(i8)::int a, sum(u32)::double b, sum(f16)::double c, sum(f32)::double d, sum(price)::double e,
       max(day)::text f, max(day64)::text g, max(atS)::text h, max(timeS)::text i, sum(list_sum(list))::int j, sum(struct.a)::int k,
       sum(map['a'])::int l, count(distinct kind)::int m, sum(code)::int n, sum(vector[1])::double o, max(u64)::text p`,
    );
    expect(Object.values(sums)).toEqual([
      sum((i) => i - 30),
      sum((i) => i * 70_000_000),
      sum((i) => i / 4),
      sum((i) => i / 4),
      expect.closeTo(sum((i) => i * 1001 - 5000) / 1000, 6),
      new Date(58 * 100 * 86_400_000).toISOString().slice(0, 10),
      "1970-02-28",
      new Date(58 * 1_000_003_000).toISOString().slice(0, 19).replace("T", " "),
      "16:06:40",
      sum((i) => (i % 4 > 0 ? i : 0) + (i % 4 > 2 ? 2 : 0)),
      sum((i) => i),
      sum((i) => i),
      3,
      sum((i) => i % 5),
      sum((i) => i),
      String(2n ** 63n + 58n),
    ]);
    connection.closeSync();
  });

  it("DuckDB's aggregates over Parquet are the data's", async () => {
    const file = openSync(join(folder, "tables.h5"));
    const f64 = file.dataset("group/f64", "f8").read().data;
    const i16 = file.dataset("group/i16", "i2").read().data;
    const u64 = file.dataset("group/u64", "u8").read().data;
    file.close();
    const connection = await (await DuckDBInstance.create()).connect();
    const query = `select count(*) n, sum(f64) s, max(i16) m, sum(u64) u, count(distinct text) t, sum(flag::int) f from '${folder}/table.parquet'`;
    const [row] = (await connection.runAndReadAll(query)).getRowObjects();
    expect([row.n, row.m, row.u, row.t]).toEqual([
      BigInt(f64.length),
      Math.max(...i16),
      u64.reduce((sum, value) => sum + value, 0n),
      BigInt(f64.length),
    ]);
    expect(row.s as number).toBeCloseTo(
      f64.reduce((sum, value) => sum + value, 0),
      8,
    );
    const groups = await connection.runAndReadAll(
      `select flag, count(*) n from '${folder}/group.parquet' group by flag order by flag`,
    );
    expect(groups.getRowObjects().map(({ flag }) => flag)).toEqual([false, true]);
    connection.closeSync();
  });
});
