/** Datasets of every datatype through Arrow and back: HDF5 to Arrow to HDF5; and tables of a million rows, both ways. */
import * as arrow from "apache-arrow";
import { type Dataset, DType, type DTypeLike, dtype, type H5File, MemoryStorage, openSync } from "h5ts";
import { describe, expect, it } from "vitest";
import { dataOf, fromArrow, type PlainValue, toArrow } from "../src/index.ts";
import { describeSchema, valueAt } from "./support/compare-tables.ts";
import { Random, randomText } from "./support/random-tables.ts";

const SCALE = Number(process.env.H5TS_SCALE ?? 0.1);
const SEEDS = Math.ceil(2000 * SCALE);
const ROWS = Math.ceil(1e6 * SCALE);

const newFile = (): H5File<"sync"> => openSync(new MemoryStorage(), "w");

/** A datatype, and what makes values of it. */
type Kind = readonly [type: DTypeLike, value: (random: Random) => unknown];

const integer = (bits: number, signed: boolean, random: Random): bigint => {
  const value = BigInt(random.below(2 ** 32)) | (BigInt(random.below(2 ** 32)) << 32n);
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
};
const float = (random: Random): number =>
  Math.fround(random.pick([0, -0, 1.5, -2e30, Number.NaN, Number.NEGATIVE_INFINITY]));

const FLAT: readonly Kind[] = [
  ...["<i1", "<i2", ">i4", "<i8"].map(
    (code): Kind => [dtype(code as "<i1"), (random) => integer(Number(code[2]) * 8, true, random)],
  ),
  ...["<u1", ">u2", "<u4", ">u8"].map(
    (code): Kind => [dtype(code as "<u1"), (random) => integer(Number(code[2]) * 8, false, random)],
  ),
  ["f2", (random) => random.pick([0, 1.5, -0.25, Number.NaN])],
  ["<f4", float],
  [">f8", float],
  ["bool", (random) => random.chance(0.5)],
  [dtype.enum({ A: 0, B: 1, C: 7 }), (random) => random.pick([0, 1, 7])],
  [dtype.enum({ NO: -5, YES: 300 }, "<i4"), (random) => random.pick([-5, 300])],
  ["S9", (random) => random.pick(["", "a", "abcdefghi"])],
  [dtype.string({ length: 7 }), (random) => random.pick(["", "a", "größer"])],
  [dtype.string(), randomText],
  [dtype.opaque(3), (random) => random.bytes(3)],
  ["<M8[us]", (random) => random.pick([-(2n ** 63n), 0n, 10n ** 15n])],
  [">m8[s]", (random) => random.pick([-(2n ** 63n), 0n, 5n])],
  ["<M8[h]", (random) => BigInt(random.below(1e6))],
  ["c8", (random) => ({ real: float(random), imag: float(random) })],
];

function randomKind(random: Random, depth = 0): Kind {
  if (depth > 2 || random.chance(0.65)) return random.pick(FLAT);
  const [type, value] = randomKind(random, depth + 1);
  if (random.chance(0.35)) {
    const count = 1 + random.below(3);
    return [dtype.array(type, [count]), (r) => Array.from({ length: count }, () => value(r))];
  }
  if (random.chance(0.5)) return [dtype.vlen(type), (r) => Array.from({ length: r.below(4) }, () => value(r))];
  return [dtype.compound([["x", type]]), (r) => ({ x: value(r) })];
}

/** A compound dataset of random members and values. */
function randomDataset(random: Random, rows: number): Dataset<"sync"> {
  const kinds = Array.from({ length: 1 + random.below(4) }, (_, i) => [`m${i}`, randomKind(random)] as const);
  const type = dtype.compound(kinds.map(([name, [member]]): [string, DTypeLike] => [name, member]));
  const data = Array.from({ length: rows }, () =>
    Object.fromEntries(kinds.map(([name, [, value]]) => [name, value(random)])),
  );
  const made = newFile().createDataset("x", { shape: [rows], dtype: type, maxShape: [null], chunks: [16] });
  if (rows > 0) made.write(data);
  return made;
}

const elements = (made: Dataset<"sync">): unknown => {
  const { data, shape, dtype: type } = made.read();
  return { data, shape, type: String(type) };
};

describe("HDF5 to Arrow to HDF5", () => {
  it(`random compounds: ${SEEDS} seeds`, { timeout: 600_000 }, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed);
      const made = randomDataset(random, random.pick([0, 1, 30]));
      const again = newFile();
      try {
        await fromArrow(await toArrow(made), again, "x");
      } catch (cause) {
        throw new Error(`seed ${seed}: ${made.dtype}`, { cause });
      }
      expect(elements(again.dataset("x")), `seed ${seed}: ${made.dtype}`).toEqual(elements(made));
    }
  });

  it(`${ROWS} rows are the same bytes`, { timeout: 600_000 }, async () => {
    const type = new DType(
      dtype.compound({ a: "<i8", b: ">f4", c: "bool", d: "<u2", e: "S6", f: "<f8", g: dtype.enum({ A: 0, B: 1 }) })
        .datatype,
    );
    const bytes = new Uint8Array(ROWS * type.itemsize);
    const fields = [...type.fields!].map(([name, field]) => ({ name, ...field }));
    for (let row = 0; row < ROWS; row++) {
      for (const { name, offset, dtype: member } of fields) {
        const at = row * type.itemsize + offset;
        if (name === "c" || name === "g") bytes[at] = (row * 7) & 1;
        else
          for (let k = 0; k < member.itemsize; k++)
            bytes[at + k] = name === "e" ? 97 + ((row >> k) % 26) : (row * (k + 3)) & 0x7f;
      }
    }
    const made = newFile().createDataset("x", { shape: [ROWS], dtype: type, chunks: [4096] });
    made.asBytes().write(bytes);
    const file = newFile();
    await fromArrow(await toArrow(made), file, "x");
    expect(file.dataset("x").dtype.equals(type)).toBe(true);
    expect(Buffer.compare(Buffer.from(file.dataset("x").asBytes().read().data as Uint8Array), Buffer.from(bytes))).toBe(
      0,
    );
  });
});

/** A table of as many rows, of types of every kind, with nulls. */
function largeTable(rows: number): arrow.Table {
  const i64 = 10n ** 12n;
  const columns: readonly (readonly [string, arrow.DataType, (i: number) => PlainValue])[] = [
    ["i32", new arrow.Int32(), (i) => i - 5],
    ["i64", new arrow.Int64(), (i) => i64 * BigInt(i)],
    ["u8", new arrow.Uint8(), (i) => i & 255],
    ["f64", new arrow.Float64(), (i) => i / 7],
    ["bool", new arrow.Bool(), (i) => i % 3 === 0],
    ["text", new arrow.Utf8(), (i) => `größe ${i % 1000}`],
    ["kind", new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()), (i) => ["red", "green", "blue"][i % 3]],
    ["at", new arrow.TimestampMicrosecond("UTC"), (i) => i64 + BigInt(i)],
    ["day", new arrow.DateDay(), (i) => i % 20_000],
    ["price", new arrow.Decimal(2, 20, 128), (i) => BigInt(i * 101)],
    ["list", new arrow.List(new arrow.Field("item", new arrow.Int16(), false)), (i) => [i & 7, 1, 2].slice(0, i % 4)],
    ["pair", new arrow.Struct([new arrow.Field("a", new arrow.Float32(), false)]), (i) => ({ a: i })],
  ];
  const fields = columns.map(([name, type], c) => new arrow.Field(name, type, c % 2 === 0));
  const children = columns.map(([, type, of], c) =>
    dataOf(
      arrow,
      type,
      Array.from({ length: rows }, (_, i) => (c % 2 === 0 && i % 11 === c ? null : of(i))),
    ),
  );
  const schema = new arrow.Schema(fields);
  const none = new Uint8Array(0);
  const struct = new arrow.Data(new arrow.Struct(fields), 0, rows, 0, [undefined, undefined, none], children);
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct as never)]);
}

const same = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (typeof a === "object" && a !== null && JSON.stringify(a, exact) === JSON.stringify(b, exact));
const exact = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);

describe("Arrow to HDF5 to Arrow", () => {
  const table = largeTable(ROWS);
  it.each(["compound", "group"] as const)(`${ROWS} rows, %s`, { timeout: 600_000 }, async (layout) => {
    const storage = new MemoryStorage();
    const file = openSync(storage, "w");
    await fromArrow(table, file, "t", { layout, compression: "gzip", compressionOpts: 1 });
    file.close();
    const found = await toArrow(openSync(storage).get("t") as Dataset<"sync">);
    expect(describeSchema(found.schema)).toEqual(describeSchema(table.schema));
    expect(found.numRows).toBe(ROWS);
    for (const [c, field] of table.schema.fields.entries()) {
      const [a, b] = [found, table].map(({ batches: [batch] }) => batch.data.children[c]);
      for (let i = 0; i < ROWS; i++) {
        if (!same(valueAt(a, i), valueAt(b, i)))
          expect.fail(`${field}, row ${i}: ${valueAt(a, i)} is not ${valueAt(b, i)}`);
      }
    }
  });
});
