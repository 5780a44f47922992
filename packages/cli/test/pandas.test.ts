import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, rangeIndex, textIndex } from "@h5ts/pandas-compat";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-cli-pandas-"));
const path = join(folder, "store.h5");
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const price = { kind: "number", dtype: "float64", data: Float64Array.of(9.5, 12, 7.25) } as const;
  const name = { kind: "text", dtype: "str", data: ["tin", "gold", null] } as const;
  const frame = {
    kind: "frame",
    index: rangeIndex(3),
    columns: textIndex(["price", "name"]),
    data: [price, name],
  } as const;
  const store = await openStore(path, "w");
  await store.append("metals", frame, { dataColumns: ["price"] });
  await store.put("fixed/series", { kind: "series", name: "p", index: rangeIndex(3), data: price });
  await store.close();
});

it("lists objects", async () => {
  const { code, out } = await ran("pandas", "ls", path);
  expect(code).toBe(0);
  expect(out.split("\n").map((line) => line.replace(/ +/g, " ").trim())).toEqual([
    "/fixed/series series, fixed",
    "/metals frame, table 3 rows where: price",
  ]);
});

it("shows first rows, also of those that fulfil a condition", async () => {
  expect((await ran("pandas", "head", path, "/fixed/series", "--rows", "1")).out.replace(/ +/g, " ")).toBe(" p\n0 9.5");
  const { out } = await ran("pandas", "head", path, "/metals", "--where", "price < 10");
  expect(out.split("\n").map((line) => line.replace(/ +/g, " ").trim())).toEqual([
    "price name",
    "0 9.5 tin",
    "2 7.25 NaN",
  ]);
});

it.each(["metals.parquet", "metals.arrow", "metals.csv"])("converts frames to %s", async (name) => {
  const out = join(folder, name);
  expect((await ran("convert", `${path}:/metals`, out)).code).toBe(0);
  const back = join(folder, `${name}.h5`);
  expect((await ran("convert", "--layout", "pandas", out, `${back}:/again`)).code).toBe(0);
  const store = await openStore(back);
  const { index, ...frame } = await store.get("again");
  const price = { data: name.endsWith("csv") ? [9.5, 12, 7.25] : Float64Array.of(9.5, 12, 7.25) };
  const columns = frame.kind === "frame" ? frame.data : [];
  expect(columns.at(-1)).toMatchObject({ kind: "text", data: ["tin", "gold", null] });
  expect(Array.from((columns.at(-2) as { data: Float64Array }).data)).toEqual(Array.from(price.data));
  expect(index.kind).toBe("index");
  await store.close();
});

it("gives all as JSON", async () => {
  const { objects } = await ranJson<{ objects: { key: string; nrows: number; layout: string }[] }>(
    "pandas",
    "json",
    path,
  );
  expect(objects.map(({ key, nrows, layout }) => [key, nrows, layout])).toEqual([
    ["/fixed/series", 3, "fixed"],
    ["/metals", 3, "table"],
  ]);
});

it.each([
  [["pandas", "ls"], 2],
  [["pandas", "tail", path], 2],
  [["pandas", "head", path], 2],
  [["pandas", "head", path, "/metals", "--rows", "0"], 2],
  [["pandas", "head", path, "/absent"], 1],
  [["pandas", "head", path, "/metals", "--where", "name == 1"], 1],
])("%j ends with %i", async (line, code) => {
  expect((await ran(...line)).code).toBe(code);
});
