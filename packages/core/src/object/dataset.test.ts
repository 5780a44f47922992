import { describe, expect, it } from "vitest";
import { FakeReader } from "../../test/support/fake-reader.ts";
import { opened, type } from "../../test/support/opened.ts";
import { asAddress } from "../bytes/address.ts";
import type { ChunkInfo, DatasetInfo } from "../contract.ts";
import { Empty } from "../data/empty.ts";
import type { Dataset } from "./dataset.ts";

const index = { kind: "btree-v1", address: null } as const;
const chunked = (chunk: number[]): Partial<DatasetInfo> => ({
  layout: { class: "chunked", chunk, elementSize: 4, edgeUnfiltered: false, index },
});

function dataset(dims: number[], more: Partial<DatasetInfo> = {}, chunks: ChunkInfo[] = []): Dataset<"sync"> {
  const reader = new FakeReader();
  reader.addDataset("/d", type("<f4"), dims, more).chunks = chunks;
  return opened("sync", reader).dataset("d");
}

describe("properties", () => {
  it("of an array", () => {
    expect(dataset([2, 3])).toMatchObject({
      shape: [2, 3],
      ndim: 2,
      size: 6,
      nbytes: 24,
      maxShape: [2, 3],
      layout: "contiguous",
      chunks: undefined,
      external: [],
      isVirtual: false,
    });
    expect(dataset([2, 3]).dtype.name).toBe("float32");
    expect(String(dataset([2, 3]))).toBe('<HDF5 dataset "/d": shape (2, 3), type "<f4">');
    expect(String(dataset([2]))).toBe('<HDF5 dataset "/d": shape (2,), type "<f4">');
  });

  it("of a scalar", () => {
    expect(dataset([])).toMatchObject({ shape: [], ndim: 0, size: 1, nbytes: 4, maxShape: [] });
  });

  it("of a null dataspace", () => {
    const empty = dataset([], { dataspace: { kind: "null", dims: [], maxDims: [] } });
    expect(empty).toMatchObject({ shape: [], size: 0, nbytes: 0 });
    expect(String(empty)).toBe('<HDF5 dataset "/d": shape null, type "<f4">');
  });

  it("of one that grows", () => {
    const space = { kind: "simple", dims: [4, 3], maxDims: [Number.POSITIVE_INFINITY, 3] } as const;
    const growing = dataset([4, 3], { ...chunked([2, 3]), dataspace: space });
    expect(growing).toMatchObject({ maxShape: [null, 3], chunks: [2, 3], layout: "chunked" });
  });

  it("of one in other files", () => {
    const external = [{ name: "raw.bin", offset: 8, size: 24 }];
    expect(dataset([6], { external }).external).toEqual(external);
  });
});

describe("references to regions", () => {
  it("hold the address and what is selected", () => {
    const d = dataset([2, 3]);
    const region = d.regionRef([1, [0, 2]]);
    expect([region.kind, region.address]).toEqual(["region", d.ref.address]);
    expect(region.selection).toEqual({ kind: "blocks", rank: 2, corners: Float64Array.of(1, 0, 1, 0, 1, 2, 1, 2) });
    expect(d.regionRef().selection).toMatchObject({ kind: "hyperslab", block: [2, 3] });
  });

  it("fit the shape", () => {
    expect(() => dataset([2, 3]).regionRef(2)).toThrow(expect.objectContaining({ name: "SelectionError" }));
  });
});

describe("chunks", () => {
  const chunk = (offset: number[], address: number): ChunkInfo => ({
    offset,
    address: asAddress(address),
    size: 16,
    filterMask: 1,
  });
  const stored = [chunk([0, 0], 1000), chunk([2, 4], 2000)];
  const d = dataset([5, 8], chunked([2, 4]), stored);

  it("are listed as stored", () => {
    expect(d.chunkInfo()).toEqual(stored);
  });

  it.each([
    [[0, 0], stored[0]],
    [[1, 3], stored[0]],
    [[3, 7], stored[1]],
    [[4, 0], undefined],
  ])("that of element %j", (element, expected) => {
    expect(d.chunkInfo(element)).toEqual(expected);
  });

  it("give their bytes and filter mask", () => {
    expect(d.readChunk([2, 4])).toEqual({ data: new Uint8Array(16), filterMask: 1 });
  });

  it.each([
    [[3, 4], "SelectionError", /not the first element of a chunk \(found "\[3, 4\]"; allowed: as \[2, 4\]\)/],
    [[4, 4], "NotFoundError", /"\/d": the chunk is not stored/],
    [[6, 0], "SelectionError", /no element has these coordinates/],
    [[0], "SelectionError", /no element/],
    [[-1, 0], "SelectionError", /no element/],
    [[0.5, 0], "SelectionError", /no element/],
  ])("readChunk(%j) fails", (offset, name, message) => {
    expect(() => d.readChunk(offset)).toThrow(expect.objectContaining({ name }));
    expect(() => d.readChunk(offset)).toThrow(message);
  });

  it("are none of a contiguous dataset", () => {
    expect(() => dataset([4]).chunkInfo()).toThrow(/has no chunks \(found "contiguous"/);
    expect(() => dataset([4]).chunkInfo([0])).toThrow(/has no chunks/);
    expect(() => dataset([4]).readChunk([0])).toThrow(/has no chunks/);
  });
});

describe("storage", () => {
  it("has a size", () => {
    expect(dataset([2, 3]).storageSize()).toBe(24);
  });

  it("of a virtual dataset is in its sources", () => {
    const reader = new FakeReader();
    const all = { kind: "all" } as const;
    const mappings = [{ file: ".", dataset: "/x", source: all, destination: all }];
    reader.addDataset("/v", type("f4"), [3], { layout: { class: "virtual", heap: null, index: 0 } }).mappings =
      mappings;
    const virtual = opened("sync", reader).dataset("v");
    expect(virtual.isVirtual).toBe(true);
    expect(virtual.virtualSources()).toEqual(mappings);
    expect(() => dataset([2]).virtualSources()).toThrow(/"\/d": is not virtual \(found "contiguous"\)/);
  });
});

describe("reading", () => {
  it("of a null dataspace gives an empty result of its type", () => {
    const empty = dataset([], { dataspace: { kind: "null", dims: [], maxDims: [] } });
    const result = empty.read();
    expect(result).toBeInstanceOf(Empty);
    expect(result).toMatchObject({ data: new Float32Array(0), shape: [], size: 0 });
    expect(empty.read("...")).toBeInstanceOf(Empty);
    expect(() => empty.read(0)).toThrow(/"\/d": selects elements of a null dataspace/);
    expect(empty.fillValue).toBe(0);
  });

  it("keeps to the limits, before it allocates", () => {
    const huge = dataset([2 ** 40]);
    expect(() => huge.read()).toThrow(expect.objectContaining({ name: "LimitError", path: "/d" }));
    expect(huge.read(1000).shape).toEqual([]);
  });

  it("after refresh sees what the file has become", () => {
    const reader = new FakeReader();
    const entry = reader.addDataset("/d", type("<f4"), [2]);
    const grown = opened("sync", reader).dataset("d");
    const space = { kind: "simple", dims: [5], maxDims: [5] } as const;
    entry.info = { ...(entry.info as DatasetInfo), dataspace: space };
    entry.data = new Uint8Array(20);
    expect(grown.shape).toEqual([2]);
    grown.refresh();
    expect(reader.refreshed).toEqual([grown.info.address]);
    expect(grown.shape).toEqual([5]);
    expect(grown.read().data).toEqual(new Float32Array(5));
  });
});

describe("fill values", () => {
  const filled = (name: string, value?: Uint8Array): unknown => {
    const reader = new FakeReader();
    const fill = { defined: value ? "user" : "default", value, allocTime: "late", writeTime: "ifset" } as const;
    reader.addDataset("/d", type(name), [2], { fill });
    return opened("sync", reader).dataset("d").fillValue;
  };

  it.each([
    ["<i4", undefined, 0],
    ["<i4", Uint8Array.of(1, 2, 0, 0), 513],
    [">i4", Uint8Array.of(0, 0, 2, 1), 513],
    ["<i8", Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0), 7n],
    ["S3", Uint8Array.of(97, 98, 0), "ab"],
    ["bool", Uint8Array.of(1), true],
  ])("of %s, from %s, is %s", (name, value, expected) => {
    expect(filled(name, value)).toEqual(expected);
  });

  it("of variable length stand elsewhere", () => {
    expect(filled("string", Uint8Array.of(5, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0))).toBeUndefined();
    expect(filled("string")).toBe("");
  });
});
