/** Indexes of PyTables': conditions find with them what they find without, and read less. */
import fc from "fast-check";
import { DType, MemoryStorage } from "h5ts";
import { describe, expect, it } from "vitest";
import { type Frame, type HDFStore, openStore, rangeIndex, textIndex, type Values } from "../src/index.ts";
import { type PackedValues, sortedOrder } from "../src/pytables/index/sort.ts";

function columns(rows: number, from = 0): Values[] {
  const of = <A>(make: (i: number) => A): A[] => Array.from({ length: rows }, (_, i) => make(i + from));
  const mixed = (i: number): number => Math.imul(i, 2_654_435_761) >>> 0;
  return [
    { kind: "number", dtype: "int64", data: BigInt64Array.from(of((i) => BigInt(mixed(i) % 5000) - 2500n)) },
    {
      kind: "number",
      dtype: "float64",
      data: Float64Array.from(of((i) => (i % 97 === 5 ? Number.NaN : mixed(i) / 2 ** 31 - 1))),
    },
    { kind: "number", dtype: "float32", data: Float32Array.from(of((i) => mixed(i + 7) / 2 ** 31 - 1)) },
    { kind: "number", dtype: "float16", data: Float32Array.from(of((i) => (mixed(i) % 64) - 32)) },
    { kind: "number", dtype: "int8", data: Int8Array.from(of((i) => mixed(i))) },
    { kind: "bool", data: Uint8Array.from(of((i) => (i % 50 === 0 ? 1 : 0))) },
    { kind: "text", dtype: "object", data: of((i) => (i % 31 === 0 ? null : `w${mixed(i) % 400}`)) },
    {
      kind: "datetime",
      unit: "ns",
      zone: null,
      data: BigInt64Array.from(of((i) => BigInt(mixed(i) % 1000) * 86_400_000_000_000n)),
    },
  ];
}
const NAMES = ["i", "f", "g", "h", "b", "t", "s", "d"];

function frame(rows: number, from = 0): Frame {
  const index = rangeIndex(rows + from);
  const data = (index.values as { data: BigInt64Array }).data.slice(from);
  return {
    kind: "frame",
    index: { ...index, values: { kind: "number", dtype: "int64", data } },
    columns: textIndex(NAMES),
    data: columns(rows, from),
  };
}

const CONDITIONS = [
  "index < 40",
  "index >= 700 & index < 705",
  "i == 17 | i == -2000",
  "i > 2490",
  "f > 0.999",
  "f <= -0.999 | index == 3",
  "g < -0.998 & g > -0.9995",
  "h == 5",
  "b == 100",
  "t == True & i > 2300",
  "s == 'w17'",
  "s < 'w100' & i < -2400",
  "s == 'nan' & index < 300",
  "d == '1970-02-03'",
  "d > '1972-09-20' & i != 4",
  "i in [1, 2, 3] & f > 0",
  "absent_is_not_named == 1 | i == 1",
];

async function labels(store: HDFStore, where: string): Promise<unknown> {
  try {
    const { index } = await store.select("x", { where });
    return index.kind === "index" && "data" in index.values ? Array.from(index.values.data as BigInt64Array) : index;
  } catch (error) {
    return String(error);
  }
}

async function stores(rows: number, more: object): Promise<readonly [HDFStore, HDFStore]> {
  const [indexed, plain] = [await openStore(new MemoryStorage(), "w"), await openStore(new MemoryStorage(), "w")];
  await indexed.append("x", frame(rows), { dataColumns: true, index: false });
  await indexed.createTableIndex("x", more);
  await plain.append("x", frame(rows), { dataColumns: true, index: false });
  return [indexed, plain];
}

describe("conditions by indexes", () => {
  it.each([
    [3000, "ultralight", 0],
    [3000, "light", 3],
    [3000, "medium", 1],
    [3000, "medium", 6],
    [3000, "full", 9],
    // More than a slice.
    [140_000, "medium", 6],
  ] as const)(
    "%i rows, %s, %i: find what they find without, also of rows that were appended",
    async (rows, kind, optlevel) => {
      const [indexed, plain] = await stores(rows, { kind, optlevel });
      for (const where of CONDITIONS) expect(await labels(indexed, where), where).toEqual(await labels(plain, where));
      await indexed.append("x", frame(1000, rows));
      await plain.append("x", frame(1000, rows));
      for (const where of CONDITIONS) expect(await labels(indexed, where), where).toEqual(await labels(plain, where));
      const indices = await indexed.file.dataset("x/_i_table/i/indicesLR");
      expect(await indices.attrs.get("nelements")).toBeGreaterThan(0);
    },
  );

  it("are made anew where rows are removed", async () => {
    const [indexed, plain] = await stores(3000, {});
    const gone = "i > 2000 | index < 10";
    const had = ((await labels(plain, gone)) as bigint[]).length;
    expect(await indexed.remove("x", { where: gone })).toBe(had);
    expect(await labels(indexed, gone)).toEqual([]);
    const { index } = await indexed.select("x");
    const rest = ((await labels(plain, "index >= 0")) as bigint[]).filter((row) => row >= 10n);
    const left = (index as { values: { data: BigInt64Array } }).values.data;
    expect(left.length).toBe(3000 - had);
    expect(rest).toEqual(expect.arrayContaining([...left]));
    for (const where of CONDITIONS.filter((one) => !one.includes("i >")))
      expect(await labels(indexed, where), where).toEqual(
        ((await labels(plain, where)) as bigint[]).filter?.((row) => left.includes(row)) ??
          (await labels(plain, where)),
      );
    expect(await indexed.remove("x", { where: [0, 2] })).toBe(2);
    expect(await indexed.remove("x", { start: -1 })).toBe(1);
    expect((await indexed.info("x")).rows).toBe(3000 - had - 3);
    expect(await indexed.remove("x")).toBeUndefined();
    expect(await indexed.keys()).toEqual([]);
  });

  it("are left alone while they are dirty, and made anew", async () => {
    const [indexed] = await stores(3000, {});
    const group = await indexed.file.group("x/_i_table/i");
    await (await group.dataset("indicesLR")).asBytes().write(new Uint8Array(4 * 131_072).fill(0xff));
    await expect(indexed.select("x", { where: "i > 2490" })).rejects.toThrow(/does not have/);
    await group.attrs.modify("DIRTY", 1);
    expect(await labels(indexed, "i > 2490")).toHaveLength(4);
    await indexed.createTableIndex("x", { columns: ["i"] });
    expect(await (await indexed.file.group("x/_i_table/i")).attrs.get("DIRTY")).toBe(0);
    expect(await labels(indexed, "i > 2490")).toHaveLength(4);
  });

  it.each([
    ["chunksize", 0],
    ["slicesize", 7],
    ["reduction", 100],
    ["blocksize", -1],
  ])("are refused where %s is %i", async (name, value) => {
    const [indexed] = await stores(50, {});
    const group = await indexed.file.group("x/_i_table/i");
    await group.attrs.create(name, value, { dtype: "int64" });
    await expect(indexed.select("x", { where: "i > 2490" })).rejects.toThrow(/wrong/);
  });

  it("are not made of columns that PyTables has none for", async () => {
    const store = await openStore(new MemoryStorage(), "w");
    const data: Values[] = [{ kind: "number", dtype: "uint64", data: BigUint64Array.of(1n, 2n) }, columns(2)[0]];
    const two: Frame = { kind: "frame", index: rangeIndex(2), columns: textIndex(["u", "i"]), data };
    await store.append("x", two, { dataColumns: true });
    expect(await (await store.file.group("x/_i_table")).keys()).toEqual(["i", "index"]);
    await expect(store.createTableIndex("x", { columns: ["u"] })).rejects.toThrow(/no index for/);
    await expect(store.createTableIndex("x", { columns: ["v"] })).rejects.toThrow(/no column/);
    await expect(store.createTableIndex("x", { kind: "heavy" as "full" })).rejects.toThrow(/no kind/);
  });
});

describe("sorted order", () => {
  const packed = (dtype: string, bytes: Uint8Array): PackedValues => {
    const type = DType.from(dtype).datatype;
    return { type, bytes, count: bytes.length / type.size };
  };
  const behind = (a: number, b: number): boolean => (Number.isNaN(a) ? !Number.isNaN(b) : a > b);

  it.each(["f8", "f4", "i8", "i4", "u2", "i1"])("%s is that of the numbers, NaN last", (dtype) => {
    const make = {
      f8: Float64Array,
      f4: Float32Array,
      i8: BigInt64Array,
      i4: Int32Array,
      u2: Uint16Array,
      i1: Int8Array,
    };
    const Numbers = make[dtype as keyof typeof make];
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 400 }), fc.integer({ min: 0, max: 400 }), (some, zeros) => {
        const whole = new Uint8Array((zeros + Math.floor(some.length / 8)) * 8);
        whole.set(some.subarray(0, Math.floor(some.length / 8) * 8));
        const numbers = new Numbers(whole.buffer);
        const order = sortedOrder(packed(dtype, whole));
        expect(new Set(order).size).toBe(numbers.length);
        const wrong = order.findIndex(
          (place, i) => i > 0 && behind(numbers[order[i - 1]] as number, numbers[place] as number),
        );
        expect(wrong).toBe(-1);
      }),
      { numRuns: 25 },
    );
  });
});
