import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toArrow } from "@h5ts/arrow-adapter";
import * as arrow from "apache-arrow";
import { dtype, openSync } from "h5ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSame } from "../../arrow-adapter/test/support/compare-tables.ts";
import { FLAT, NESTED, Random, randomTable } from "../../arrow-adapter/test/support/random-tables.ts";
import { ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-convert-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

async function tableIn(file: string, path: string): Promise<arrow.Table> {
  const opened = openSync(file);
  try {
    const object = opened.get(path);
    if (object?.kind !== "dataset" && object?.kind !== "group") throw new Error(`${path} is no table`);
    return await toArrow(object);
  } finally {
    opened.close();
  }
}

beforeAll(() => {
  const file = openSync(at("in.h5"), "w");
  const rows = 1000;
  file.createDataset("table", {
    data: {
      id: BigInt64Array.from({ length: rows }, (_, i) => 2n ** 60n + BigInt(i)),
      x: Float32Array.from({ length: rows }, (_, i) => i / 4),
      kind: Uint8Array.from({ length: rows }, (_, i) => i % 3),
      name: Array.from({ length: rows }, (_, i) => `row "${i}", größer`),
      at: BigInt64Array.from({ length: rows }, (_, i) => (i === 5 ? -(2n ** 63n) : BigInt(i) * 1_000_001n)),
      ok: Uint8Array.from({ length: rows }, (_, i) => i % 2),
    },
    dtype: dtype.compound({
      id: "i8",
      x: "f4",
      kind: dtype.enum({ A: 0, B: 1, C: 2 }),
      name: dtype.string(),
      at: "<M8[us]",
      ok: "bool",
    }),
    chunks: [128],
  });
  file.dataset("table").attrs.set("title", "measured");
  file.createDataset("refs", { data: [file.ref], dtype: dtype.reference });
  file.close();
});

describe("h5ts convert", () => {
  it.each(["arrow", "arrows", "parquet"])("to %s and back keeps all of it", async (format) => {
    const out = at(`out.${format}`);
    expect(await ranJson("convert", `${at("in.h5")}:/table`, out, "--batch", "300")).toMatchObject({ rows: 1000 });
    const back = at(`back-${format}.h5`);
    expect((await ran("convert", out, `${back}:/a/table`, "--compression", "gzip:4", "--shuffle")).err).toBe("");
    expectSame(await tableIn(back, "a/table"), await tableIn(at("in.h5"), "table"));
    const file = openSync(back);
    expect(file.dataset("a/table").dtype.toString()).toBe(
      "compound({ id: <i8, x: <f4, kind: enum({ A: 0, B: 1, C: 2 }, |u1), name: string(utf8), at: <M8[us], ok: bool })",
    );
    expect(file.dataset("a/table").compressionOpts).toBe(4);
    expect(file.dataset("a/table").attrs.get("title")).toBe("measured");
    file.close();
  });

  it.each(["csv", "ndjson"])("to %s and back keeps values, and types as far as text tells", async (format) => {
    const out = at(`out.${format}`);
    expect((await ran("convert", `${at("in.h5")}:/table`, out)).err).toBe("");
    const lines = readFileSync(out, "utf8").split("\n");
    expect(lines.slice(0, format === "csv" ? 2 : 1)).toEqual(
      format === "csv"
        ? ["id,x,kind,name,at,ok", '1152921504606846976,0,A,"row ""0"", größer",1970-01-01T00:00:00.000000,false']
        : [
            '{"id":1152921504606846976,"x":0,"kind":"A","name":"row \\"0\\", größer","at":"1970-01-01T00:00:00.000000","ok":false}',
          ],
    );
    const back = at(`back-${format}.h5`);
    const types = "x=float32,kind=category,at=timestamp[us]";
    expect((await ran("convert", out, `${back}:/table`, "--types", types)).err).toBe("");
    const found = await tableIn(back, "table");
    const values = (table: arrow.Table): unknown[] =>
      table.toArray().map((row) => JSON.parse(JSON.stringify({ ...row, id: String(row.id) })));
    expect(values(found)).toEqual(values(await tableIn(at("in.h5"), "table")));
    expect(found.schema.fields.map(({ type }) => String(type))).toEqual([
      "Int64",
      "Float32",
      "Dictionary<Int32, Utf8>",
      "Utf8",
      "Timestamp<MICROSECOND>",
      "Bool",
    ]);
  });

  it("takes columns and rows, and groups as well", async () => {
    const out = at("part.csv");
    expect((await ran("convert", `${at("in.h5")}:/table`, out, "--columns", "kind,x", "--rows=-2:")).err).toBe("");
    expect(readFileSync(out, "utf8")).toBe("kind,x\nC,249.5\nA,249.75\n");
    await ran("convert", out, `${at("group.h5")}:/g`, "--layout", "group");
    expect((await tableIn(at("group.h5"), "g")).schema.names).toEqual(["kind", "x"]);
  });

  it("reads CSV of any kind: quotes, missing cells, types that all cells fit", async () => {
    const text =
      '\ufeffi,f,b,d,t,"a ""b"""\r\n1,1.5,true,2020-01-02,007,"x\r\ny"\r\n,NaN,,,a,""\r\n9007199254740993,-Infinity,false,1969-12-31,,\r\n';
    writeFileSync(at("any.csv"), text);
    expect((await ran("convert", at("any.csv"), at("any.h5"))).err).toBe("");
    const table = await tableIn(at("any.h5"), "table");
    const column = (i: number): unknown[] => [...table.getChildAt(i)!];
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "i: Int64",
      "f: Float64",
      "b: Bool",
      "d: Date32<DAY>",
      "t: Utf8",
      'a "b": Utf8',
    ]);
    expect(column(0)).toEqual([1n, null, 9007199254740993n]);
    expect(column(1)).toEqual([1.5, Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(column(2)).toEqual([true, null, false]);
    expect(column(4)).toEqual(["007", "a", null]);
    expect(column(5)).toEqual(["x\r\ny", "", null]);
  });

  it("reads NDJSON of any kind: big integers, nested values, keys that are missing", async () => {
    const text =
      '{"a":9007199254740993,"l":[1,2],"s":{"x":1.5}}\n\n{"a":-1,"f":"NaN"}\n{"f":0.5,"s":{"x":2,"y":"t"}}\n';
    writeFileSync(at("any.ndjson"), text);
    expect((await ran("convert", at("any.ndjson"), at("json.h5"))).err).toBe("");
    const table = await tableIn(at("json.h5"), "table");
    expect(table.schema.fields.map(String)).toEqual([
      "a: Int64",
      "l: List<Int64>",
      "s: Struct<{x:Float64, y:Utf8}>",
      "f: Float64",
    ]);
    expect([...table.getChild("a")!]).toEqual([9007199254740993n, -1n, null]);
    expect([...table.getChild("f")!]).toEqual([null, Number.NaN, 0.5]);
  });

  it("says in one line what cannot be converted", async () => {
    const refused = async (...argv: string[]): Promise<string> => {
      const { code, err } = await ran("convert", ...argv);
      expect(code).toBe(argv[1] === undefined ? 2 : code);
      expect(err.split("\n")).toHaveLength(1);
      return err;
    };
    expect(await refused(`${at("in.h5")}:/refs`, at("x.csv"))).toContain("references have no meaning");
    expect(await refused(`${at("in.h5")}:/nope`, at("x.csv"))).toContain("does not exist");
    expect(await refused(at("in.h5"), at("other.h5"))).toContain("one of IN and OUT is HDF5");
    expect(await refused(at("in.h5"), at("x.csv"), "--rows", "x")).toContain("START:STOP");
    writeFileSync(at("bad.csv"), "a,b\n1\n");
    expect(await refused(at("bad.csv"), at("x.h5"))).toContain("another number of cells");
    writeFileSync(at("bad.arrow"), "not an Arrow file at all");
    expect(await refused(at("bad.arrow"), at("x.h5"))).toContain("no table in Arrow's IPC format");
    writeFileSync(at("bad.parquet"), "not a Parquet file at all");
    expect(await refused(at("bad.parquet"), at("x.h5"))).toContain("no Parquet file");
    writeFileSync(at("bad.ndjson"), '{"a":1}\n[1]\n');
    expect(await refused(at("bad.ndjson"), at("x.h5"))).toContain("no JSON object");
  });
});

describe("every type", () => {
  const types = [...Object.keys(FLAT), ...Object.keys(NESTED)];
  it.each(types)("%s through Parquet and Arrow, or refused by name", async (name) => {
    for (let seed = 0; seed < 3; seed++) {
      const random = new Random(seed + 1);
      const type = FLAT[name]?.() ?? NESTED[name](random, 1);
      const fields = [new arrow.Field("v", type, seed % 2 === 0), new arrow.Field("n", new arrow.Int32(), false)];
      const table = randomTable(random, new arrow.Schema(fields), [40, 1, 0][seed]);
      const { fromArrow } = await import("@h5ts/arrow-adapter");
      const source = at(`${name}-${seed}.h5`);
      const file = openSync(source, "w");
      await fromArrow(table, file, "t");
      file.close();
      for (const format of ["arrow", "parquet"]) {
        const out = at(`${name}-${seed}.${format}`);
        const { code, err } = await ran("convert", `${source}:/t`, out);
        if (code === 1) {
          expect(format, err).toBe("parquet");
          expect(err).toMatch(/has a type that Parquet lacks|has a date with a time of day|cannot count|more digits/);
          continue;
        }
        const back = at(`${name}-${seed}-${format}.h5`);
        expect((await ran("convert", out, `${back}:/t`)).err).toBe("");
        expectSame(await tableIn(back, "t"), table);
      }
    }
  });
});
