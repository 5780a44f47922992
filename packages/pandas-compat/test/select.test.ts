/** Conditions: what they choose, and which are refused. */
import { MemoryStorage } from "h5ts";
import { beforeAll, describe, expect, it } from "vitest";
import { type Frame, type HDFStore, openStore, rangeIndex, textIndex } from "../src/index.ts";

let store: HDFStore;
const ROWS = 10;

beforeAll(async () => {
  store = await openStore(new MemoryStorage(), "w");
  const n = { kind: "number", dtype: "int32", data: Int32Array.from({ length: ROWS }, (_, i) => i - 3) } as const;
  const f = {
    kind: "number",
    dtype: "float64",
    data: Float64Array.from({ length: ROWS }, (_, i) => (i === 4 ? Number.NaN : i / 2)),
  } as const;
  const s = {
    kind: "text",
    dtype: "object",
    data: Array.from({ length: ROWS }, (_, i) => (i % 4 === 3 ? null : `w${i % 3}`)),
  } as const;
  const day = 86_400_000_000n;
  const t = {
    kind: "datetime",
    unit: "us",
    zone: null,
    data: BigInt64Array.from({ length: ROWS }, (_, i) => 18_262n * day + BigInt(i) * day),
  } as const;
  const frame: Frame = {
    kind: "frame",
    index: rangeIndex(ROWS),
    columns: textIndex(["n", "f", "s", "t", "other"]),
    data: [n, f, s, t, n],
  };
  await store.append("x", frame, { dataColumns: ["n", "f", "s", "t"] });
});

async function rows(where: string | string[] | number[] | boolean[], more: object = {}): Promise<number[]> {
  const { index } = await store.select("x", { where, ...more });
  return index.kind === "index" ? Array.from(index.values.kind === "number" ? index.values.data : [], Number) : [];
}

describe("conditions", () => {
  it.each([
    ["index > 6", [7, 8, 9]],
    ["index = [1, 3]", [1, 3]],
    ["n < -1 | n >= 6", [0, 1, 9]],
    ["n < 0 & (f > 0.4 | index == 0)", [0, 1, 2]],
    ["n > 1 and n <= 3 or index in (0, 9)", [0, 5, 6, 9]],
    ["n > 2.5", [6, 7, 8, 9]],
    ["n == 2.5", []],
    ["f != 1", [0, 1, 3, 4, 5, 6, 7, 8, 9]],
    ["s == 'w1'", [1, 4]],
    ['s > "w1"', [2, 5, 8]],
    ["s == 'nan'", [3, 7]],
    ["n != [0, 1]", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["t >= '2020-01-09'", [8, 9]],
    ["t == Timestamp('20200103')", [2]],
    ["t < '2020-01-01 12:00-06:00'", [0]],
  ])("%s", async (where, expected) => expect(await rows(where)).toEqual(expected));

  it("in lists all hold; numbers and masks choose rows", async () => {
    expect(await rows(["n > 2", "f < 4"])).toEqual([6, 7]);
    expect(await rows([7, 2, 7])).toEqual([7, 2, 7]);
    expect(await rows(Array.from({ length: ROWS }, (_, i) => i === 4))).toEqual([4]);
    expect(await rows("n > wanted", { variables: { wanted: 4 } })).toEqual([8, 9]);
    expect(await rows("index >= 0", { start: -3 })).toEqual([7, 8, 9]);
    expect(await rows("index >= 0", { start: 2, stop: 4 })).toEqual([2, 3]);
  });

  it("choose columns", async () => {
    const frame = await store.select("x", { where: "columns = ['s', 'n'] & index < 2" });
    expect(frame.kind === "frame" && frame.columns.kind === "index" && frame.columns.values).toMatchObject({
      data: ["n", "s"],
    });
    const other = await store.select("x", { columns: ["t", "n"], stop: 1 });
    expect(other.kind === "frame" && other.data.length).toBe(2);
  });

  it("come in pieces", async () => {
    const sizes: number[] = [];
    for await (const chunk of store.chunks("x", { where: "n != 0", chunkSize: 4 }))
      sizes.push(chunk.kind === "frame" ? (chunk.data[0].kind === "number" ? chunk.data[0].data.length : -1) : -1);
    expect(sizes).toEqual([4, 4, 1]);
  });

  it.each([
    ["other > 1", /cannot name/],
    ["absent == 1", /cannot name/],
    ["n", /does not compare/],
    ["1 < n", /no column/],
    ["0 < n < 3", /no column/],
    ["n < 1 < 3", /compares twice/],
    ["not n == 1", /does not compare|no column/],
    ["~(n == 1)", /negates/],
    ["n == unknown", /no value/],
    ["n == __import__('os')", /no value/],
    ["(n == 1", /parenthesis/],
    ["n == [1, 2", /list/],
    ["n == 1 )", /goes on/],
    ["n > [1, 2]", /several values/],
    ["n == 'x'", /no number/],
    ["t > 'noon'", /no date/],
    ["n == 1 ; 2", /no part/],
    [`${"(".repeat(500)}n == 1${")".repeat(500)}`, /too deeply/],
  ])("%s is refused", async (where, message) => {
    await expect(rows(where)).rejects.toThrow(message);
  });
});
