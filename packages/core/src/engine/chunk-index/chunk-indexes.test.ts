import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readerFilters } from "@h5ts/filters";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectionIn } from "../../../test/support/arbitrary-selections.ts";
import { axes, ByteSink, everything, selectedElements } from "../../../test/support/byte-sink.ts";
import { Disk, SlowDisk } from "../../../test/support/disk.ts";
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { LinkPolicy } from "../../steps/link-policy.ts";
import { runAsync } from "../../steps/run-async.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { Storage } from "../../steps/storage.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { type FileReader, type FileReaderOptions, openReader } from "../file-reader.ts";

const GENERATIONS = ["earliest", "v110", "v200"] as const;
const unpacked = new Map(
  GENERATIONS.map((name) => {
    const packed = readFileSync(new URL(`../../../test/fixtures/chunk-indexes_${name}.h5.gz`, import.meta.url));
    return [name, new Uint8Array(gunzipSync(packed))];
  }),
);

const noLinks: LinkPolicy = {
  *storage() {
    return undefined;
  },
  within: () => noLinks,
};

function open(storage: Storage, options: Partial<FileReaderOptions> = {}): FileReader {
  return runSync(openReader(storage, { filters: readerFilters, links: noLinks, ...options }));
}

function dataset(file: FileReader, name: string): DatasetInfo {
  const found = runSync(file.resolve(file.info.root, name));
  const info = runSync(file.object(found!.address));
  if (info.kind !== "dataset") throw new Error(`${name} is a ${info.kind}`);
  return info;
}

/** Names of all datasets of a file. */
const names = (file: FileReader): string[] => runSync(file.links(file.info.root, "name")).map((link) => link.name);

/** Whether an element was written, by what the script that made the file notes beside it. */
function writtenIn(file: FileReader, info: DatasetInfo): (element: number) => boolean {
  const { data, datatype } = runSync(file.attribute(info.address, "written"))!;
  if (datatype.class === "integer") {
    const [rows, columns] = new BigInt64Array(data.slice().buffer).map(BigInt);
    const width = BigInt(info.dataspace.dims[1]);
    return (element) => BigInt(element) / width < rows && BigInt(element) % width < columns;
  }
  if (info.layout.class !== "chunked" || !runSync(file.chunks(info)).length) return () => true;
  const [chunk] = info.layout.chunk;
  const isSparse = info.dataspace.dims[0] / chunk > 2 * runSync(file.chunks(info)).length;
  return isSparse ? (element) => [0, 1, 5].includes(Math.floor(element / chunk) % 1013) : () => true;
}

function expected(info: DatasetInfo, written: (element: number) => boolean, selection: Selection): Uint8Array {
  const { size } = info.datatype;
  const elements = selectedElements(selection, info.dataspace.dims);
  const out = new Uint8Array(elements.length * size);
  const view = new DataView(out.buffer);
  elements.forEach((element, i) => {
    const value = written(element) ? element + 1 : -1;
    if (size === 2) view.setInt16(i * 2, value, true);
    else if (size === 4) view.setInt32(i * 4, value, true);
    else view.setBigInt64(i * 8, BigInt(value), true);
  });
  return out;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe.each(GENERATIONS)("datasets of generation %s", (generation) => {
  const bytes = unpacked.get(generation)!;

  it("cover every index that it has", () => {
    const file = open(new MemoryStorage(bytes));
    const kinds = new Set(
      names(file).map((name) => {
        const { layout } = dataset(file, name);
        return layout.class === "chunked" ? layout.index.kind : layout.class;
      }),
    );
    const modern = ["single", "implicit", "fixed-array", "extensible-array", "btree-v2"];
    // Unfiltered edges need the later layouts, and those their indexes.
    const indexes = generation === "earliest" ? ["btree-v1", "btree-v2", "extensible-array", "fixed-array"] : modern;
    expect([...kinds].sort()).toEqual([...indexes, "compact", "contiguous"].sort());
  });

  it("are read whole, from memory, from a disk and by a copying sink", () => {
    const memory = open(new MemoryStorage(bytes));
    const disk = open(new Disk(bytes, { gap: 500 }));
    for (const name of names(memory)) {
      const info = dataset(memory, name);
      const all = everything(info.dataspace.dims);
      const right = expected(info, writtenIn(memory, info), all);
      for (const [file, direct] of [
        [memory, true],
        [disk, true],
        [disk, false],
      ] as const) {
        const sink = ByteSink.of(info, all, direct);
        runSync(file.read(dataset(file, name), all, sink));
        expect(equal(sink.bytes, right), name).toBe(true);
      }
    }
  });

  it("are read whole in turns", async () => {
    const storage = new SlowDisk(bytes, { gap: 10_000 });
    const file = await runAsync(openReader(storage, { filters: readerFilters, links: noLinks }));
    for (const { name } of await runAsync(file.links(file.info.root, "name"))) {
      const found = await runAsync(file.resolve(file.info.root, name));
      const info = (await runAsync(file.object(found!.address))) as DatasetInfo;
      const all = everything(info.dataspace.dims);
      const sink = ByteSink.of(info, all);
      await runAsync(file.read(info, all, sink));
      const memory = open(new MemoryStorage(bytes));
      expect(equal(sink.bytes, expected(info, writtenIn(memory, info), all)), name).toBe(true);
    }
  });

  it("are read in part: any selection, with a cache of any size", () => {
    const files = [0, 3000, 2 ** 20].map((size) =>
      open(new Disk(bytes, { gap: 100 }), { chunkCache: { bytes: size } }),
    );
    for (const name of names(files[0])) {
      const info = files.map((file) => dataset(file, name));
      if (info[0].dataspace.dims.some((n) => n > 6000)) continue;
      const written = writtenIn(files[0], info[0]);
      const cases = fc.tuple(selectionIn(info[0].dataspace.dims), fc.nat(2), fc.boolean());
      fc.assert(
        fc.property(cases, ([selection, which, direct]) => {
          const sink = ByteSink.of(info[which], selection, direct);
          runSync(files[which].read(info[which], selection, sink));
          expect(equal(sink.bytes, expected(info[which], written, selection)), name).toBe(true);
        }),
        { numRuns: 15 },
      );
    }
  });

  it("of many chunks are read at single places", () => {
    const file = open(new Disk(bytes));
    for (const name of names(file).filter((n) => n.startsWith("sparse"))) {
      const info = dataset(file, name);
      const written = writtenIn(file, info);
      for (let at = 0; at < info.dataspace.dims[0]; at += 1013) {
        const selection = axes([
          { kind: "range", start: at, count: Math.min(7, info.dataspace.dims[0] - at), stride: 1, block: 1 },
        ]);
        const sink = ByteSink.of(info, selection);
        runSync(file.read(info, selection, sink));
        expect(equal(sink.bytes, expected(info, written, selection)), `${name} at ${at}`).toBe(true);
      }
    }
  });

  it("list the chunks that look-ups find", () => {
    const file = open(new Disk(bytes));
    for (const name of names(file)) {
      const info = dataset(file, name);
      const chunks = runSync(file.chunks(info));
      if (info.layout.class !== "chunked") {
        expect(chunks).toEqual([]);
        continue;
      }
      let stored = 0;
      for (const chunk of chunks) stored += chunk.size;
      expect(runSync(file.storageSize(info)), name).toBe(stored);
      for (let i = 0; i < chunks.length; i += 1 + Math.floor(chunks.length / 50)) {
        expect(runSync(file.chunk(info, chunks[i].offset))).toEqual(chunks[i]);
        expect(runSync(file.storedChunk(info, chunks[i])).length).toBe(chunks[i].size);
      }
    }
  });
});

describe("a look-up in a large index", () => {
  const cases: [string, string, number][] = [
    ["earliest", "deep_first", 5],
    ["v110", "deep_first", 4],
    ["v110", "deep_all", 4],
    ["v110", "sparse_first", 5],
    ["v200", "sparse_first_deflate", 5],
    ["v200", "sparse_fixed_deflate", 3],
  ];
  it.each(cases)("of generation %s, %s, reads at most %i blocks of it", (generation, name, most) => {
    const storage = new Disk(unpacked.get(generation as "v110")!, { page: 512 });
    const file = open(storage);
    const info = dataset(file, name);
    storage.reads = 0;
    storage.bytesRead = 0;
    const offset = info.dataspace.dims.map((n, d) => {
      const chunk = info.layout.class === "chunked" ? info.layout.chunk[d] : 1;
      return Math.floor((n * 0.7) / chunk / 1013) * 1013 * chunk;
    });
    expect(runSync(file.chunk(info, offset))).toBeDefined();
    expect(storage.reads).toBeLessThanOrEqual(most);
    expect(storage.bytesRead).toBeLessThan(40_000);
  });
});
