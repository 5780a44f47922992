import { describe, expect, it } from "vitest";
import { FakeReader } from "../../test/support/fake-reader.ts";
import { opened, type } from "../../test/support/opened.ts";
import { asAddress } from "../bytes/address.ts";
import type { ChunkInfo, DatasetInfo } from "../contract.ts";
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
