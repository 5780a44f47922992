/** Core's columns as tables of Arrow's, through IPC, and back. */
import { Data, RecordBatch, Struct, Table, tableFromIPC, tableToIPC } from "apache-arrow";
import { type Column, type Columns, DType, dtype } from "h5ts";
import { expect, it } from "vitest";
import { arrowToColumns, columnsToArrow } from "../src/index.ts";

const numbers = (name: string, type: string, data: Column["data"], more: Partial<Column> = {}): Column => ({
  name,
  dtype: DType.from(type),
  data,
  ...more,
});
const gap = { validity: Uint8Array.of(1, 0, 1) };

const COLUMNS: readonly Column[] = [
  numbers("i1", "int8", Int8Array.of(-1, 0, 3)),
  numbers("u8", "uint64", BigUint64Array.of(1n, 2n ** 63n, 3n), gap),
  numbers("f2", "float16", Float32Array.of(0.5, -2, 65504)),
  numbers("f4", "float32", Float32Array.of(0.5, Number.NaN, -1)),
  numbers("f8", "float64", Float64Array.of(0.1, -0, Number.POSITIVE_INFINITY), gap),
  numbers("yes", "bool", Uint8Array.of(1, 0, 1)),
  numbers("z", "complex64", Float32Array.of(1, 2, 3, 4, 5, 6)),
  numbers("zz", "complex128", Float64Array.of(1, 2, 3, 4, 5, 6), gap),
  { name: "text", dtype: dtype.string(), data: ["日本", "", "a"], ...gap },
  numbers("at", "int64", BigInt64Array.of(1n, 2n, -3n), {
    logical: { kind: "timestamp", unit: "ns", zone: "Europe/Madrid" },
  }),
  numbers("offset", "int64", BigInt64Array.of(1n, 2n, 3n), {
    logical: { kind: "timestamp", unit: "s", zone: "UTC+05:30" },
  }),
  numbers("for", "int64", BigInt64Array.of(1n, 2n, -3n), { logical: { kind: "duration", unit: "us" }, ...gap }),
  numbers("month", "int64", BigInt64Array.of(600n, 601n, 602n), { logical: { kind: "period", unit: "M" } }),
  numbers("day", "int64", BigInt64Array.of(1n, -5n, 19_000n), { logical: { kind: "date", unit: "D" } }),
  numbers("kind", "int16", Int16Array.of(1, 0, 0), {
    dictionary: { name: "categories", dtype: dtype.string(), data: ["low", "high"] },
    logical: { kind: "categorical", ordered: true },
    ...gap,
  }),
];

it("come back as they were", async () => {
  const attrs = { pandas: "{}", note: "x" };
  const columns: Columns = { length: 3, columns: COLUMNS, attrs };
  const back = await arrowToColumns(tableFromIPC(tableToIPC(await columnsToArrow(columns))));
  expect(back.length).toBe(3);
  expect({ ...back.attrs }).toEqual(attrs);
  for (const [i, { dtype: type, data, ...column }] of COLUMNS.entries()) {
    const { dtype: found, data: values, ...other } = back.columns[i];
    expect([column.name, found.name]).toEqual([column.name, type.name]);
    expect(JSON.parse(JSON.stringify(other, plain)), column.name).toEqual(JSON.parse(JSON.stringify(column, plain)));
    expect(values, column.name).toEqual(data);
  }
});

const plain = (key: string, value: unknown): unknown =>
  key === "dtype" ? undefined : ArrayBuffer.isView(value) ? Array.from(value as Uint8Array, String) : value;

it("batches with categories of their own have them all", async () => {
  const [kind] = COLUMNS.slice(-1);
  const other = { ...kind, dictionary: { ...kind.dictionary!, data: ["high", "new"] } };
  const [one, two] = [
    await columnsToArrow({ length: 3, columns: [kind], attrs: {} }),
    await columnsToArrow({ length: 3, columns: [other], attrs: {} }),
  ];
  const { type } = one.schema.fields[0];
  const { nullCount, values, nullBitmap, dictionary } = two.getChildAt(0)!.data[0];
  const piece = new Data(type, 0, 3, nullCount, [undefined, values, nullBitmap, undefined], [], dictionary);
  const rows = new Data(new Struct(one.schema.fields), 0, 3, 0, [undefined, undefined, new Uint8Array(0)], [piece]);
  const table = new Table(one.schema, [...one.batches, new RecordBatch(one.schema, rows as never)]);
  const { columns } = await arrowToColumns(table);
  expect(columns[0].dictionary?.data).toEqual(["low", "high", "new"]);
  expect(Array.from(columns[0].data as Int32Array)).toEqual([1, 0, 0, 2, 1, 1]);
});

it("what Arrow has no type for is refused", async () => {
  const column = { name: "x", dtype: dtype.string(), data: [1, 2] as never };
  await expect(columnsToArrow({ length: 2, columns: [column], attrs: {} })).rejects.toThrow(/no type for/);
});
