import { readerFilters } from "@h5ts/filters";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectionIn } from "../../../test/support/arbitrary-selections.ts";
import { axes, ByteSink, everything, selectedElements } from "../../../test/support/byte-sink.ts";
import { datasetOf, GENERATIONS, indexFile, openIndexFile } from "../../../test/support/chunk-index-files.ts";
import { Disk, SlowDisk } from "../../../test/support/disk.ts";
import { noLinks } from "../../../test/support/engine-file.ts";
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import { runAsync } from "../../steps/run-async.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { type FileReader, openReader } from "../file-reader.ts";

/** Names of all datasets of a file. */
const names = (file: FileReader): string[] => runSync(file.links(file.info.root, "name")).map((link) => link.name);

/** Whether an element was written, by what the script that made the file notes beside it. */
function writtenIn(file: FileReader, info: DatasetInfo): (element: number) => boolean {
  const { data, datatype } = runSync(file.attribute(info.address, "written"))!;
  if (datatype.class === "integer") {
    const [rows, columns] = Array.from(new BigInt64Array(data.slice().buffer), Number);
    const [, width] = info.dataspace.dims;
    return (element) => Math.floor(element / width) < rows && element % width < columns;
  }
  if (info.layout.class !== "chunked" || !runSync(file.chunks(info)).length) return () => true;
  const [chunk] = info.layout.chunk;
  const isSparse = info.dataspace.dims[0] / chunk > 2 * runSync(file.chunks(info)).length;
  return isSparse ? (element) => [0, 1, 5].includes(Math.floor(element / chunk) % 1013) : () => true;
}

function expected(info: DatasetInfo, written: (element: number) => boolean, selection: Selection): Uint8Array {
  const elements = isEverything(selection, info) ? undefined : selectedElements(selection, info.dataspace.dims);
  const value = (i: number): number => {
    const element = elements === undefined ? i : elements[i];
    return written(element) ? element + 1 : -1;
  };
  const { count } = selection;
  if (info.datatype.size === 2) return new Uint8Array(Int16Array.from({ length: count }, (_, i) => value(i)).buffer);
  if (info.datatype.size === 4) return new Uint8Array(Int32Array.from({ length: count }, (_, i) => value(i)).buffer);
  return new Uint8Array(BigInt64Array.from({ length: count }, (_, i) => BigInt(value(i))).buffer);
}

const isEverything = (selection: Selection, info: DatasetInfo): boolean =>
  selection.count === info.dataspace.dims.reduce((all, n) => all * n, 1) &&
  selection.kind === "axes" &&
  selection.axes.every((axis) => axis.kind === "range");

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe.each(GENERATIONS)("datasets of generation %s", (generation) => {
  const bytes = indexFile(generation);

  it("cover every index that it has", () => {
    const file = openIndexFile(new MemoryStorage(bytes));
    const kinds = new Set(
      names(file).map((name) => {
        const { layout } = datasetOf(file, name);
        return layout.class === "chunked" ? layout.index.kind : layout.class;
      }),
    );
    const modern = ["single", "implicit", "fixed-array", "extensible-array", "btree-v2"];
    // Unfiltered edges need the later layouts, and those their indexes.
    const indexes = generation === "earliest" ? ["btree-v1", "btree-v2", "extensible-array", "fixed-array"] : modern;
    expect([...kinds].sort()).toEqual([...indexes, "compact", "contiguous"].sort());
  });

  it("are read whole, from memory, from a disk and by a copying sink", () => {
    const memory = openIndexFile(new MemoryStorage(bytes));
    const disk = openIndexFile(new Disk(bytes, { gap: 500 }));
    for (const name of names(memory)) {
      const info = datasetOf(memory, name);
      const all = everything(info.dataspace.dims);
      const right = expected(info, writtenIn(memory, info), all);
      for (const [file, direct] of [
        [memory, true],
        [disk, true],
        [disk, false],
      ] as const) {
        const sink = ByteSink.of(info, all, direct);
        runSync(file.read(datasetOf(file, name), all, sink));
        expect(equal(sink.bytes, right), name).toBe(true);
      }
    }
  });

  it("are read whole in turns", async () => {
    const storage = new SlowDisk(bytes, { gap: 10_000 });
    const file = await runAsync(openReader(storage, { filters: readerFilters, links: noLinks }));
    const memory = openIndexFile(new MemoryStorage(bytes));
    for (const { name } of await runAsync(file.links(file.info.root, "name"))) {
      const found = await runAsync(file.resolve(file.info.root, name));
      const info = (await runAsync(file.object(found!.address))) as DatasetInfo;
      const all = everything(info.dataspace.dims);
      const sink = ByteSink.of(info, all);
      await runAsync(file.read(info, all, sink));
      expect(equal(sink.bytes, expected(info, writtenIn(memory, info), all)), name).toBe(true);
    }
  });

  it("are read in part: any selection, with a cache of any size", () => {
    const files = [0, 3000, 2 ** 20].map((size) =>
      openIndexFile(new Disk(bytes, { gap: 100 }), { chunkCache: { bytes: size } }),
    );
    for (const name of names(files[0])) {
      const info = files.map((file) => datasetOf(file, name));
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

  it("are read by many at once, and none gets what is another's", async () => {
    const storage = new SlowDisk(bytes, { gap: 50 });
    const file = await runAsync(openReader(storage, { filters: readerFilters, links: noLinks }));
    const memory = openIndexFile(new MemoryStorage(bytes));
    const reads = names(memory)
      .filter((name) => /^(one|two|three|resized|edges)/.test(name))
      .flatMap((name) => {
        const info = datasetOf(memory, name);
        const written = writtenIn(memory, info);
        return fc.sample(selectionIn(info.dataspace.dims), { numRuns: 3, seed: 7 }).map(async (selection) => {
          const sink = ByteSink.of(info, selection);
          await runAsync(file.read(info, selection, sink));
          expect(equal(sink.bytes, expected(info, written, selection)), name).toBe(true);
        });
      });
    expect(reads.length).toBeGreaterThan(100);
    await Promise.all(reads);
  });

  it("of many chunks are read at single places", () => {
    const file = openIndexFile(new Disk(bytes));
    for (const name of names(file).filter((n) => n.startsWith("sparse"))) {
      const info = datasetOf(file, name);
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
    const file = openIndexFile(new Disk(bytes));
    for (const name of names(file)) {
      const info = datasetOf(file, name);
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
  const cases: ["earliest" | "v110" | "v200", string, number][] = [
    ["earliest", "deep_first", 5],
    ["v110", "deep_first", 4],
    ["v110", "deep_all", 4],
    ["v110", "sparse_first", 5],
    ["v200", "sparse_first_deflate", 5],
    ["v200", "sparse_fixed_deflate", 3],
  ];
  it.each(cases)("of generation %s, %s, reads at most %i blocks of it", (generation, name, most) => {
    const storage = new Disk(indexFile(generation), { page: 512 });
    const file = openIndexFile(storage);
    const info = datasetOf(file, name);
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
