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
import { fromArrow } from "@h5ts/arrow-adapter";
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
    file.close();
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
