import { describe, expect, it } from "vitest";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5, h5wasmFile } from "../../../test/support/editing.ts";
import { asNumbers, numbersFrom, valuesOf } from "../../../test/support/i4.ts";
import { EditedFile, integer, newDataset } from "../../../test/support/new-datasets.ts";
import type { NewDataset } from "../../contract.ts";
import { listChunks } from "../../engine/dataset/chunk-listing.ts";
import { virtualMappings } from "../../engine/dataset/virtual-mappings.ts";
import { objectHeader } from "../../engine/object-header.ts";
import { objectInfo } from "../../engine/object-info.ts";
import { datatypeMessage } from "../../format/datatype/datatype-message.ts";
import type { FilterDescription } from "../../format/messages/filter-pipeline.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import type { LinkPolicy } from "../../steps/link-policy.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { WritableStorage } from "../../steps/storage.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { StructureVersion } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { createHeader } from "../object-header/new-header.ts";
import { freeDatasetStorage } from "./free-dataset.ts";
import { writeStoredChunk } from "./store-chunk.ts";

const unlimited = (dims: readonly number[], maxDims: readonly number[]): Partial<NewDataset> => ({
  dataspace: { kind: "simple", dims, maxDims },
});
const chunked = (...chunk: number[]): Partial<NewDataset> => ({ layout: { class: "chunked", chunk } });
const DEFLATE: FilterDescription = { id: 1, name: "deflate", flags: 1, clientData: [6] };
const FLETCHER32: FilterDescription = { id: 3, name: "fletcher32", flags: 0, clientData: [] };
const filters = (...list: FilterDescription[]): Partial<NewDataset> => ({ pipeline: { filters: list } });

/** Types and versions of the messages of an object, and the kind of its chunk index. */
function structure(edited: EditedFile, name: string): unknown {
  const address = edited.addressOf(name);
  const header = runSync(objectHeader(edited.file, address));
  const { layout, headerVersion } = edited.info(address);
  return {
    headerVersion,
    index: layout.class === "chunked" ? layout.index.kind : layout.class,
    messages: header.messages
      .filter(({ type }) => type !== MessageType.nil && type !== MessageType.modificationTime)
      .map((message) => [message.type, message.decoder(edited.file.structures.sizes).u8(undefined)])
      .sort(([a], [b]) => Number(a) - Number(b)),
  };
}

describe("new datasets", () => {
  it.each<[string, number[], Partial<NewDataset>, Record<string, unknown>]>([
    ["contiguous", [5], {}, {}],
    ["of one chunk", [6], chunked(6), { chunks: [6] }],
    ["of several chunks", [6], chunked(4), { chunks: [4] }],
    [
      "with one unlimited dimension",
      [6, 2],
      { ...chunked(4, 2), ...unlimited([6, 2], [Infinity, 2]) },
      { chunks: [4, 2], maxshape: [null, 2] },
    ],
    [
      "with two unlimited dimensions",
      [6, 2],
      { ...chunked(4, 2), ...unlimited([6, 2], [Infinity, Infinity]) },
      { chunks: [4, 2], maxshape: [null, null] },
    ],
    ["with a filter", [6], { ...chunked(4), ...filters(DEFLATE) }, { chunks: [4], compression: 6 }],
    ["of one chunk with a filter", [6], { ...chunked(6), ...filters(DEFLATE) }, { chunks: [6], compression: 6 }],
  ])("have the structures that libhdf5 makes: %s", (_, shape, options, args) => {
    for (const [libver, low] of [
      ["earliest", "earliest"],
      ["latest", "v200"],
    ] as const) {
      const count = shape.reduce((all, n) => all * n, 1);
      const data = Int32Array.from({ length: count }, (_, i) => i);
      const theirs = new EditedFile(
        new MemoryStorage(
          h5wasmFile(libver, (f) => void f.create_dataset({ name: "d", data, shape, dtype: "<i4", ...args })),
        ),
      );
      const edited = EditedFile.create(low);
      const address = edited.create("d", newDataset(shape, options));
      edited.write(address, everything(shape), numbersFrom(0, count));
      edited.commit();
      expect(structure(edited, "d")).toEqual(structure(theirs, "d"));
    }
  });

  it("refer to committed datatypes, which count who does", () => {
    for (const version of ["earliest", "v110"] as const) {
      const edited = EditedFile.create(version);
      const { file } = edited;
      const headers = version === "earliest" ? 1 : 2;
      const encoded = new Uint8Array(64);
      const type = runSync(EditedHeader.load(file, file.info.root)).encode((f) => void datatypeMessage(f, integer(4)));
      const committed = createHeader(file, {
        version: headers,
        attributeOrder: { tracked: false, indexed: false },
        messages: [{ type: MessageType.datatype, data: type }],
        room: encoded.length,
      });
      edited.link("t", committed);
      for (const name of ["a", "b"]) {
        const address = edited.create(name, newDataset([2], { committed, datatype: integer(4) }));
        edited.write(address, everything([2]), numbersFrom(3, 2));
        expect(edited.info(address).committed).toBe(committed);
      }
      const bytes = edited.commit();
      expect(byLibhdf5(bytes, valuesOf("a"))).toEqual([3, 4]);
      expect(byLibhdf5(bytes, valuesOf("b"))).toEqual([3, 4]);
      const { file: again } = edited.reopened();
      const header = runSync(objectHeader(again, committed));
      // Two datasets and a link.
      expect(runSync(objectInfo(again, header)).referenceCount).toBe(3);
    }
  });

  it("show parts of others as virtual datasets", () => {
    for (const version of ["earliest", "v110", "v200"] as const) {
      const edited = EditedFile.create(version);
      const before = edited.used;
      const source = edited.create("s", newDataset([6]));
      edited.write(source, everything([6]), numbersFrom(10, 6));
      const half = (start: number) =>
        ({ kind: "hyperslab", rank: 1, start: [start], stride: [1], count: [1], block: [3] }) as const;
      const mappings = [
        { file: ".", dataset: "s", source: half(3), destination: half(0) },
        { file: ".", dataset: "s", source: half(0), destination: half(3) },
      ];
      const stored = edited.used;
      const address = edited.create(
        "v",
        newDataset([6], { layout: { class: "virtual", mappings } as NewDataset["layout"] }),
      );
      expect(runSync(virtualMappings(edited.file, edited.info(address)))).toMatchObject(mappings);
      expect(byLibhdf5(edited.commit(), valuesOf("v"))).toEqual([13, 14, 15, 10, 11, 12]);
      runSync(freeDatasetStorage(edited.file, edited.info(address)));
      expect(edited.used - stored).toBeLessThan(400);
      expect(stored).toBeGreaterThan(before);
    }
  });

  it("have their elements in external files, which are written at once", () => {
    const files = new Map<string, MemoryStorage>();
    const links: LinkPolicy = {
      *storage(name) {
        return files.get(name);
      },
      *writable(name): Generator<never, WritableStorage> {
        const storage = files.get(name) ?? new MemoryStorage(new Uint8Array(0));
        files.set(name, storage);
        // Each time one is opened it is a storage of its own, over the same bytes.
        return {
          label: name,
          costs: storage.costs,
          readSync: (extents) => storage.readSync(extents),
          sizeSync: () => storage.sizeSync(),
          closeSync: () => {},
          writeSync: (patches) => storage.writeSync(patches),
          truncateSync: (size) => storage.truncateSync(size),
          syncSync: () => storage.syncSync(),
        };
      },
      within: () => links,
    };
    const edited = EditedFile.create("earliest", { links });
    const before = edited.used;
    const external = [
      { name: "first.raw", offset: 8, size: 12 },
      { name: "second with a long name.raw", offset: 0, size: Infinity },
    ];
    const address = edited.create(
      "d",
      newDataset([10], { external, dataspace: { kind: "simple", dims: [10], maxDims: [Infinity] } }),
    );
    edited.write(address, everything([10]), numbersFrom(1, 10), false);
    expect(asNumbers(files.get("first.raw")!.toUint8Array().slice(8))).toEqual([1, 2, 3]);
    expect(asNumbers(files.get("second with a long name.raw")!.toUint8Array())).toEqual([4, 5, 6, 7, 8, 9, 10]);
    const strided = {
      kind: "axes",
      axes: [{ kind: "range", start: 1, count: 3, stride: 3, block: 1 }],
      shape: [3],
      count: 3,
    } as const;
    edited.write(address, strided, numbersFrom(100, 3));
    edited.resize(address, [12]);
    expect(asNumbers(edited.read(address))).toEqual([1, 100, 3, 4, 101, 6, 7, 102, 9, 10, 0, 0]);
    const bytes = edited.commit();
    expect(byLibhdf5(bytes, (f) => (f.get("d") as { shape: number[] }).shape)).toEqual([12]);
    const { external: found } = edited.reopened().info(address);
    expect(found).toEqual(external);
    runSync(freeDatasetStorage(edited.file, edited.info(address)));
    expect(edited.used - before).toBeLessThan(700);
  });

  it.each<StructureVersion>(["earliest", "v110", "v200"])("take chunks as they are stored: %s", (version) => {
    const edited = EditedFile.create(version);
    const address = edited.create("d", newDataset([8], { ...chunked(4), ...filters(FLETCHER32, DEFLATE) }));
    const store = (offset: number, mask: number, stored: Uint8Array): void =>
      runSync(writeStoredChunk(edited.file, edited.info(address), [offset], mask, stored));
    edited.write(address, everything([8]), numbersFrom(1, 8));
    const [, second] = runSync(listChunks(edited.file, edited.info(address)));
    const bytes = edited.commit().slice(second.address, second.address + second.size);
    store(0, 0, bytes);
    store(4, 3, numbersFrom(50, 4));
    expect(asNumbers(edited.read(address))).toEqual([5, 6, 7, 8, 50, 51, 52, 53]);
    expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual([5, 6, 7, 8, 50, 51, 52, 53]);
    expect(() => store(2, 0, bytes)).toThrow(/offset of a chunk/);
    expect(() => store(0, 3, bytes)).toThrow(/another size/);
    expect(() => store(0, 4, bytes)).toThrow(/mask/);
  });

  it("leave out optional filters that do not help, and fail with those that must not be left out", () => {
    const refuses = {
      id: 300,
      name: "refuses",
      codec: { decode: (input: Uint8Array) => input, encode: () => undefined },
      load: () => Promise.reject(new Error("is there already")),
    };
    const registry = { get: (id: number) => (id === 300 ? refuses : undefined) };
    const edited = EditedFile.create("earliest", { filters: registry });
    const optional = edited.create(
      "o",
      newDataset([4], { ...chunked(4), ...filters({ id: 300, name: "refuses", flags: 1, clientData: [] }) }),
    );
    edited.write(optional, everything([4]), numbersFrom(1, 4));
    const chunks = runSync(listChunks(edited.file, edited.info(optional)));
    expect(chunks.map(({ filterMask, size }) => [filterMask, size])).toEqual([[1, 16]]);
    expect(byLibhdf5(edited.commit(), valuesOf("o"))).toEqual([1, 2, 3, 4]);
    const before = edited.used;
    for (const id of [300, 301]) {
      const required = edited.create(
        `r${id}`,
        newDataset([4], { ...chunked(4), ...filters({ id, name: "", flags: 0, clientData: [] }) }),
      );
      const { used } = edited;
      expect(() => edited.write(required, everything([4]), numbersFrom(1, 4))).toThrow(/filter 30/);
      expect(edited.used).toBe(used);
    }
    expect(edited.used).toBeGreaterThan(before);
  });
});

it("keeps times in the header's prefix where it has one for them, else in a message", () => {
  const order = { tracked: true, indexed: true };
  for (const [low, attributeOrder, message] of [
    ["earliest", { tracked: false, indexed: false }, true],
    ["earliest", order, false],
    ["v108", order, false],
  ] as const) {
    const edited = EditedFile.create(low);
    const address = edited.create("d", newDataset([3], { attributeOrder, trackTimes: true }));
    const header = runSync(objectHeader(edited.file, address));
    expect(header.find(MessageType.modificationTime) !== undefined).toBe(message);
    const now = edited.file.now();
    expect(edited.info(address).times).toEqual(
      message ? { modified: now } : { accessed: now, modified: now, changed: now, born: now },
    );
  }
});
