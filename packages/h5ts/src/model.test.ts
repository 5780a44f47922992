import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as h5wasm from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type H5File, open, openSync, Reference, RegionReference, Result, slice } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-model-"));
const path = join(folder, "model.h5");
let file: H5File<"sync">;

/** What libhdf5 writes of everything that the object model shows. */
function write(): void {
  const made = new h5wasm.File(path, "w");
  const grid = made.create_group("grid");
  const values = Int32Array.from({ length: 6 * 7 }, (_, i) => i);
  grid.create_dataset({ name: "z", data: values, shape: [6, 7], chunks: [4, 3], compression: 2 });
  grid.create_dataset({ name: "x", data: Float64Array.of(0, 10, 20, 30, 40, 50, 60) });
  grid.create_dataset({ name: "y", data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  made.create_dataset({ name: "far", data: Float32Array.of(9, 8, 7, 6, 5, 4) });
  const z = made.get("grid/z") as h5wasm.Dataset;
  (made.get("grid/x") as h5wasm.Dataset).make_scale("lon");
  (made.get("far") as h5wasm.Dataset).make_scale();
  z.attach_scale(1, "/grid/x");
  z.attach_scale(0, "/grid/y");
  z.attach_scale(0, "/far");
  z.set_dimension_label(1, "longitude");
  made.create_dataset({ name: "refs", data: [z.create_reference(), grid.create_reference()] });
  made.create_dataset({
    name: "region",
    data: [
      z.create_region_reference([
        [1, 3],
        [2, 6],
      ]),
    ],
  });
  made.create_dataset({ name: "big", data: BigInt64Array.of(1n, -(2n ** 60n)) });
  made.create_dataset({ name: "octets", data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
  made.create_dataset({ name: "fixed", data: ["abc", "def", "ghi"], dtype: "S3" });
  made.create_dataset({ name: "varied", data: ["α", "", "gamma"], dtype: "S" });
  const ordered = made.create_group("ordered", true);
  for (const name of ["z", "a", "m"]) ordered.create_attribute(name, name);
  ordered.create_attribute("big", BigInt64Array.of(2n ** 60n), [], "<q");
  ordered.create_attribute("small", BigInt64Array.of(5n), [], "<q");
  ordered.create_attribute("list", [1, 2, 3], [3], "<i");
  ordered.create_attribute("__proto__", "just a name");
  made.close();
}

beforeAll(async () => {
  await h5wasm.ready;
  write();
  file = openSync(path);
});
afterAll(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

describe("reading", () => {
  const rows = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

  it("all of it, in the result's own memory", () => {
    const z = file.dataset("grid/z", "i4");
    const result = z.read();
    expect(result).toBeInstanceOf(Result);
    expect(result).toMatchObject({ shape: [6, 7], stride: [7, 1] });
    expect([...result.data]).toEqual(rows(0, 42));
    expect(result.data.buffer.byteLength).toBe(6 * 7 * 4);
  });

  it("parts of it", () => {
    const z = file.dataset("grid/z", "i4");
    expect([...z.read(2).data]).toEqual(rows(14, 21));
    expect(z.read([slice(1, 3), 4]).toNested()).toEqual([11, 18]);
    expect(z.read([[5, 0], slice(null, null, 3)]).toNested()).toEqual([
      [35, 38, 41],
      [0, 3, 6],
    ]);
    expect(z.read([-1, -1]).item()).toBe(41);
    expect(() => z.read([6])).toThrow(expect.objectContaining({ name: "SelectionError", path: "/grid/z" }));
  });

  it("into memory of the caller, converted to its type", () => {
    const z = file.dataset("grid/z");
    const target = new Float64Array(10).fill(-1);
    z.readInto(target, [1, slice(0, 7)], { at: 2 });
    expect([...target]).toEqual([-1, -1, 7, 8, 9, 10, 11, 12, 13, -1]);
    expect(() => z.readInto(new Float64Array(3))).toThrow(expect.objectContaining({ name: "ShapeError" }));
    expect(() => z.readInto(["text"])).toThrow(expect.objectContaining({ name: "DTypeError" }));
  });

  it("as another type, as numbers, as bytes", () => {
    expect(
      file
        .dataset("grid/z")
        .asType("f8")
        .read([0, slice(3)]).data,
    ).toEqual(Float64Array.of(0, 1, 2));
    const big = file.dataset("big", "i8");
    expect(big.read().data).toEqual(BigInt64Array.of(1n, -(2n ** 60n)));
    expect(big.asType("number").read([[0]]).data).toEqual(Float64Array.of(1));
    expect(() => big.asType("number").read()).toThrow(expect.objectContaining({ name: "DTypeError", path: "/big" }));
    expect(file.dataset("fixed").asBytes().read()).toMatchObject({ shape: [3, 3] });
    expect(file.dataset("varied").asBytes().read(0).item()).toEqual(new TextEncoder().encode("α"));
    expect(file.dataset("grid/z").asType("f8").dtype.name).toBe("float64");
  });

  it("text", () => {
    expect(file.dataset("fixed", "S3").read().data).toEqual(["abc", "def", "ghi"]);
    expect(file.dataset("varied", "string").read().data).toEqual(["α", "", "gamma"]);
  });

  it("chunk by chunk", () => {
    const z = file.dataset("grid/z", "i4");
    const seen: number[] = [];
    const shapes: (readonly number[])[] = [];
    for (const part of z.iterChunks()) {
      const { data, shape } = z.read(part);
      seen.push(...data);
      shapes.push(shape);
    }
    expect(shapes).toEqual([
      [4, 3],
      [4, 3],
      [4, 1],
      [2, 3],
      [2, 3],
      [2, 1],
    ]);
    expect(seen.sort((a, b) => a - b)).toEqual(rows(0, 42));
  });
});

describe("dimension scales", () => {
  it("have names, labels and coordinates", () => {
    const [y, x] = file.dataset("grid/z").dims;
    expect([y.label(), x.label()]).toEqual(["", "longitude"]);
    expect([y.keys(), x.keys()]).toEqual([["", ""], ["lon"]]);
    expect(y.scales().map((scale) => scale.name)).toEqual(["/grid/y", "/far"]);
    expect(x.scale("lon")?.read().data).toEqual(Float64Array.of(0, 10, 20, 30, 40, 50, 60));
    expect(x.scale(0)?.name).toBe("/grid/x");
    expect(x.scale(1)).toBeUndefined();
    expect(x.scale("lat")).toBeUndefined();
  });

  it("are none of other datasets", () => {
    const [only] = file.dataset("big").dims;
    expect([only.label(), only.scales(), only.keys()]).toEqual(["", [], []]);
  });
});

describe("references", () => {
  it("lead to objects", () => {
    const [z, grid] = file.dataset("refs").read().data as Reference[];
    expect(z).toBeInstanceOf(Reference);
    expect(file.get(z)).toMatchObject({ kind: "dataset", shape: [6, 7] });
    expect(file.get(grid).kind).toBe("group");
    expect(file.pathOf(z)).toBe("/grid/z");
    expect(() => file.get(new Reference(null))).toThrow(expect.objectContaining({ name: "NotFoundError" }));
  });

  it("lead to regions", () => {
    const region = file.dataset("region").read(0).item() as RegionReference;
    expect(region).toBeInstanceOf(RegionReference);
    const dataset = file.get(region);
    if (dataset.kind !== "dataset") throw new Error("no dataset");
    expect([...(dataset.read(region).data as Int32Array)].slice(0, 4)).toEqual([9, 10, 11, 12]);
  });
});

describe("attributes", () => {
  it("come in the order of creation where it is tracked", () => {
    const { attrs } = file.group("ordered");
    const names = ["z", "a", "m", "big", "small", "list", "__proto__"];
    expect(attrs.keys()).toEqual(names);
    expect([...attrs]).toEqual(names);
    expect(attrs.count()).toBe(7);
    expect(attrs.entries().map(([name]) => name)).toEqual(names);
  });

  it("have values: scalars as such, of 64 bits as numbers where exact", () => {
    const { attrs } = file.group("ordered");
    expect(attrs.get("a")).toBe("a");
    expect(attrs.get("big")).toBe(2n ** 60n);
    expect(attrs.get("small")).toBe(5);
    expect(attrs.get("list")).toMatchObject({ data: Int32Array.of(1, 2, 3), shape: [3] });
    expect(attrs.get("none")).toBeUndefined();
    expect(attrs.has("a")).toBe(true);
    expect(attrs.has("none")).toBe(false);
    expect(attrs.info("small")).toMatchObject({ name: "small", dataspace: { kind: "scalar" } });
    expect(attrs.infos().length).toBe(7);
  });

  it("are an object whose names are but names", () => {
    const object = file.group("ordered").attrs.toObject();
    expect(Object.getPrototypeOf(object)).toBeNull();
    expect(Object.keys(object)).toContain("__proto__");
    expect(object.a).toBe("a");
  });
});

it("gives the same in async mode", async () => {
  const later = await open(path);
  const z = await later.dataset("grid/z", "i4");
  expect((await z.read([0, slice(2)])).data).toEqual(Int32Array.of(0, 1));
  expect(await z.dims[1].keys()).toEqual(["lon"]);
  expect(await (await later.group("ordered")).attrs.get("a")).toBe("a");
  const target = new Int32Array(7);
  await z.readInto(target, 5);
  expect(target[6]).toBe(41);
  await later.close();
});

describe("views of the storage", () => {
  const bytes = (): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(path));

  it("share its memory where elements stand there as they are read", () => {
    const memory = bytes();
    using over = openSync(memory);
    const octets = over.dataset("octets", "u1"); // of one byte: at home at any address
    const whole = octets.read("...", { view: true });
    expect(whole).toEqual(octets.read());
    expect(whole.data.buffer).toBe(memory.buffer);
    const row = octets.read(1, { view: true });
    expect(row.data.buffer).toBe(memory.buffer);
    expect([...row.data]).toEqual([4, 5, 6]);
    expect(octets.read([null, 1], { view: true }).data.buffer).not.toBe(memory.buffer);
  });

  it("are copies elsewhere, with the same values", () => {
    using over = openSync(bytes());
    const x = over.dataset("grid/x", "f8");
    const selections = [slice(0, 7, 2), [[3, 1]], slice(3, 3), slice(null, null, -1)];
    for (const selection of selections) {
      const copy = x.read(selection, { view: true });
      expect(copy.data.byteLength).toBe(copy.data.buffer.byteLength);
      expect(copy).toEqual(x.read(selection));
    }
    expect(over.dataset("grid/z").read("...", { view: true })).toEqual(over.dataset("grid/z").read());
    expect(over.dataset("varied").read("...", { view: true })).toEqual(over.dataset("varied").read());
    expect(x.asType("f4").read("...", { view: true }).data).toEqual(Float32Array.of(0, 10, 20, 30, 40, 50, 60));
    expect(file.dataset("grid/x").read("...", { view: true })).toEqual(x.read());
  });
});
