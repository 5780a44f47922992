import * as h5wasm from "h5wasm/node";
import { beforeAll, describe, expect, it } from "vitest";
import {
  checkSync,
  type Dataset,
  dtype,
  Empty,
  type H5File,
  loadFilters,
  MemoryStorage,
  open,
  openSync,
  Result,
  slice,
} from "./index.ts";

let FS: NonNullable<typeof h5wasm.FS>;
beforeAll(async () => {
  FS = (await h5wasm.ready).FS;
  await loadFilters();
});

/** Makes a file; gives what libhdf5 says of it, if the file is in order. */
function written<T>(fill: (file: H5File<"sync">) => void, look: (file: h5wasm.File) => T, libver?: "latest"): T {
  const storage = new MemoryStorage();
  const file = openSync(storage, "w", { libver });
  fill(file);
  file.close();
  expect(checkSync(storage).faults).toEqual([]);
  FS.writeFile("objects.h5", storage.toUint8Array());
  const opened = new h5wasm.File("objects.h5", "r");
  try {
    return look(opened);
  } finally {
    opened.close();
    FS.unlink("objects.h5");
  }
}

const made = (libver?: "latest"): H5File<"sync"> => openSync(new MemoryStorage(), "w", { libver });
const fails = (name: string, reason?: string): unknown =>
  expect.objectContaining({ name, ...(reason === undefined ? {} : { reason: expect.stringContaining(reason) }) });

describe("names", () => {
  it("are given once", () => {
    const file = made();
    file.createDataset("a/x", { data: 1 });
    for (const again of [
      () => file.createGroup("a"),
      () => file.createGroup("a/x"),
      () => file.createDataset("/a/x", { data: 2 }),
      () => file.createSoftLink("a/x", "/y"),
      () => file.createExternalLink("a/x", "f.h5", "/y"),
      () => file.createHardLink("a", file),
      () => file.commitDatatype("a", "f4"),
      () => file.move("a", "a/x"),
      () => file.createGroup("/"),
      () => file.createGroup("."),
    ]) {
      expect(again).toThrow(fails("ExistsError"));
    }
    expect(() => file.createGroup("a/x/y")).toThrow(fails("NotFoundError", "is no group"));
    expect(file.dataset("a/x").read().item()).toBe(1n);
    expect(file.group("a").keys()).toEqual(["x"]);
  });

  it("of things that failed are free, and so are those on the way", () => {
    const file = made();
    expect(() => file.createDataset("p/q/x", { data: ["text"], dtype: "f4" })).toThrow(fails("DTypeError"));
    expect(() => file.createDataset("p/q/x", { data: [1], chunks: [5] })).toThrow(fails("ShapeError"));
    expect(() => file.createDataset("p/q/x", { data: [1], compression: "nope" })).toThrow(fails("UnsupportedError"));
    expect(() => file.createDataset("p/q/x", {})).toThrow(fails("ShapeError", "one of data, shape and dtype"));
    expect(() => file.createGroup("p/q/x", { trackOrder: true })).not.toThrow();
    expect(file.group("p/q").keys()).toEqual(["x"]);
    file.delete("p");
    expect(file.keys()).toEqual([]);
  });

  it("may be anything without a slash", () => {
    const names = ["ä", "日本", "__proto__", " ", "a.b", "..", "x".repeat(300)];
    const keys = written(
      (file) => names.forEach((name) => void file.createGroup(name)),
      (file) => file.keys(),
    );
    expect(keys.sort()).toEqual([...names].sort());
  });
});

describe("links", () => {
  it("lead where they were made to, and count", () => {
    const file = made();
    const x = file.createDataset("x", { data: 1 });
    file.createHardLink("g/y", x);
    file.createSoftLink("s", "g/y");
    expect(x.info.referenceCount).toBe(2);
    expect(file.dataset("s").info.address).toBe(x.info.address);
    file.delete("x");
    expect(x.info.referenceCount).toBe(1);
    expect(x.read().item()).toBe(1n);
    file.delete("g/y");
    expect(() => x.read()).toThrow(fails("NotFoundError", "was deleted"));
    expect(() => x.attrs.set("a", 1)).toThrow(fails("NotFoundError", "was deleted"));
    expect(file.get("s")).toBeUndefined();
    expect(file.getLink("s")).toMatchObject({ path: "g/y" });
    expect(() => file.delete("x")).toThrow(fails("NotFoundError"));
    expect(() => file.move("x", "z")).toThrow(fails("NotFoundError"));
    expect(() => made().createHardLink("x", file.group("g"))).toThrow(fails("UnsupportedError", "another file"));
  });

  it("of deleted objects are not mixed up with what takes their place", () => {
    const file = made();
    const old = file.createDataset("x", { data: [1, 2, 3] });
    const address = old.info.address;
    file.delete("x");
    let again: Dataset<"sync"> | undefined;
    for (let i = 0; i < 20 && again?.info.address !== address; i++) again = file.createDataset(`n${i}`, { data: [i] });
    expect(() => old.write(7)).toThrow(fails("NotFoundError", "was deleted"));
    expect(again?.read().toNested()).not.toContain(7n);
  });

  it("are moved, with what hangs on them, but not into themselves", () => {
    const file = made();
    file.createGroup("a/b").createDataset("x", { data: 4 });
    file.move("a", "c/d");
    expect(file.dataset("c/d/b/x").read().item()).toBe(4n);
    expect(file.has("a")).toBe(false);
    file.move("c/d", "c/d");
    expect(() => file.move("c", "c/d/e")).toThrow(fails("ExistsError", "into itself"));
    file.group("c").move("d/b", "/b");
    expect(file.keys()).toEqual(["b", "c"]);
  });

  it("need not lead to new objects", () => {
    const storage = new MemoryStorage();
    const file = openSync(storage, "w");
    const kept = file.createDataset(null, { data: [1, 2] });
    file.createGroup(null);
    file.createDataset(null, { data: new Float64Array(1000) });
    expect(kept.name).toBeUndefined();
    file.createHardLink("kept", kept);
    file.close();
    expect(checkSync(storage)).toMatchObject({ faults: [], counts: { datasets: 1, groups: 1 } });
  });
});

describe("objects that are required", () => {
  it("are made once", () => {
    const file = made();
    const group = file.requireGroup("a/b");
    expect(file.requireGroup("a/b").info.address).toBe(group.info.address);
    expect(file.requireGroup("/").name).toBe("/");
    const x = file.requireDataset("a/x", { shape: [3], dtype: "i4" });
    expect(file.requireDataset("a/x", { shape: [3], dtype: "i2" }).info.address).toBe(x.info.address);
    expect(() => file.requireGroup("a/x")).toThrow(fails("ExistsError"));
    expect(() => file.requireDataset("a/b", { shape: [3], dtype: "i4" })).toThrow(fails("ExistsError"));
    expect(() => file.requireDataset("a/x", { shape: [4], dtype: "i4" })).toThrow(fails("ShapeError"));
    expect(() => file.requireDataset("a/x", { shape: [3], dtype: "f8" })).toThrow(fails("DTypeError", "safely"));
    expect(() => file.requireDataset("a/x", { shape: [3], dtype: "i2", exact: true })).toThrow(fails("DTypeError"));
    file.createSoftLink("dangling", "/nowhere");
    expect(() => file.requireGroup("dangling")).toThrow(fails("ExistsError", "leads nowhere"));
  });
});

describe("datasets", () => {
  it("have data of every kind", () => {
    const cases: [data: unknown, options: object, value: unknown][] = [
      [Float32Array.of(1.5, 2), {}, [1.5, 2]],
      [[1, 2], { dtype: "u1" }, [1, 2]],
      [5, {}, 5n],
      [1.5, {}, 1.5],
      [
        [
          [1, 2],
          [3, 4],
        ],
        {},
        [
          [1n, 2n],
          [3n, 4n],
        ],
      ],
      [
        Int16Array.of(1, 2, 3, 4),
        { shape: [2, 2] },
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [
        { data: Int8Array.of(1, 2, 3, 4), shape: [2, 2] },
        {},
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [
        2,
        { shape: [2, 2], dtype: "f8" },
        [
          [2, 2],
          [2, 2],
        ],
      ],
      [["a", "bé"], {}, ["a", "bé"]],
      [["a", "b"], { dtype: "S3" }, ["a", "b"]],
      [[], { dtype: "f4" }, []],
    ];
    const file = made();
    cases.forEach(([data, options, value], i) => {
      expect(
        file
          .createDataset(`d${i}`, { data, ...options })
          .read()
          .toNested(),
      ).toEqual(value);
    });
  });

  it("are empty, or full of the fill value", () => {
    const file = made();
    expect(file.createDataset("empty", { dtype: "f8" }).read()).toBeInstanceOf(Empty);
    expect(file.createDataset("null", { shape: null }).dtype.name).toBe("float32");
    expect(file.createDataset("given", { data: file.dataset("empty").read() }).info.dataspace.kind).toBe("null");
    expect(file.createDataset("zeros", { shape: 3 }).read().toNested()).toEqual([0, 0, 0]);
    const filled = file.createDataset("filled", { shape: [2, 2], dtype: "i2", fillValue: -1 });
    expect(filled.read().toNested()).toEqual([
      [-1, -1],
      [-1, -1],
    ]);
    expect(filled.fillValue).toBe(-1);
    const text = file.createDataset("text", { shape: [2], dtype: "string", fillValue: "none", chunks: [1] });
    expect(text.read().toNested()).toEqual(["none", "none"]);
    expect(text.readFillValue()).toBe("none");
    expect(() => file.dataset("empty").write(1)).toThrow(fails("ShapeError"));
    expect(() => file.createDataset("x", { shape: null, compression: "gzip" })).toThrow(fails("ShapeError"));
    expect(() => file.createDataset("x", { shape: [], maxShape: [null] })).toThrow(fails("ShapeError"));
    expect(() => file.createDataset("x", { data: 1, shape: null })).toThrow(fails("ShapeError"));
  });

  it("are written by any selection", () => {
    const file = made();
    const d = file.createDataset("d", { shape: [4, 5], dtype: "i4", chunks: [2, 2] });
    d.write(1);
    d.write([9, 8, 7, 6, 5], 0);
    d.write(3, [null, 2]);
    d.write([[0], [1]], [[1, 3], slice(0, 2)]);
    const mask = Array.from({ length: 20 }, (_, i) => i === 19);
    d.write(-1, { data: mask, shape: [4, 5] });
    d.write(-2, d.regionRef([2, slice(3, 5)]));
    expect(d.read().toNested()).toEqual([
      [9, 8, 3, 6, 5],
      [0, 0, 3, 1, 1],
      [1, 1, 3, -2, -2],
      [1, 1, 3, 1, -1],
    ]);
    expect(() => d.write([1, 2, 3])).toThrow(fails("ShapeError"));
    expect(() => d.write(2 ** 40)).toThrow(fails("DTypeError"));
    expect(() => d.write("x")).toThrow(fails("DTypeError"));
    expect(() => d.write(0, 4)).toThrow(fails("SelectionError"));
    expect(() => d.asType("f8").write(1)).toThrow(fails("UnsupportedError"));
  });

  it("have members that are written alone", () => {
    const values = written(
      (file) => {
        const row = dtype.compound({ x: "i4", label: "S1", y: "f4" });
        const rows = file.createDataset("rows", {
          data: { x: [1, 2, 3], label: ["a", "b", "c"], y: [0.5, 1.5, 2.5] },
          dtype: row,
        });
        rows.fields("label").write(["q", "r"], slice(0, 2));
        rows.fields(["x", "y"]).write({ x: [7, 8, 9], y: 0 });
      },
      (file) => (file.get("rows") as h5wasm.Dataset).to_array(),
    );
    expect(values).toEqual([
      [7, "q", 0],
      [8, "r", 0],
      [9, "c", 0],
    ]);
  });

  it("have members that are written alone, in every layout", () => {
    const row = dtype.compound({ x: "i4", label: "string", y: "f4", list: dtype.vlen("u1") });
    const data = {
      x: [1, 2, 3],
      label: ["a", "b", "c"],
      y: [0.5, 1.5, 2.5],
      list: [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)],
    };
    const storage = new MemoryStorage();
    const file = openSync(storage, "w");
    for (const options of [{}, { layout: "compact" as const }, { chunks: [2] }, { chunks: [2], compression: "gzip" }]) {
      const rows = file.createDataset(`d${JSON.stringify(options)}`, { data, dtype: row, ...options });
      rows.fields("label").write(["q", "r"], slice(0, 2));
      rows.fields(["x", "y"]).write({ x: [7, 8, 9], y: 0 });
      rows.fields("list").write([[9, 9]], 2);
      expect(rows.read().toNested()).toEqual([
        { x: 7, label: "q", y: 0, list: [1] },
        { x: 8, label: "r", y: 0, list: [] },
        { x: 9, label: "c", y: 0, list: [9, 9] },
      ]);
    }
    file.close();
    expect(checkSync(storage).faults).toEqual([]);
  });

  it("grow, shrink, and forget what was cut off", () => {
    const file = made();
    const d = file.createDataset("d", {
      data: [
        [1, 2],
        [3, 4],
      ],
      dtype: "i4",
      maxShape: [null, 4],
      fillValue: -1,
    });
    const other = file.dataset("d");
    expect(
      d.append([
        [5, 6],
        [7, 8],
      ]),
    ).toBe(4);
    expect(d.append([9, 10])).toBe(5);
    expect(other.shape).toEqual([5, 2]);
    expect(d.append([1, 2, 3, 4, 5], 1)).toBe(3);
    expect(d.read([4]).toNested()).toEqual([9, 10, 5]);
    d.resize([1, 1]);
    d.resize(3, 0);
    d.resize(2, -1);
    expect(other.read().toNested()).toEqual([
      [1, -1],
      [-1, -1],
      [-1, -1],
    ]);
    expect(() => d.resize([1, 5])).toThrow(fails("ShapeError"));
    expect(() => d.append([1, 2, 3])).toThrow(fails("ShapeError"));
    expect(() => d.append([[1, 1, 1]], 1)).toThrow(fails("ShapeError"));
    expect(() => d.append(["x", "y"])).toThrow(fails("DTypeError"));
    expect(d.shape).toEqual([3, 2]);
    expect(() => file.createDataset("fixed", { data: [1] }).append([2])).toThrow(fails("UnsupportedError"));
    const many = file.createDataset("many", { shape: [0], dtype: "f4", maxShape: true });
    expect(many.appendAll([[1, 2], Float32Array.of(3), [4]])).toBe(4);
    expect(many.appendAll([])).toBe(4);
    expect(many.read().toNested()).toEqual([1, 2, 3, 4]);
  });

  it("have chunks that are stored as they are", () => {
    const file = made();
    const d = file.createDataset("d", { shape: [4], dtype: "u1", chunks: [2], compression: "gzip" });
    d.writeChunk([2], Uint8Array.of(5, 6), 1);
    expect(d.read().toNested()).toEqual([0, 0, 5, 6]);
    expect(d.readChunk([2])).toEqual({ data: Uint8Array.of(5, 6), filterMask: 1 });
    expect(() => d.writeChunk([1], Uint8Array.of(1))).toThrow(fails("SelectionError"));
    const source = file.createDataset("s", { data: [1, 2, 3, 4], dtype: "u1", chunks: [2], compression: "gzip" });
    for (const { offset } of source.chunkInfo()) d.writeChunk(offset, source.readChunk(offset).data);
    expect(d.read().toNested()).toEqual([1, 2, 3, 4]);
  });

  it("are like others", () => {
    const file = made();
    const given = { shape: [10, 4], dtype: ">i2", maxShape: [null, 4], chunks: [5, 2], fillValue: 3 } as const;
    const one = file.createDataset("one", { ...given, shuffle: true, compression: "lzf", fletcher32: true });
    const like = made().createDatasetLike("like", one);
    expect(like).toMatchObject({ shape: [10, 4], maxShape: [null, 4], chunks: [5, 2], fillValue: 3 });
    expect(like.dtype.equals(one.dtype)).toBe(true);
    expect(like.filters).toEqual(one.filters);
    const other = file.createDatasetLike("other", one, { dtype: "f8", compression: "gzip", chunks: [10, 4] });
    expect(other).toMatchObject({ compression: "gzip", compressionOpts: 4, shuffle: false, chunks: [10, 4] });
    const scaled = file.createDataset("scaled", { shape: [8], dtype: "i4", scaleOffset: 5 });
    const rescaled = file.createDatasetLike("rescaled", scaled, { dtype: "i8" });
    expect(rescaled).toMatchObject({ scaleOffset: 5 });
    expect(rescaled.filters[0].clientData[4]).toBe(8);
  });

  it("have the filters that are asked for", () => {
    const data = Int32Array.from({ length: 100 }, (_, i) => i);
    const value = written(
      (file) => {
        file.createDataset("d", { data, filters: ["shuffle", { filter: "gzip", options: 9 }, { filter: 3 }] });
        const d = file.dataset("d");
        expect(d.filters.map(({ id, optional, clientData }) => [id, optional, clientData])).toEqual([
          [2, true, [4]],
          [1, true, [9]],
          [3, false, []],
        ]);
        const zstd = file.createDataset("z", { data, compression: "zstd", compressionOpts: { level: 7 } });
        expect(zstd.filters[0]).toMatchObject({ id: 32015, clientData: [7] });
        const raw = file.createDataset("r", { data, compression: 32015, compressionOpts: [3] });
        expect(raw.filters[0].clientData).toEqual([3]);
        for (const wrong of [
          { filters: ["gzip"], shuffle: true },
          { compression: "gzip", compressionOpts: 10 },
          { compression: 5, compressionOpts: 5 },
          { scaleOffset: 2, fletcher32: true },
          { compressionOpts: 3 },
        ]) {
          expect(() => file.createDataset("w", { data, ...wrong })).toThrow(fails("FilterError"));
        }
        expect(() => file.createDataset("w", { data, compression: 32099 })).toThrow(fails("UnsupportedError"));
        file.createDataset("unknown", { shape: [4], dtype: "u1", compression: 32099, allowUnknownFilter: true });
      },
      (file) => (file.get("d") as h5wasm.Dataset).value,
    );
    expect(value).toEqual(data);
  });

  it("share committed datatypes", () => {
    const file = made();
    const type = file.commitDatatype("types/row", dtype.compound({ x: "f8", n: "i4" }));
    const d = file.createDataset("d", { data: [{ x: 1, n: 2 }], dtype: type });
    d.attrs.create("a", { x: 3, n: 4 }, { dtype: type });
    expect(d.info.committed).toBe(type.info.address);
    expect(d.attrs.get("a")).toEqual({ x: 3, n: 4 });
    expect(() => made().createDataset("d", { shape: [1], dtype: type })).toThrow(fails("DTypeError", "another file"));
  });
});

describe("attributes", () => {
  it("have values of every kind, as libhdf5 reads them", () => {
    const attributes = written(
      (file) => {
        file.attrs.set("text", "grüße");
        file.attrs.set("number", 5);
        file.attrs.set("float", 0.5);
        file.attrs.set("list", [1, 2, 3]);
        file.attrs.set("texts", ["a", "b"]);
        file.attrs.set("array", Float32Array.of(1, 2));
        file.attrs.create("fixed", "abc", { dtype: "S5" });
        file.attrs.create("shaped", [1, 2, 3, 4], { shape: [2, 2], dtype: "i2" });
        file.attrs.set("flag", true);
        file.attrs.set("number", 6);
        file.attrs.modify("array", [7, 8]);
        file.attrs.modify("new", 1);
        file.attrs.delete("list");
        expect(() => file.attrs.delete("list")).toThrow(fails("NotFoundError"));
        expect(() => file.attrs.modify("array", [1, 2, 3])).toThrow(fails("ShapeError"));
        expect(() => file.attrs.set("", 1)).toThrow(fails("NotFoundError"));
        expect(file.attrs.get("flag")).toBe(true);
        expect(file.attrs.info("array")?.datatype).toMatchObject({ class: "float", size: 4 });
      },
      (file) => Object.entries(file.attrs).map(([name, { value, shape }]) => [name, value, shape]),
    );
    expect(Object.fromEntries(attributes.map(([name, ...rest]) => [name, rest]))).toMatchObject({
      text: ["grüße", []],
      number: [6n, []],
      float: [0.5, []],
      texts: [["a", "b"], [2]],
      array: [Float32Array.of(7, 8), [2]],
      fixed: ["abc", []],
      shaped: [Int16Array.of(1, 2, 3, 4), [2, 2]],
      new: [1n, []],
    });
  });

  it("keep empty values and references, and their order where it is tracked", () => {
    const file = made();
    const group = file.createGroup("g", { trackOrder: true });
    for (const name of ["z", "a", "m"]) group.attrs.set(name, name);
    expect(group.attrs.keys()).toEqual(["z", "a", "m"]);
    group.attrs.set("ref", group.ref);
    group.attrs.set("empty", file.createDataset("e", { dtype: "f4" }).read());
    expect(group.attrs.get("empty")).toBeInstanceOf(Empty);
    expect(file.get(group.attrs.get("ref") as never)).toMatchObject({ kind: "group" });
    expect(() => group.attrs.modify("empty", 1)).toThrow(fails("ShapeError"));
    expect(group.info.attributeStorage).toBe("compact");
  });
});

describe("dimension scales", () => {
  it("are attached, named and labelled, and detached again", () => {
    const file = made();
    const z = file.createDataset("z", { shape: [2, 3] });
    const [x, y] = [file.createDataset("x", { data: [1, 2, 3] }), file.createDataset("y", { data: [1, 2] })];
    x.makeScale("lon");
    z.dims[1].attachScale(x);
    z.dims[1].attachScale(x);
    z.dims[1].attachScale(y);
    z.dims[0].attachScale(y);
    z.dims[1].setLabel("longitude");
    z.dims[0].setLabel("breite °");
    expect(z.dims[1].keys()).toEqual(["lon", ""]);
    expect(z.dims[0].label()).toBe("breite °");
    expect(z.dims[1].scale("lon")?.name).toBe("/x");
    expect((y.attrs.get("REFERENCE_LIST") as Result<{ dimension: Uint32Array }>).data.dimension).toEqual(
      Uint32Array.of(1, 0),
    );
    expect(() => z.dims[0].detachScale(x)).toThrow(fails("NotFoundError"));
    expect(() => z.dims[0].attachScale(z)).toThrow(fails("ExistsError"));
    expect(() => x.dims[0].attachScale(y)).toThrow(fails("UnsupportedError"));
    expect(() => z.makeScale()).toThrow(fails("UnsupportedError"));
    z.dims[0].detachScale(y);
    z.dims[1].detachScale(y);
    expect(y.attrs.keys()).toEqual(["CLASS"]);
    z.dims[1].detachScale(x);
    expect(z.attrs.keys()).toEqual(["DIMENSION_LABELS"]);
  });

  it("are libhdf5's", () => {
    const found = written(
      (file) => {
        const z = file.createDataset("z", { shape: [2, 3] });
        file.createDataset("x", { data: [1, 2, 3] }).makeScale("lon");
        z.dims[1].attachScale(file.dataset("x"));
        z.dims[1].setLabel("l");
      },
      (file) => {
        const z = file.get("z") as h5wasm.Dataset;
        return [z.get_attached_scales(1), z.get_dimension_labels(), (file.get("x") as h5wasm.Dataset).get_scale_name()];
      },
    );
    expect(found).toEqual([["/x"], [null, "l"], "lon"]);
  });
});

describe("files", () => {
  it("have their own options", () => {
    const storage = new MemoryStorage();
    const file = openSync(storage, "w", { libver: "latest", userblockSize: 512, trackOrder: true });
    for (const name of ["b", "a"]) file.createGroup(name);
    expect(file.keys()).toEqual(["b", "a"]);
    expect(file).toMatchObject({ mode: "r+", userblockSize: 512, libver: ["latest", "v200"] });
    expect(String(file)).toContain("(mode r+)");
    file.close();
    const again = openSync(storage, "a");
    expect(again.keys()).toEqual(["b", "a"]);
    again.createGroup("c");
    again.close();
    expect(() => openSync(storage, "x")).toThrow();
    expect(() => openSync(new MemoryStorage(), "r+")).toThrow(fails("FormatError"));
    expect(() => openSync(storage, "rw" as "r")).toThrow(fails("UnsupportedError"));
    expect(openSync(storage, "w").keys()).toEqual([]);
  });

  it("show changes that were not flushed, and keep those that were", () => {
    const storage = new MemoryStorage();
    const file = openSync(storage, "w");
    file.createGroup("a");
    file.flush();
    const before = storage.toUint8Array().slice();
    file.createGroup("b");
    expect(file.keys()).toEqual(["a", "b"]);
    expect(openSync(before).keys()).toEqual(["a"]);
    file.dataset;
    file.close();
    expect(() => file.createGroup("c")).toThrow(fails("ClosedError", "closed"));
    expect(openSync(storage.toUint8Array()).keys()).toEqual(["a", "b"]);
  });

  it("may be changed while they are visited", async () => {
    const file = await open(new MemoryStorage(), "w");
    for (const name of ["a", "b", "c"]) await file.createDataset(name, { data: 1 });
    await file.visitItems(async (path, object) => {
      await object.attrs.set("path", path);
    });
    expect(await (await file.dataset("b")).attrs.get("path")).toBe("b");
    const later = await file.createDataset("later", { shape: [0], dtype: "i4", maxShape: [null] });
    const batches = async function* (): AsyncGenerator<number[]> {
      for (let i = 0; i < 3; i++) yield [i, (await file.keys()).length];
    };
    expect(await later.appendAll(batches())).toBe(6);
    expect((await later.read()).toNested()).toEqual([0, 4, 1, 4, 2, 4]);
    await file.close();
  });

  it("let waiting calls be given up", async () => {
    const file = await open(new MemoryStorage(), "w");
    const stop = new AbortController();
    const first = file.createDataset("a", { data: new Float64Array(10_000) });
    const second = file.createGroup("b", { signal: stop.signal });
    const third = file.createGroup("c");
    stop.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    await Promise.all([first, third]);
    expect(await file.keys()).toEqual(["a", "c"]);
    await file.close();
  });
});

it("types follow from datatypes and data", () => {
  const file = made();
  const floats: Float32Array = file.createDataset("a", { shape: [1], dtype: "f4" }).read().data;
  const bytes: Uint8Array = file.createDataset("b", { data: new Uint8ClampedArray(2) }).read().data;
  expect(floats).toBeInstanceOf(Float32Array);
  expect(bytes).toBeInstanceOf(Uint8Array);
  expect(file.createDataset("c", { data: [1] }).read()).toBeInstanceOf(Result);
});
