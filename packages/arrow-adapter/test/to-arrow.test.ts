/** HDF5 as Arrow: what each kind of dataset becomes, and what is read for it. */
import type * as arrow from "apache-arrow";
import {
  counted,
  Dataset,
  type DatasetOptions,
  dtype,
  type H5File,
  isH5Error,
  MemoryStorage,
  openSync,
  type SyncStorage,
} from "h5ts";
import { beforeAll, describe, expect, it } from "vitest";
import { arrowSchema, fromArrow, recordBatches, type TableOptions, toArrow } from "../src/index.ts";
import { columnValues } from "./support/compare-tables.ts";

const newFile = (): H5File<"sync"> => openSync(new MemoryStorage(), "w");

async function asTable(options: DatasetOptions, how?: TableOptions): Promise<arrow.Table> {
  const file = newFile();
  return toArrow(file.createDataset("x", options), how);
}

type Case = [title: string, options: DatasetOptions, type: string, values: unknown[]];

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

const cases: Case[] = [
  ["int8", { data: Int8Array.of(-1, 2) }, "Int8", [-1, 2]],
  ["uint8", { data: bytes(255, 2) }, "Uint8", [255, 2]],
  ["int16", { data: Int16Array.of(-1, 2) }, "Int16", [-1, 2]],
  ["uint16", { data: Uint16Array.of(65535, 2) }, "Uint16", [65535, 2]],
  ["int32", { data: Int32Array.of(-1, 2), dtype: ">i4" }, "Int32", [-1, 2]],
  ["uint32", { data: Uint32Array.of(2 ** 32 - 1) }, "Uint32", [2 ** 32 - 1]],
  ["int64", { data: BigInt64Array.of(-(2n ** 62n)) }, "Int64", [-(2n ** 62n)]],
  ["uint64", { data: BigUint64Array.of(2n ** 64n - 1n) }, "Uint64", [2n ** 64n - 1n]],
  ["24 bits", { data: [-5, 7], dtype: dtype.integer({ size: 3 }) }, "Int32", [-5, 7]],
  ["float16", { data: [1.5, -0.1], dtype: "f2" }, "Float16", [0x3e00, 0xae66]],
  ["float32", { data: Float32Array.of(0.5) }, "Float32", [0.5]],
  ["float64", { data: Float64Array.of(0.1), dtype: ">f8" }, "Float64", [0.1]],
  ["float128", { data: [0.1], dtype: "f16" }, "Float64", [0.1]],
  ["bfloat16", { data: [1.5], dtype: dtype.bfloat16 }, "Float32", [1.5]],
  ["float8", { data: [1.5], dtype: dtype.float8_e4m3 }, "Float32", [1.5]],
  ["bool", { data: [true, false, true] }, "Bool", [1, 0, 1]],
  ["enumeration", { data: [7, 0], dtype: dtype.enum({ A: 0, B: 7 }) }, "Dictionary<Int8, Utf8>", ["B", "A"]],
  ["complex", { data: [{ real: 1, imag: -2 }] }, "Struct<{r:Float64, i:Float64}>", [[1, -2]]],
  [
    "native complex",
    { data: [{ real: 1, imag: -2 }], dtype: dtype.complex("f4", { native: true }) },
    "Struct<{r:Float32, i:Float32}>",
    [[1, -2]],
  ],
  ["text", { data: ["a", "größer", ""] }, "Utf8", ["a", "größer", ""]],
  ["fixed text", { data: ["abc", "d"], dtype: "S3" }, "Utf8", ["abc", "d"]],
  ["opaque", { data: [bytes(1, 2)], dtype: dtype.opaque(2) }, "FixedSizeBinary[2]", [[1, 2]]],
  ["bit field", { data: [5], dtype: dtype.bitfield("u2") }, "Uint16", [5]],
  ["moments", { data: BigInt64Array.of(5n, -(2n ** 63n)), dtype: "<M8[ms]" }, "Timestamp<MILLISECOND>", [5n, null]],
  ["days", { data: BigInt64Array.of(5n), dtype: "<M8[D]" }, "Date32<DAY>", [5]],
  ["durations", { data: BigInt64Array.of(5n), dtype: ">m8[ns]" }, "Duration<NANOSECOND>", [5n]],
  ["hours", { data: BigInt64Array.of(5n), dtype: "<M8[h]" }, "Int64", [5n]],
  ["sequences", { data: [[1, 2], [], [3]], dtype: dtype.vlen("i4") }, "List<Int32>", [[1, 2], [], [3]]],
  ["sequences of text", { data: [["a"], []], dtype: dtype.vlen(dtype.string()) }, "List<Utf8>", [["a"], []]],
  ["arrays", { data: [[1, 2]], shape: [1], dtype: dtype.array("i2", [2]) }, "FixedSizeList[2]<Int16>", [[1, 2]]],
  [
    "compounds of compounds",
    { data: { a: [{ b: 1, c: "x" }] }, dtype: dtype.compound({ a: dtype.compound({ b: "i4", c: "S1" }) }) },
    "Struct<{b:Int32, c:Utf8}>",
    [[1, "x"]],
  ],
  ["cubes", { data: Float32Array.of(1, 2, 3, 4), shape: [1, 2, 2] }, "FixedSizeList[4]<Float32>", [[1, 2, 3, 4]]],
  [
    "cubes of text",
    { data: [[["a"], ["b"]]], shape: [1, 2, 1] },
    "FixedSizeList[2]<FixedSizeList[1]<Utf8>>",
    [[["a"], ["b"]]],
  ],
  ["scalars", { data: 5, dtype: "i2" }, "Int16", [5]],
];

describe("datatypes", () => {
  it.each(cases)("%s", async (_, options, type, values) => {
    const table = await asTable(options);
    expect(String(table.schema.fields[0].type)).toBe(type);
    expect(columnValues(table, 0)).toEqual(values);
  });

  it.each(cases.filter(([title]) => title !== "scalars"))("%s come back as they were", async (_, options) => {
    const file = newFile();
    const made = file.createDataset("x", options);
    const isCompound = made.dtype.fields !== undefined;
    await fromArrow(await toArrow(made), file, "y", { layout: isCompound ? "compound" : "group" });
    const again = isCompound ? file.dataset("y") : file.group("y").values()[0];
    if (!(again instanceof Dataset)) throw new Error("is no dataset");
    const flat = (d: Dataset<"sync">): unknown => {
      const { data, dtype: type, shape } = d.read();
      return { data, shape, type: String(type) };
    };
    expect(flat(again)).toEqual(flat(made));
  });

  it("integers beyond 64 bits are decimals", async () => {
    const big = -(2n ** 100n);
    const table = await asTable({ data: [big], dtype: dtype.integer({ size: 16 }) });
    expect(String(table.schema.fields[0].type)).toBe("Decimal[76e0]");
    const words = columnValues(table, 0)[0] as number[];
    const value = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
    expect(BigInt.asIntN(256, value)).toBe(big);
  });

  it("enumerations as integers, text as a dictionary", async () => {
    const options = { data: [7, 9], dtype: dtype.enum({ A: 0, B: 7 }) };
    expect(columnValues(await asTable(options, { enums: "integers" }), 0)).toEqual([7, 9]);
    await expect(asTable(options)).rejects.toMatchObject({ name: "DTypeError", found: 9 });
    const table = await asTable({ data: ["a", "b", "a"] }, { text: "dictionary" });
    expect(String(table.schema.fields[0].type)).toBe("Dictionary<Int32, Utf8>");
    expect(columnValues(table, 0)).toEqual(["a", "b", "a"]);
  });

  it("text that is no UTF-8 is an error, or is replaced", async () => {
    const file = newFile();
    const made = file.createDataset("x", { data: [bytes(0x67, 0xfc)], dtype: "S2" });
    await expect(toArrow(made)).rejects.toMatchObject({ name: "DTypeError" });
    expect(columnValues(await toArrow(made, { badText: "replace" }), 0)).toEqual(["g\ufffd"]);
  });

  it("references are refused by name, and left out by choice", async () => {
    const file = newFile();
    const target = file.createGroup("g");
    const made = file.createDataset("x", {
      data: { a: [1], r: [target.ref] },
      dtype: dtype.compound({ a: "i4", r: dtype.reference }),
    });
    await expect(toArrow(made)).rejects.toMatchObject({ name: "UnsupportedError", structure: "reference" });
    expect(columnValues(await toArrow(made, { columns: ["a"] }), 0)).toEqual([1]);
  });
});

describe("zero copy", () => {
  const sameMemory = (table: arrow.Table, column: number, buffer: ArrayBufferLike): boolean =>
    (table.batches[0].data.children[column].values as Uint8Array).buffer === buffer;

  /** The dataset, and the data of its last read. */
  const observed = (made: Dataset<"sync">): { last: () => unknown } => {
    let data: unknown;
    const { read } = made;
    made.read = (...given) => {
      const result = read.apply(made, given);
      data = result.data;
      return result;
    };
    return { last: () => data };
  };

  it.each([
    ["int16", new Int16Array(1000), dtype("<i2")],
    ["uint64", new BigUint64Array(1000), dtype(">u8")],
    ["float64", new Float64Array(1000), dtype("<f8")],
    ["times", new BigInt64Array(1000), dtype("<M8[ns]")],
  ])("a column is the memory that was read: %s", async (_, data, type) => {
    const made = newFile().createDataset("x", { data, dtype: type });
    const { last } = observed(made);
    const table = await toArrow(made);
    expect(sameMemory(table, 0, (last() as ArrayBufferView).buffer)).toBe(true);
  });

  it("columns are the memory of members that were read, where there are others than numbers and text of a fixed length", async () => {
    const rows = 1000;
    const made = newFile().createDataset("x", {
      data: { a: new Float64Array(rows), b: new Int16Array(rows), t: new Array<string>(rows).fill("") },
    });
    const { last } = observed(made);
    const table = await toArrow(made);
    const read = last() as { readonly [name: string]: ArrayBufferView };
    for (const [i, name] of ["a", "b"].entries()) expect(sameMemory(table, i, read[name].buffer)).toBe(true);
  });

  it("of a file in memory columns are its bytes, where that is asked for", async () => {
    const storage = new MemoryStorage();
    const file = openSync(storage, "w");
    file.createDataset("x", { data: Float64Array.of(1, 2, 3) });
    file.createDataset("times", { data: BigInt64Array.of(1n, 2n), dtype: "<M8[ns]" });
    file.close();
    const bytesOfFile = storage.toUint8Array().slice();
    const again = openSync(bytesOfFile);
    expect(sameMemory(await toArrow(again.dataset("x"), { view: true }), 0, bytesOfFile.buffer)).toBe(true);
    expect(sameMemory(await toArrow(again.dataset("x")), 0, bytesOfFile.buffer)).toBe(false);
  });

  it("numbers of sequences are those that were read, one behind the other", async () => {
    const file = newFile();
    const made = file.createDataset("x", { data: [[1, 2], [], [3]], dtype: dtype.vlen("i4") });
    const { data } = made.read() as { data: Int32Array[] };
    expect(data[0].buffer).toBe(data[2].buffer);
    const table = await toArrow(made);
    expect(table.batches[0].data.children[0].children[0].values).toEqual(Int32Array.of(1, 2, 3));
  });
});

describe("tables", () => {
  let file: H5File<"sync">;
  beforeAll(() => {
    file = newFile();
    const group = file.createGroup("g");
    group.attrs.set("title", "measured");
    group.attrs.set("run", 7);
    group.createDataset("a", { data: [1, 2, 3] }).attrs.set("units", "m");
    group.createDataset("b", { data: ["x", "y", "z"] });
    const other = file.createGroup("other");
    other.createDataset("a", { data: [1, 2, 3] });
    other.createDataset("b", { data: [1, 2] });
    other.createGroup("c");
    const matrix = file.createDataset("matrix", { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] });
    const time = file.createDataset("time", { data: [0, 12, 36] });
    time.attrs.set("units", "hours since 2000-01-01");
    time.makeScale("time");
    matrix.dims[0].attachScale(time);
    const name = file.createDataset("names", { data: ["p", "q"] });
    matrix.dims[1].attachScale(name);
  });

  it("of groups have a column for each dataset, and attributes as metadata", async () => {
    const table = await toArrow(file.group("g"));
    expect(table.schema.names).toEqual(["a", "b"]);
    expect(table.schema.metadata.get("title")).toBe("measured");
    expect(table.schema.metadata.get("run")).toBe("7");
    expect(table.schema.fields[0].metadata.get("units")).toBe("m");
    await fromArrow(table, file, "again", { layout: "group" });
    expect(file.group("again").attrs.get("run")).toBe(7);
    expect(String(file.group("again").attrs.info("run")?.datatype.class)).toBe("integer");
    expect(file.dataset("again/a").attrs.get("units")).toBe("m");
    expect((await toArrow(file.group("again"))).schema.metadata).toEqual(table.schema.metadata);
  });

  it("of groups are refused where datasets differ in length, or others are there", async () => {
    await expect(toArrow(file.group("other"))).rejects.toMatchObject({ name: "ShapeError" });
    await expect(toArrow(file.group("other"), { columns: ["a", "b"] })).rejects.toMatchObject({ name: "ShapeError" });
    expect((await toArrow(file.group("other"), { columns: ["b"] })).numRows).toBe(2);
    await expect(toArrow(file.group("g"), { columns: ["nope"] })).rejects.toMatchObject({ name: "NotFoundError" });
  });

  it("of two axes are named by scales, and have the index first", async () => {
    const table = await toArrow(file.dataset("matrix"));
    expect(table.schema.names).toEqual(["time", "p", "q"]);
    expect([0, 1, 2].map((i) => columnValues(table, i))).toEqual([
      [0n, 12n, 36n],
      [1, 3, 5],
      [2, 4, 6],
    ]);
    expect(table.schema.metadata.get("h5ts:index")).toBe('["time"]');
    expect(JSON.parse(table.schema.metadata.get("pandas")!).index_columns).toEqual(["time"]);
    const tensors = await toArrow(file.dataset("matrix"), { matrix: "tensors", scales: false });
    expect(tensors.schema.fields.map(String)).toEqual(["matrix: FixedSizeList[2]<Float32>"]);
  });

  it("have an index again where they are written as groups", async () => {
    await fromArrow(await toArrow(file.dataset("matrix")), file, "indexed", { layout: "group" });
    const [scale] = file.dataset("indexed/p").dims[0].scales();
    expect(scale.name).toBe("/indexed/time");
  });

  it("have times by the CF conventions, or as told", async () => {
    const table = await toArrow(file.dataset("matrix"), { times: "cf" });
    expect(String(table.schema.fields[0].type)).toBe("Timestamp<SECOND>");
    const day = BigInt(Date.UTC(2000, 0, 1) / 1000);
    expect(columnValues(table, 0)).toEqual([day, day + 43_200n, day + 129_600n]);
    const told = await toArrow(file.group("g"), { times: { a: { unit: "ms", zone: "Europe/Berlin" } } });
    expect(String(told.schema.fields[0].type)).toBe("Timestamp<MILLISECOND, Europe/Berlin>");
    expect(columnValues(told, 0)).toEqual([1n, 2n, 3n]);
  });

  it("have the shape of tensors in their metadata", async () => {
    const schema = await arrowSchema(file.createDataset("cube", { shape: [5, 2, 3], dtype: "f4" }));
    expect(Object.fromEntries(schema.fields[0].metadata)).toEqual({
      "ARROW:extension:name": "arrow.fixed_shape_tensor",
      "ARROW:extension:metadata": '{"shape":[2,3]}',
    });
  });

  it("are refused where they have no rows to speak of", async () => {
    await expect(toArrow(file.createDataset("none", { shape: null, dtype: "i4" }))).rejects.toSatisfy((e) =>
      isH5Error(e, "ShapeError"),
    );
    await expect(toArrow(file.createDataset("flat", { shape: [3, 0, 2] }))).rejects.toSatisfy((e) =>
      isH5Error(e, "ShapeError"),
    );
    await expect(toArrow(file.createGroup("empty"))).rejects.toSatisfy((e) => isH5Error(e, "ShapeError"));
  });
});

describe("streams", () => {
  function chunkedFile(): Uint8Array<ArrayBuffer> {
    const storage = new MemoryStorage();
    const file = openSync(storage, "w");
    const x = Int32Array.from({ length: 1000 }, (_, i) => i);
    file.createDataset("t", { data: { x, y: Float32Array.from(x) }, chunks: [64], compression: "gzip" });
    file.createDataset("g/x", { data: new Int32Array(50_000).fill(1), chunks: [1000] });
    file.createDataset("g/y", { data: new Float64Array(50_000).fill(1), chunks: [1000] });
    file.close();
    return storage.toUint8Array() as Uint8Array<ArrayBuffer>;
  }

  const sizes = async (batches: AsyncIterable<arrow.RecordBatch>): Promise<number[]> => {
    const rows: number[] = [];
    for await (const batch of batches) rows.push(batch.numRows);
    return rows;
  };

  it("end where chunks do, or after so many rows", async () => {
    const file = openSync(chunkedFile());
    expect(await sizes(recordBatches(file.dataset("t"), { batchRows: 300 }))).toEqual([300, 300, 300, 100]);
    expect(await sizes(recordBatches(file.dataset("t"), { batchRows: 300, rows: { start: -350, stop: -10 } }))).toEqual(
      [300, 40],
    );
    expect(await sizes(recordBatches(file.dataset("t")))).toEqual([1000]);
    expect(await sizes(recordBatches(file.dataset("t"), { rows: { start: 5, stop: 5 } }))).toEqual([0]);
  });

  it("take the rows that pass a filter, by columns that need not be asked for", async () => {
    const file = openSync(chunkedFile());
    const filter = { columns: ["x"], test: ({ x }: { readonly x?: unknown }) => (x as number) % 100 === 7 };
    const table = await toArrow(file.dataset("t"), { columns: ["y"], filter });
    expect(table.schema.names).toEqual(["y"]);
    expect(columnValues(table, 0)).toEqual([7, 107, 207, 307, 407, 507, 607, 707, 807, 907]);
  });

  it("read nothing of columns that are not asked for, and no batch before it is", async () => {
    const bytesOfFile = chunkedFile();
    const reads: number[] = [];
    const { storage, counts } = counted(new MemoryStorage(bytesOfFile) as SyncStorage);
    const file = openSync(storage);
    const batches = recordBatches(file.group("g"), { columns: ["x"], batchRows: 1000 });
    for (let i = 0; i < 3; i++) {
      await batches.next();
      reads.push(counts.bytes);
    }
    await batches.return();
    expect(reads[2]).toBeGreaterThan(reads[0]);
    expect(reads[2]).toBeLessThan(60_000);
  });

  it("stop by their signal", async () => {
    const file = openSync(chunkedFile());
    const stop = new AbortController();
    const batches = recordBatches(file.dataset("t"), { batchRows: 100, signal: stop.signal });
    await batches.next();
    stop.abort(new Error("enough"));
    await expect(batches.next()).rejects.toThrow("enough");
  });
});
