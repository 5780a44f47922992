import * as h5wasm from "h5wasm/node";
import { beforeAll, describe, expect, it } from "vitest";
import {
  checkSync,
  dtype,
  type H5File,
  MemoryStorage,
  open,
  openSync,
  Reference,
  RegionReference,
  type Result,
  slice,
} from "./index.ts";

let FS: NonNullable<typeof h5wasm.FS>;
beforeAll(async () => {
  FS = (await h5wasm.ready).FS;
});

const made = (): { file: H5File<"sync">; storage: MemoryStorage } => {
  const storage = new MemoryStorage();
  return { file: openSync(storage, "w"), storage };
};

/** What libhdf5 reads of datasets of a file that is in order. */
function byLibhdf5(storage: MemoryStorage, paths: readonly string[]): unknown[] {
  expect(checkSync(storage).faults).toEqual([]);
  FS.writeFile("copy.h5", storage.toUint8Array());
  const file = new h5wasm.File("copy.h5", "r");
  try {
    return paths.map((path) => (file.get(path) as h5wasm.Dataset).to_array());
  } finally {
    file.close();
    FS.unlink("copy.h5");
  }
}

const grid = Float64Array.from({ length: 35 }, (_, i) => i / 2);

/** Of everything that is copied in its own way. */
function fill(file: H5File<"sync">): void {
  const group = file.createGroup("g", { trackOrder: true });
  group.createDataset("z", { data: grid, shape: [5, 7], chunks: [2, 3], compression: "gzip", maxShape: [null, 7] });
  group.createDataset("a", { data: grid, shape: [5, 7], fillValue: 9 });
  group.createDataset("small", { data: [1, 2, 3], layout: "compact" });
  group.createDataset("text", { data: ["α", "", "gamma"], chunks: true });
  group.createDataset("rows", { data: { n: [1, 2], s: ["x", "yy"] } });
  group.createDataset("empty", { dtype: "f8" });
  group.createDataset("scalar", { data: 2.5 });
  group.createDataset("late", { shape: [4], dtype: "i4", fillValue: -1 });
  group.createDataset("hollow", { shape: [1000], dtype: "i4", chunks: [10], fillValue: 7 }).write(1, slice(20, 25));
  const type = file.commitDatatype("type", "f4");
  group.createDataset("typed", { data: [1, 2], dtype: type });
  group.createGroup("sub/deep").createDataset("x", { data: 1 });
  group.createHardLink("same", group.dataset("z"));
  group.createHardLink("loop", group);
  group.createSoftLink("soft", "/outside");
  group.createSoftLink("dangling", "/nowhere");
  group.createExternalLink("ext", "other.h5", "/x");
  file.createDataset("outside", { data: [7] });
  group.createDataset("refs", { data: [file.dataset("outside").ref, group.dataset("z").ref, new Reference(null)] });
  group.createDataset("region", { data: [group.dataset("z").regionRef([slice(1, 3), 2])] });
  group.attrs.set("b", "text");
  group.attrs.set("a", [1, 2, 3]);
  group.attrs.set("ref", file.dataset("outside").ref);
  group.attrs.create("typed", 4, { dtype: type });
  group.dataset("z").attrs.set("units", "K");
}

const SAME = ["z", "a", "small", "text", "rows", "scalar", "late", "hollow", "typed", "sub/deep/x"];

function expectSame(copy: ReturnType<H5File<"sync">["group"]>, original: ReturnType<H5File<"sync">["group"]>): void {
  for (const path of SAME) {
    const [one, other] = [copy.dataset(path), original.dataset(path)];
    expect(one.read().toNested()).toEqual(other.read().toNested());
    expect(one.dtype.equals(other.dtype)).toBe(true);
    expect(one).toMatchObject({
      shape: other.shape,
      maxShape: other.maxShape,
      chunks: other.chunks,
      compression: other.compression,
      layout: other.layout,
      fillValue: other.fillValue,
    });
    expect(one.storageSize()).toBe(other.storageSize());
  }
  expect(copy.dataset("empty").info.dataspace.kind).toBe("null");
  expect(copy.keys()).toEqual(original.keys());
  expect(copy.attrs.keys()).toEqual(["b", "a", "ref", "typed"]);
  expect(copy.attrs.get("b")).toBe("text");
  expect(copy.dataset("z").attrs.get("units")).toBe("K");
  expect(copy.dataset("same").info.address).toBe(copy.dataset("z").info.address);
  expect(copy.group("loop").info.address).toBe(copy.info.address);
  expect(copy.getLink("soft")).toMatchObject({ type: "soft", path: "/outside" });
  expect(copy.getLink("ext")).toMatchObject({ type: "external", filename: "other.h5", path: "/x" });
  const { committed } = copy.dataset("typed").info;
  expect(committed).toBeDefined();
  expect(copy.attrs.info("typed")?.committed).toBe(committed);
}

const references = (of: { read(): Result }): Reference[] => of.read().data as unknown as Reference[];

describe("copies within a file", () => {
  it("are of their own, and their references point where those of the original do", () => {
    const { file, storage } = made();
    fill(file);
    file.copy("g", "copies/of/g");
    const [copy, original] = [file.group("copies/of/g"), file.group("g")];
    expectSame(copy, original);
    expect(copy.dataset("z").info.address).not.toBe(original.dataset("z").info.address);
    expect(references(copy.dataset("refs")).map(({ address }) => address)).toEqual(
      references(original.dataset("refs")).map(({ address }) => address),
    );
    const [region] = references(copy.dataset("region"));
    expect(region).toEqual(references(original.dataset("region"))[0]);
    expect(copy.dataset("typed").info.committed).not.toBe(original.dataset("typed").info.committed);
    original.dataset("z").write(0);
    expect(copy.dataset("z").read().toNested()).not.toEqual(original.dataset("z").read().toNested());
    file.close();
    expect(byLibhdf5(storage, ["copies/of/g/a", "copies/of/g/text"])).toEqual([
      byLibhdf5(storage, ["g/a"])[0],
      ["α", "", "gamma"],
    ]);
  });

  it("have another name, or the same in a group", () => {
    const { file } = made();
    file.createDataset("x", { data: 5 });
    file.createGroup("g");
    file.copy("x", file.group("g"));
    file.copy(file.dataset("x"), file.group("g"), { name: "y" });
    expect(file.group("g").keys()).toEqual(["x", "y"]);
    expect(() => file.copy("x", "g/y")).toThrow(expect.objectContaining({ name: "ExistsError" }));
    expect(() => file.copy("nope", "new/z")).toThrow(expect.objectContaining({ name: "NotFoundError" }));
    expect(() => file.copy("/", file.group("g"))).toThrow(expect.objectContaining({ name: "NotFoundError" }));
    expect(file.has("new")).toBe(false);
    file.copy("g", "g/itself");
    expect(file.group("g/itself").keys()).toEqual(["x", "y"]);
  });
});

describe("copies between files", () => {
  it("are the same, with references to nothing", () => {
    const [one, two] = [made(), made()];
    fill(one.file);
    one.file.copy("g", two.file);
    expectSame(two.file.group("g"), one.file.group("g"));
    expect(references(two.file.dataset("g/refs")).map(({ isNull }) => isNull)).toEqual([true, true, true]);
    expect(references(two.file.dataset("g/region"))[0].isNull).toBe(true);
    expect((two.file.group("g").attrs.get("ref") as Reference).isNull).toBe(true);
    two.file.close();
    one.file.close();
    for (const path of ["g/a", "g/text", "g/hollow"])
      expect(byLibhdf5(two.storage, [path])).toEqual(byLibhdf5(one.storage, [path]));
  });

  it("have references to copies, where that is asked for", () => {
    const [one, two] = [made(), made()];
    fill(one.file);
    one.file.copy("g", two.file, { expandRefs: true });
    const [outside, inside, none] = references(two.file.dataset("g/refs"));
    expect(two.file.get(inside)?.info.address).toBe(two.file.dataset("g/z").info.address);
    expect(none.isNull).toBe(true);
    const found = two.file.get(outside);
    expect(found.kind === "dataset" && found.read().toNested()).toEqual([7n]);
    expect(two.file.keys()).toEqual(["g", `~obj_pointed_by_${outside.address}`]);
    const [region] = references(two.file.dataset("g/region")) as RegionReference[];
    expect(region).toBeInstanceOf(RegionReference);
    expect(two.file.dataset("g/z").read(region).toNested()).toEqual([[4.5], [8]]);
    expect((two.file.group("g").attrs.get("ref") as Reference).address).toBe(outside.address);
    two.file.close();
  });

  it("are shallow, without attributes, with links expanded", () => {
    const [one, two] = [made(), made()];
    fill(one.file);
    one.file.copy("g", two.file, { shallow: true, withoutAttrs: true, expandSoft: true, name: "c" });
    const copy = two.file.group("c");
    expect(copy.keys()).toEqual(one.file.group("g").keys());
    expect(copy.group("sub").keys()).toEqual([]);
    expect(copy.attrs.count()).toBe(0);
    expect(copy.dataset("z").attrs.count()).toBe(0);
    expect(copy.getLink("soft")?.type).toBe("hard");
    expect(copy.dataset("soft").read().toNested()).toEqual([7n]);
    expect(copy.getLink("dangling")?.type).toBe("soft");
  });

  it("come from groups of the other file as well as go to them", async () => {
    const from = await open(new MemoryStorage(), "w");
    const to = await open(new MemoryStorage(), "w");
    await from.createDataset("a/x", { data: [1, 2] });
    await to.createDataset("b/y", { data: [3] });
    // Each wants both files.
    await Promise.all([from.copy("a", to), to.copy("b", from), to.copy(await from.dataset("a/x"), "z")]);
    expect(await to.keys()).toEqual(["a", "b", "z"]);
    expect(await from.keys()).toEqual(["a", "b"]);
    await from.close();
    await to.close();
  });

  it("of a file that is read take bounded memory, and leave nothing behind when they fail", () => {
    const { file, storage } = made();
    fill(file);
    file
      .createDataset("wrong", { shape: [4], dtype: "i4", chunks: [2], compression: "gzip" })
      .writeChunk([0], Uint8Array.of(1));
    file.createHardLink("g/wrong", file.dataset("wrong"));
    file
      .createDataset("g/wronger", { data: ["x", "y"], chunks: [1], compression: "gzip" })
      .writeChunk([0], Uint8Array.of(1));
    file.close();
    const from = openSync(storage.toUint8Array());
    const to = made();
    to.file.flush();
    expect(() => from.copy("g", to.file)).toThrow(expect.objectContaining({ name: "FilterError" }));
    expect(to.file.keys()).toEqual([]);
    from.copy("g/z", to.file);
    expect(to.file.dataset("z").read().toNested()).toEqual(from.dataset("g/z").read().toNested());
    expect(() => to.file.copy("z", from)).toThrow(expect.objectContaining({ name: "ClosedError" }));
    to.file.delete("z");
    to.file.close();
    expect(checkSync(to.storage)).toMatchObject({ faults: [], leaks: [] });
  });

  it("keep datatypes of any kind", () => {
    const [one, two] = [made(), made()];
    const types = {
      bool: [true, false],
      fixed: ["ab", "c"],
      enumeration: Uint8Array.of(1, 0),
      sequences: [Int32Array.of(1, 2), new Int32Array(0)],
      complex: [{ real: 1, imag: -1 }],
      big: BigUint64Array.of(2n ** 64n - 1n),
    };
    const dtypes = { fixed: "S3", enumeration: dtype.enum({ A: 0, B: 1 }), sequences: dtype.vlen("i4") } as const;
    for (const [name, data] of Object.entries(types)) {
      const type = name in dtypes ? { dtype: dtypes[name as keyof typeof dtypes] } : {};
      one.file.createDataset(name, { data, ...type });
      one.file.attrs.create(name, data, type);
    }
    one.file.copy("/", two.file, { name: "all" });
    for (const name of Object.keys(types)) {
      const [copy, original] = [two.file.dataset(`all/${name}`), one.file.dataset(name)];
      expect(copy.read()).toEqual(original.read());
      expect(copy.dtype.equals(original.dtype)).toBe(true);
      expect(two.file.group("all").attrs.get(name)).toEqual(one.file.attrs.get(name));
    }
  });
});
