import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as h5wasm from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkSync,
  createRegistry,
  defaultFilters,
  dtype,
  type Filter,
  type H5File,
  MemoryStorage,
  open,
  openSync,
  openWritable,
  StorageError,
  slice,
  UnsupportedError,
} from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-writing-"));
beforeAll(async () => {
  await h5wasm.ready;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What libhdf5 says of a file. */
function byLibhdf5<T>(path: string, look: (file: h5wasm.File) => T): T {
  const file = new h5wasm.File(path, "r");
  try {
    return look(file);
  } finally {
    file.close();
  }
}

const values = Float32Array.from({ length: 60 }, (_, i) => i / 4);

function writeNow(file: H5File<"sync">): void {
  const images = file.createDataset("raw/images", {
    data: values,
    shape: [6, 10],
    maxShape: [null, 10],
    shuffle: true,
  });
  images.attrs.set("units", "counts");
  images.append(values.subarray(0, 20));
  images.write(-1, [0, slice(2, 4)]);
  file.createGroup("made").createSoftLink("soft", "/raw/images");
  file.createDataset("text", { data: ["α", "", "gamma"] });
  file.createDataset("gone", { data: 1 });
  file.delete("gone");
  file.move("text", "moved/text");
}

async function writeLater(file: H5File<"async">): Promise<void> {
  const images = await file.createDataset("raw/images", {
    data: values,
    shape: [6, 10],
    maxShape: [null, 10],
    shuffle: true,
  });
  await images.attrs.set("units", "counts");
  await images.append(values.subarray(0, 20));
  await images.write(-1, [0, slice(2, 4)]);
  await (await file.createGroup("made")).createSoftLink("soft", "/raw/images");
  await file.createDataset("text", { data: ["α", "", "gamma"] });
  await file.createDataset("gone", { data: 1 });
  await file.delete("gone");
  await file.move("text", "moved/text");
}

function check(path: string): void {
  byLibhdf5(path, (file) => {
    expect(file.keys()).toEqual(["made", "moved", "raw"]);
    const images = file.get("raw/images") as h5wasm.Dataset;
    expect(images.shape).toEqual([8, 10]);
    expect(images.attrs.units.value).toBe("counts");
    const expected = [...values, ...values.subarray(0, 20)];
    expected.splice(2, 2, -1, -1);
    expect([...(images.value as Float32Array)]).toEqual(expected);
    expect((file.get("moved/text") as h5wasm.Dataset).value).toEqual(["α", "", "gamma"]);
    expect((file.get("made/soft") as h5wasm.Dataset).shape).toEqual([8, 10]);
  });
}

describe.each(["earliest", "v108", "latest", "v200"] as const)("files for %s", (libver) => {
  it("are written without waiting", () => {
    const path = join(folder, `now-${libver}.h5`);
    const file = openSync(path, "w", { libver });
    expect(file.mode).toBe("r+");
    writeNow(file);
    file.close();
    check(path);
  });

  it("are written with waiting", async () => {
    const path = join(folder, `later-${libver}.h5`);
    const file = await open(path, "w", { libver });
    await writeLater(file);
    await file.close();
    check(path);
  });

  it("are written in memory, and edited", () => {
    const storage = new MemoryStorage();
    const file = openSync(storage, "w", { libver });
    writeNow(file);
    file.close();
    const again = openSync(new MemoryStorage(storage.toUint8Array()), "r+");
    again.dataset("raw/images").resize(3, 0);
    again.close();
    expect(again.dataset).toBeDefined();
  });
});

describe("a commit that fails", () => {
  /** A storage that is full from some moment on. */
  class FullStorage extends MemoryStorage {
    full = false;

    override writeSync(patches: Parameters<MemoryStorage["writeSync"]>[0]): void {
      if (this.full) throw new StorageError("no space is left");
      super.writeSync(patches);
    }
  }

  it("leaves the file as the last one left it, and is told to all later calls", async () => {
    const storage = new FullStorage();
    const file = await open(storage, "w");
    const data = await file.createDataset("x", { data: [1, 2, 3] });
    await file.flush();
    await file.attrs.set("lost", 1);
    storage.full = true;
    const flushing = file.flush();
    const waiting = file.keys();
    await expect(flushing).rejects.toMatchObject({ name: "StorageError" });
    const told = { name: "ClosedError", reason: expect.stringContaining("commit has failed") };
    await expect(waiting).rejects.toMatchObject(told);
    await expect(data.read()).rejects.toMatchObject(told);
    await expect(file.createGroup("y")).rejects.toMatchObject(told);
    expect(data.shape).toEqual([3]);
    await file.close();
    const again = openSync(storage.toUint8Array());
    expect(again.keys()).toEqual(["x"]);
    expect(again.attrs.count()).toBe(0);
  });

  it("is told by close, which lets go of the file all the same", () => {
    const storage = new FullStorage();
    const file = openSync(storage, "w");
    file.createDataset("x", { data: [1, 2, 3] });
    storage.full = true;
    expect(() => file.close()).toThrow(expect.objectContaining({ name: "StorageError" }));
    file.close();
    expect(() => file.keys()).toThrow(expect.objectContaining({ name: "ClosedError" }));
  });

  it("does not end the use of the file where a filter is at fault", () => {
    const file = openSync(new MemoryStorage(), "w", { filters: createRegistry([...defaultFilters].map(broken)) });
    file.createDataset("bad", { shape: [4], dtype: "u1", chunks: [2], filters: [{ filter: "gzip", optional: false }] });
    const write = (): void => {
      file.dataset("bad").write([1, 2, 3, 4]);
      file.flush();
    };
    expect(write).toThrow(expect.objectContaining({ name: "FilterError" }));
    file.delete("bad");
    file.createDataset("good", { data: [1] });
    file.close();
  });
});

/** A filter that cannot encode. */
const broken = (filter: Filter): Filter => ({
  id: filter.id,
  name: filter.name,
  aliases: filter.aliases,
  codec: { decode: (input) => input, encode: () => undefined, clientData: () => [4] },
  load: () => filter.load(),
});

describe("elements as bytes", () => {
  const cases: [dtype: "bool" | "<c8" | ">i2" | "bfloat16" | "S3" | "f2", width: number][] = [
    ["bool", 1],
    ["<c8", 8],
    [">i2", 2],
    ["bfloat16", 2],
    ["f2", 2],
    ["S3", 3],
  ];
  it.each(cases)("%s: stand in the file as they were given", (type, width) => {
    const path = join(folder, "bytes.h5");
    const bytes = Uint8Array.from({ length: 6 * width }, (_, i) => 7 * i + 1);
    const file = openSync(path, "w");
    const d = file.createDataset("d", { shape: [3, 2], dtype: type });
    d.asBytes().write(bytes);
    d.asBytes().write(bytes.subarray(0, 2 * width), 2);
    expect(() => d.asBytes().write(bytes, 0)).toThrow(expect.objectContaining({ name: "ShapeError" }));
    expect(() => d.asBytes().write([1], 0)).toThrow(expect.objectContaining({ name: "DTypeError" }));
    file.close();
    const expected = bytes.slice();
    expected.copyWithin(4 * width, 0, 2 * width);
    const read = openSync(path);
    expect(read.dataset("d").asBytes().read().data).toEqual(expected);
    read.close();
    const stored = readFileSync(path);
    expect(stored.includes(Buffer.from(expected))).toBe(true);
  });

  it("are refused where they would lead elsewhere", () => {
    const file = openSync(new MemoryStorage(), "w");
    const text = file.createDataset("text", { data: ["a"] });
    const ref = file.createDataset("ref", { data: [file.ref] });
    for (const d of [text, ref])
      expect(() => d.asBytes().write(new Uint8Array(16))).toThrow(
        expect.objectContaining({ name: "UnsupportedError" }),
      );
    file.close();
  });
});

it("a datatype that no object header can hold is refused when it is asked for, and the file goes on", () => {
  const storage = new MemoryStorage();
  const file = openSync(storage, "w");
  const names = Array.from({ length: 8192 }, (_, i) => `member ${i}`);
  const large = dtype.compound(Object.fromEntries(names.map((name) => [name, "f4"])));
  expect(() => file.createDataset("large", { shape: [2], dtype: large })).toThrow(UnsupportedError);
  expect(() => file.commitDatatype("large", large)).toThrow(UnsupportedError);
  file.createDataset("small", { data: values });
  file.close();
  expect(checkSync(storage)).toMatchObject({ faults: [] });
  const again = openSync(storage);
  expect(again.keys()).toEqual(["small"]);
  again.close();
});

it("bytes of other formats go where files do", async () => {
  const path = join(folder, "plain.bin");
  const storage = await openWritable(path);
  await storage.write([{ at: 3, bytes: Uint8Array.of(1, 2) }]);
  await storage.truncate(6);
  await storage.close();
  expect([...readFileSync(path)]).toEqual([0, 0, 0, 1, 2, 0]);
  await expect(openWritable(path, "x")).rejects.toMatchObject({ name: "ExistsError" });
});

it.each([
  ["numbers", dtype.vlen("i4"), (i: number) => Array.from({ length: 30 }, (_, k) => i + k)],
  ["text", dtype.string(), (i: number) => `${i}`.padEnd(120, "x")],
])("sequences in several heap collections are read before they are in the file: %s", (_, type, item) => {
  const storage = new MemoryStorage();
  const file = openSync(storage, "w");
  const data = Array.from({ length: 200 }, (_, i) => item(i));
  const made = file.createDataset("x", { shape: [0], maxShape: [null], chunks: [8], dtype: type });
  made.append(data);
  const found = (dataset: { read(): { toNested(): unknown } }): unknown =>
    JSON.parse(JSON.stringify(dataset.read().toNested()));
  expect(found(made)).toEqual(data);
  file.close();
  expect(found(openSync(storage).dataset("x"))).toEqual(data);
});
