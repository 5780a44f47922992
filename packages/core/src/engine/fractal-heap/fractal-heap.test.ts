import type { Filter } from "@h5ts/filters";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Image } from "../../../test/support/image.ts";
import { bareFile } from "../../../test/support/metadata-file.ts";
import type { Address } from "../../bytes/address.ts";
import { isH5Error } from "../../errors.ts";
import { btreeV2Header, nodeShapes } from "../../format/btree-v2/header.ts";
import { writeBtreeV2Node } from "../../format/btree-v2/node.ts";
import {
  type FilteredHugeObject,
  HUGE_INDIRECT_FILTERED_RECORD,
  HUGE_INDIRECT_RECORD,
  type HugeObject,
} from "../../format/btree-v2/records/huge-object.ts";
import {
  type DirectBlockContext,
  directBlockChecksum,
  directBlockHeader,
} from "../../format/fractal-heap/direct-block.ts";
import { DoublingTable } from "../../format/fractal-heap/doubling-table.ts";
import { type FractalHeapHeader, fractalHeapHeader } from "../../format/fractal-heap/header.ts";
import { type HeapId, heapId, heapIdShape } from "../../format/fractal-heap/heap-id.ts";
import { type HeapBlockEntry, indirectBlock } from "../../format/fractal-heap/indirect-block.ts";
import { filterPipelineMessage } from "../../format/messages/filter-pipeline.ts";
import { runSync } from "../../steps/run-sync.ts";
import { openFractalHeap } from "./heap.ts";
import { heapObject, peekObject } from "./objects.ts";
import { loadIndexed } from "./prefetch.ts";

/** Inverts all bits, and adds one byte, so that stored sizes differ. */
const INVERT: Filter = {
  id: 300,
  name: "invert",
  codec: { decode: (input) => input.subarray(1).map((byte) => ~byte) },
  load: () => Promise.reject(new Error("is there already")),
};
const invert = (bytes: Uint8Array): Uint8Array => Uint8Array.from([0, ...bytes.map((byte) => ~byte)]);
const filters = { get: (id: number) => (id === INVERT.id ? INVERT : undefined) };

interface Stored {
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/** A heap with small blocks, so that few objects need indirect blocks within indirect blocks. */
class HeapImage {
  readonly image = new Image();
  readonly objects: Stored[] = [];
  readonly header: FractalHeapHeader;
  readonly address: Address;
  private readonly table: DoublingTable;
  private readonly random: () => number;

  constructor(filtered: boolean, checksums: boolean, rootRows: number, random: () => number) {
    this.random = random;
    const pipeline = this.image.encoded((f) => {
      filterPipelineMessage(f, { version: 1, filters: [{ id: INVERT.id, name: "", flags: 0, clientData: [] }] });
    });
    this.header = {
      idLength: filtered ? 12 : 7,
      hugeIdsWrapped: false,
      directChecksums: checksums,
      maxManagedObject: 64,
      nextHugeId: 1,
      hugeBtree: null,
      freeSpace: 0,
      freeSpaceManager: null,
      managedSpace: 0,
      allocatedSpace: 0,
      iteratorOffset: 0,
      managedObjects: 0,
      hugeSpace: 0,
      hugeObjects: 0,
      tinySpace: 0,
      tinyObjects: 0,
      tableWidth: 2,
      startingBlockSize: 64,
      maxDirectBlockSize: 128,
      maxHeapBits: 16,
      startingRows: 1,
      root: null,
      rootRows,
      ...(filtered ? { filters: { rootSize: 0, rootMask: 0, pipeline } } : {}),
    };
    this.address = this.image.room(300);
    this.table = new DoublingTable(this.header);
    const root = rootRows === 0 ? this.direct(0, 64) : { address: this.indirect(0, rootRows) };
    const stored = root.filtered;
    const filtering = stored && { rootSize: stored.size, rootMask: stored.mask, pipeline };
    Object.assign(this.header, { root: root.address }, filtering && { filters: filtering });
  }

  /** Puts the header, once all is known. */
  finish(): Uint8Array {
    this.image.put(
      this.address,
      this.image.encoded((f) => fractalHeapHeader(f, this.header)),
    );
    return this.image.bytes();
  }

  idOf(id: HeapId): Uint8Array {
    return this.image.encoded((f) => heapId(f, id, heapIdShape(this.header, this.image.sizes)));
  }

  private direct(offset: number, size: number): HeapBlockEntry {
    const context: DirectBlockContext = { offsetBytes: this.table.offsetBytes, checksums: this.header.directChecksums };
    const head = (checksum?: number): Uint8Array =>
      this.image.encoded((f) => directBlockHeader(f, { heap: this.address, offset, checksum: checksum ?? 0 }, context));
    const block = new Uint8Array(size);
    const start = head().length;
    block.set(head());
    for (let at = start; ; ) {
      const length = 1 + Math.floor(this.random() * 20);
      if (at + length > size) break;
      const bytes = Uint8Array.from({ length }, () => this.random() * 256);
      block.set(bytes, at);
      this.objects.push({ id: this.idOf({ kind: "managed", offset: offset + at, length }), bytes });
      at += length;
    }
    if (context.checksums) block.set(head(directBlockChecksum(block, start)));
    if (this.header.filters === undefined) return this.place(block);
    // Some blocks were left as they are.
    return this.random() < 0.3 ? { ...this.place(block), filtered: { size, mask: 1 } } : this.placeFiltered(block);
  }

  private place(bytes: Uint8Array): { address: Address } {
    const address = this.image.room(bytes.length);
    this.image.put(address, bytes);
    return { address };
  }

  private placeFiltered(block: Uint8Array): HeapBlockEntry {
    const stored = invert(block);
    return { ...this.place(stored), filtered: { size: stored.length, mask: 0 } };
  }

  private indirect(offset: number, rows: number): Address {
    const { table } = this;
    const directRows = Math.min(rows, table.directRows);
    const entries: HeapBlockEntry[] = [];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < table.width; column++) {
        const size = table.blockSize(row);
        const at = offset + table.rowOffset(row) + column * size;
        entries.push(row < directRows ? this.direct(at, size) : { address: this.indirect(at, table.rowsOf(size)) });
      }
    }
    const context = {
      heap: this.address,
      offset,
      offsetBytes: table.offsetBytes,
      directEntries: directRows * table.width,
      indirectEntries: (rows - directRows) * table.width,
      filtered: this.header.filters !== undefined,
    };
    return this.image.add((f) => {
      indirectBlock(f, { heap: this.address, offset, entries }, context);
    });
  }
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

describe("managed objects", () => {
  it("are found in direct blocks, in indirect blocks within indirect blocks, filtered or not", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.nat(8), fc.nat(), (filtered, checksums, rows, seed) => {
        const built = new HeapImage(filtered, checksums, rows, randomFrom(seed));
        const file = bareFile(built.finish(), { filters });
        const heap = runSync(openFractalHeap(file, built.address));
        for (const { id, bytes } of built.objects) {
          expect(runSync(heapObject(file, heap, id))).toEqual(bytes);
          expect(peekObject(file, heap, id)).toEqual(bytes);
        }
        if (rows > 5) expect(built.objects.length).toBeGreaterThan(200);
      }),
      { numRuns: 60 },
    );
  });

  const damage = (change: (built: HeapImage, bytes: Uint8Array, last: Stored) => Uint8Array | undefined): string => {
    const built = new HeapImage(false, true, 6, randomFrom(1));
    const bytes = built.finish();
    const last = built.objects[built.objects.length - 1];
    const id = change(built, bytes, last) ?? last.id;
    const file = bareFile(bytes, { filters });
    try {
      runSync(heapObject(file, runSync(openFractalHeap(file, built.address)), id));
    } catch (error) {
      if (isH5Error(error, "FormatError", "LimitError")) return error.reason;
      throw error;
    }
    return "read";
  };
  const managed = (built: HeapImage, offset: number, length: number): Uint8Array =>
    built.idOf({ kind: "managed", offset, length });

  it.each<[string, string, string]>([
    ["undamaged", damage(() => undefined), "read"],
    ["in a block's header", damage((b) => managed(b, 3, 5)), "has an object outside its blocks"],
    ["across blocks", damage((b) => managed(b, 60, 10)), "has an object outside its blocks"],
    ["of no bytes", damage((b) => managed(b, 40, 0)), "has an object outside its blocks"],
    ["beyond the last row", damage((b) => managed(b, 60_000, 4)), "has an object outside its blocks"],
    [
      "in a damaged block",
      damage((b, bytes, { bytes: object }) => {
        const at = Buffer.from(bytes).lastIndexOf(Buffer.from(object));
        bytes[at] ^= 1;
        expect(b.objects.length).toBeGreaterThan(0);
        return undefined;
      }),
      "fails its checksum",
    ],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));

  it("are fetched early: roots in one round, direct blocks in the next", () => {
    const built = new HeapImage(true, true, 3, randomFrom(2));
    const file = bareFile(built.finish(), { filters });
    const heap = runSync(openFractalHeap(file, built.address));
    const root = built.image.room(0);
    const header = { type: 5, nodeSize: 512, recordSize: 11, depth: 0, splitPercent: 98, mergePercent: 40 };
    const tree = { address: root, header: { ...header, root: null, rootRecords: 0, totalRecords: 0 }, shapes: [] };
    runSync(loadIndexed(file, heap, tree));
    expect(file.pages.peek(heap.header.root!, 100)).toBeDefined();
  });
});

describe("huge objects", () => {
  const object = Uint8Array.from({ length: 500 }, (_, i) => i * 7);

  function numbered(filtered: boolean): { built: HeapImage; bytes: Uint8Array } {
    const built = new HeapImage(filtered, true, 0, randomFrom(3));
    const { image } = built;
    const stored = filtered ? invert(object) : object;
    const places = [11, 22, 33].map((id) => {
      const address = image.room(stored.length);
      image.put(address, stored);
      return { address, length: stored.length, filterMask: 0, memorySize: object.length, id };
    });
    const kind = filtered ? HUGE_INDIRECT_FILTERED_RECORD : HUGE_INDIRECT_RECORD;
    const layout = kind.layout as (f: never, v: HugeObject & { id: number }) => unknown;
    const records = image.encoded((f) => places.forEach((place) => void layout(f as never, place)));
    const recordSize = kind.bytes(image.sizes);
    const header = { type: kind.type, nodeSize: 512, recordSize, depth: 0, splitPercent: 98, mergePercent: 40 };
    const shape = nodeShapes({ ...header, root: null, rootRecords: 3, totalRecords: 3 }, image.sizes)[0];
    const root = image.add((f) => {
      const node = { count: 3, records, view: new DataView(records.buffer), children: [] };
      writeBtreeV2Node(f, node, { type: kind.type, recordSize, depth: 0, shape, count: 3 });
    });
    const tree = image.add((f) => {
      btreeV2Header(f, { ...header, root, rootRecords: 3, totalRecords: 3 });
    });
    Object.assign(built.header, { hugeBtree: tree });
    return { built, bytes: built.finish() };
  }

  it.each([false, true])("are found by their numbers (filtered: %s)", (filtered) => {
    const { built, bytes } = numbered(filtered);
    const file = bareFile(bytes, { filters });
    const heap = runSync(openFractalHeap(file, built.address));
    for (const id of [11, 22, 33]) {
      expect(runSync(heapObject(file, heap, built.idOf({ kind: "huge-numbered", id })))).toEqual(object);
    }
    const absent = built.idOf({ kind: "huge-numbered", id: 12 });
    expect(() => runSync(heapObject(file, heap, absent))).toThrow(/no huge object of that number.*12/);
  });

  it.each([false, true])("are found by their places (filtered: %s)", (filtered) => {
    const built = new HeapImage(filtered, true, 0, randomFrom(4));
    Object.assign(built.header, { idLength: 40 });
    const stored = filtered ? invert(object) : object;
    const address = built.image.room(stored.length);
    built.image.put(address, stored);
    const place: HugeObject = { address, length: stored.length };
    const full: FilteredHugeObject = { ...place, filterMask: 0, memorySize: object.length };
    const id = built.idOf({ kind: "huge", object: filtered ? full : place });
    const file = bareFile(built.finish(), { filters });
    const heap = runSync(openFractalHeap(file, built.address));
    expect(runSync(heapObject(file, heap, id))).toEqual(object);
    const beyond = built.idOf({ kind: "huge", object: { ...full, length: 10 ** 6 } });
    expect(() => runSync(heapObject(file, heap, beyond))).toThrow(/past the end of the file/);
    const bomb = bareFile(built.finish(), { filters, limits: { chunkBytes: 400 } });
    expect(() => runSync(heapObject(bomb, runSync(openFractalHeap(bomb, built.address)), id))).toThrow(
      /limits.chunkBytes/,
    );
  });

  it("a missing filter is named", () => {
    const { built, bytes } = numbered(true);
    const file = bareFile(bytes, { filters: { get: () => undefined } });
    const heap = runSync(openFractalHeap(file, built.address));
    expect(() => runSync(heapObject(file, heap, built.idOf({ kind: "huge-numbered", id: 11 })))).toThrow(/300/);
  });
});

describe("tiny objects", () => {
  it("stand in their ids", () => {
    const built = new HeapImage(false, true, 0, randomFrom(5));
    const file = bareFile(built.finish(), { filters });
    const heap = runSync(openFractalHeap(file, built.address));
    const id = built.idOf({ kind: "tiny", data: Uint8Array.of(1, 2, 3) });
    expect(runSync(heapObject(file, heap, id))).toEqual(Uint8Array.of(1, 2, 3));
    expect(peekObject(file, heap, id)).toEqual(Uint8Array.of(1, 2, 3));
  });
});
