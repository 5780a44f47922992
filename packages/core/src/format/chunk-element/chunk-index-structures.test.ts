import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { asAddress, DEFAULT_SIZES, type Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { CHUNK_NODE, type ChunkNode, chunkNode } from "../btree-v1/chunk-node.ts";
import { type ChunkRecord, chunkRecord, chunkRecordForm } from "../btree-v2/records/chunk.ts";
import {
  EXTENSIBLE_ARRAY_DATA_BLOCK,
  extensibleArrayDataBlock,
} from "../extensible-array/extensible-array-data-block.ts";
import {
  EXTENSIBLE_ARRAY_HEADER,
  type ExtensibleArrayHeader,
  extensibleArrayHeader,
} from "../extensible-array/extensible-array-header.ts";
import {
  EXTENSIBLE_ARRAY_INDEX_BLOCK,
  extensibleArrayIndexBlock,
} from "../extensible-array/extensible-array-index-block.ts";
import {
  EXTENSIBLE_ARRAY_SUPER_BLOCK,
  extensibleArraySuperBlock,
} from "../extensible-array/extensible-array-super-block.ts";
import { extensibleArrayGeometry, superBlockOf } from "../extensible-array/geometry.ts";
import {
  arrayPage,
  FIXED_ARRAY_DATA_BLOCK,
  fixedArrayDataBlock,
  fixedArrayPages,
} from "../fixed-array/fixed-array-data-block.ts";
import { FIXED_ARRAY_HEADER, type FixedArrayHeader, fixedArrayHeader } from "../fixed-array/fixed-array-header.ts";
import type { ChunkedLayout } from "../messages/data-layout.ts";
import type { Structure } from "../structure.ts";
import { type ChunkElements, chunkSizeWidth } from "./chunk-elements.ts";

const sizes = fc.record<Sizes>({ offsets: fc.constantFrom(2, 4, 8), lengths: fc.constantFrom(2, 4, 8) });
const address = fc.oneof(fc.constant(null), fc.nat(0xfffe).map(asAddress));

/** The structure finds its own end, and asks for enough at once. */
function bounded<T, C>(structure: Structure<T, C>, bytes: Uint8Array, s: Sizes, context: C): void {
  const head = new Decoder(bytes, s, structure.title);
  expect(structure.extent(head, context)).toBe(bytes.length);
  expect(structure.guess(context)).toBeGreaterThanOrEqual(Math.min(bytes.length, 65_536));
}

function elements(count: number, client: number): fc.Arbitrary<ChunkElements> {
  const list = (max: number, min = 0): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min, max }), { minLength: count, maxLength: count });
  return fc.tuple(list(0xfffe, -1), list(255), list(0xffffffff)).map(([addresses, bytes, masks]) => {
    const value = { addresses: Float64Array.from(addresses) };
    if (client === 0) return value;
    return { ...value, sizes: Float64Array.from(bytes), masks: Uint32Array.from(masks) };
  });
}

const form = fc
  .tuple(sizes, fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 8 }))
  .map(([s, client, width]) => ({ s, client, elementSize: s.offsets + (client === 1 ? width + 4 : 0) }));

describe("B-tree v1 node of chunks", () => {
  const node = fc.integer({ min: 1, max: 4 }).chain((rank) =>
    fc.integer({ min: 0, max: 6 }).chain((count) => {
      const list = (n: number, max: number): fc.Arbitrary<number[]> =>
        fc.array(fc.nat(max), { minLength: n, maxLength: n });
      return fc.tuple(
        fc.constant(rank),
        fc.nat(255),
        list(count + 1, 0xffffffff),
        list(count + 1, 0xffffffff),
        list((count + 1) * rank, 2 ** 30),
        list(count, 0xfffe),
        address,
        address,
      );
    }),
  );
  it("reads what it wrote", () => {
    fc.assert(
      fc.property(node, sizes, ([rank, level, bytes, masks, offsets, children, left, right], s) => {
        const value: ChunkNode = {
          level,
          count: children.length,
          left,
          right,
          sizes: Float64Array.from(bytes),
          masks: Uint32Array.from(masks),
          offsets: Float64Array.from(offsets),
          lastByte: level,
          children: Float64Array.from(children),
        };
        const layout = (f: Parameters<typeof chunkNode>[0], v?: ChunkNode): ChunkNode => chunkNode(f, v, { rank });
        roundTrips(layout, value, s);
        const stored = encoded(layout, value, s);
        bounded(CHUNK_NODE, stored, s, { rank });
        const block = new Uint8Array(stored.length + 5);
        block.set(stored, 5);
        expect(CHUNK_NODE.decode(new Decoder(block, s, "node", 0, 5), { rank })).toEqual(value);
      }),
    );
  });
  const head = [0x54, 0x52, 0x45, 0x45];
  it.each<[string, number[], number | undefined, RegExp]>([
    ["a node of groups", [...head, 0, 0, 0, 0], undefined, /type/],
    ["another signature", [0x53, 0x4e, 0x4f, 0x44], undefined, /signature/],
    ["more than 2K entries", [...head, 1, 0, 65, 0], 32, /too many entries/],
    ["more entries than bytes", [...head, 1, 0, 255, 255, ...new Array(16).fill(0)], undefined, /more entries/],
  ])("refuses %s", (_, bytes, k, expected) => {
    const from = new Decoder(Uint8Array.from(bytes), DEFAULT_SIZES, "node");
    expect(() => chunkNode(from, undefined, { rank: 2, k })).toThrow(expected);
  });
});

describe("fixed array", () => {
  const header = fc
    .tuple(form, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 200 }), address)
    .map(([{ s, client, elementSize }, pageBits, count, dataBlock]) => ({
      s,
      header: { client, elementSize, pageBits, count, dataBlock } satisfies FixedArrayHeader,
    }));
  it("reads what it wrote: header, block, page", () => {
    const cases = header.chain(({ s, header }) =>
      fc.record({
        s: fc.constant(s),
        header: fc.constant(header),
        back: address,
        elements: elements(header.count, header.client),
        page: elements(2 ** header.pageBits, header.client),
      }),
    );
    fc.assert(
      fc.property(cases, ({ s, header, back, elements, page }) => {
        roundTrips(fixedArrayHeader, header, s);
        bounded(FIXED_ARRAY_HEADER, encoded(fixedArrayHeader, header, s), s, undefined);
        const pages = fixedArrayPages(header);
        const block =
          pages > 0
            ? { header: back, pagesWritten: new Uint8Array(Math.ceil(pages / 8)).fill(0xa5) }
            : { header: back, elements };
        roundTrips((f, v?: typeof block) => fixedArrayDataBlock(f, v, header) as typeof block, block, s);
        const bytes = encoded((f, v?: typeof block) => fixedArrayDataBlock(f, v, header) as typeof block, block, s);
        bounded(FIXED_ARRAY_DATA_BLOCK, bytes, s, header);
        roundTrips((f, v?: ChunkElements) => arrayPage(f, v, { ...header, count: 2 ** header.pageBits }), page, s);
      }),
      { numRuns: 50 },
    );
  });
  it.each<[string, Partial<FixedArrayHeader>, RegExp]>([
    ["client 2", { client: 2 }, /client/],
    ["elements of a wrong size", { elementSize: 9 }, /size/],
    ["pages of one element", { pageBits: 0 }, /pages/],
    ["pages of 2^64 elements", { pageBits: 64 }, /pages/],
    ["no elements", { count: 0 }, /number of elements/],
  ])("refuses %s", (_, change, expected) => {
    const fine: FixedArrayHeader = { client: 0, elementSize: 8, pageBits: 10, count: 5, dataBlock: null };
    const bytes = encoded(fixedArrayHeader, fine);
    const at = { client: 5, elementSize: 6, pageBits: 7, count: 8 };
    for (const [name, value] of Object.entries(change)) bytes[at[name as keyof typeof at]] = value as number;
    expect(() => decoded(fixedArrayHeader, bytes)).toThrow(expected);
  });
});

const BASE: Omit<ExtensibleArrayHeader, "client" | "elementSize"> = {
  maxBits: 32,
  indexElements: 4,
  minElements: 16,
  minPointers: 4,
  pageBits: 10,
  superBlocks: 1,
  superBlockBytes: 2,
  dataBlocks: 3,
  dataBlockBytes: 4,
  maxIndexSet: 5,
  elements: 6,
  indexBlock: null,
};

describe("extensible array", () => {
  it("reads what it wrote: header, index block, super block, data block", () => {
    const cases = form.chain(({ s, client, elementSize }) => {
      const header: ExtensibleArrayHeader = { ...BASE, client, elementSize };
      return fc.record({
        s: fc.constant(s),
        header: fc.constant(header),
        back: address,
        index: elements(4, client),
        data: elements(64, client),
        superBlock: fc.integer({ min: 4, max: 14 }),
      });
    });
    fc.assert(
      fc.property(cases, ({ s, header, back, index, data, superBlock }) => {
        roundTrips(extensibleArrayHeader, header, s);
        bounded(EXTENSIBLE_ARRAY_HEADER, encoded(extensibleArrayHeader, header, s), s, undefined);
        const geometry = extensibleArrayGeometry(header);
        const dataBlocks = new Float64Array(6).fill(-1);
        const indexBlock = { header: back, elements: index, dataBlocks, superBlocks: new Float64Array(25).fill(77) };
        const context = { header, geometry };
        roundTrips(
          (f, v?: typeof indexBlock) => extensibleArrayIndexBlock(f, v, context) as typeof indexBlock,
          indexBlock,
          s,
        );
        bounded(
          EXTENSIBLE_ARRAY_INDEX_BLOCK,
          encoded(
            (f, v?: typeof indexBlock) => extensibleArrayIndexBlock(f, v, context) as typeof indexBlock,
            indexBlock,
            s,
          ),
          s,
          context,
        );
        const place = { ...context, superBlock };
        const blocks = 2 ** Math.floor(superBlock / 2);
        const perBlock = 16 * 2 ** Math.floor((superBlock + 1) / 2);
        const bitmap = perBlock > 1024 ? blocks * Math.ceil(perBlock / 1024 / 8) : 0;
        const stored = {
          header: back,
          offset: geometry.firstElement[superBlock] % 256 ** geometry.offsetBytes,
          pagesWritten: new Uint8Array(bitmap).fill(3),
          dataBlocks: new Float64Array(blocks).fill(9),
        };
        roundTrips((f, v?: typeof stored) => extensibleArraySuperBlock(f, v, place) as typeof stored, stored, s);
        bounded(
          EXTENSIBLE_ARRAY_SUPER_BLOCK,
          encoded((f, v?: typeof stored) => extensibleArraySuperBlock(f, v, place) as typeof stored, stored, s),
          s,
          place,
        );
        const third = { ...context, superBlock: 3 };
        const block = { header: back, offset: 5, elements: data };
        roundTrips((f, v?: typeof block) => extensibleArrayDataBlock(f, v, third) as typeof block, block, s);
        bounded(
          EXTENSIBLE_ARRAY_DATA_BLOCK,
          encoded((f, v?: typeof block) => extensibleArrayDataBlock(f, v, third) as typeof block, block, s),
          s,
          third,
        );
        const paged = { header: back, offset: 5 };
        const tenth = { ...context, superBlock: 14 };
        roundTrips((f, v?: typeof paged) => extensibleArrayDataBlock(f, v, tenth) as typeof paged, paged, s);
      }),
      { numRuns: 50 },
    );
  });

  it("finds the super block of every element", () => {
    const geometry = extensibleArrayGeometry({ ...BASE, client: 0, elementSize: 8 });
    expect(geometry.indexDataBlocks).toBe(geometry.firstDataBlock[geometry.direct]);
    let next = 0;
    for (let u = 0; u < geometry.superBlocks; u++) {
      expect(geometry.firstElement[u]).toBe(next);
      next += geometry.dataBlocks[u] * geometry.elements[u];
      expect(superBlockOf(geometry, geometry.firstElement[u])).toBe(u);
      expect(superBlockOf(geometry, next - 1)).toBe(u);
    }
  });

  it.each<[string, Partial<Record<"maxBits" | "minElements" | "minPointers" | "pageBits", number>>, RegExp]>([
    ["65 bits", { maxBits: 65 }, /indices/],
    ["no bits", { maxBits: 0 }, /indices/],
    ["data blocks of no elements", { minElements: 0 }, /data blocks/],
    ["data blocks of 24 elements", { minElements: 24 }, /power of 2/],
    ["3 pointers", { minPointers: 3 }, /pointers/],
    ["pages below a data block", { pageBits: 2 }, /pages/],
  ])("refuses %s", (_, change, expected) => {
    const bytes = encoded(extensibleArrayHeader, { ...BASE, client: 0, elementSize: 8 });
    const at = { maxBits: 7, minElements: 9, minPointers: 10, pageBits: 11 };
    for (const [name, value] of Object.entries(change)) bytes[at[name as keyof typeof at]] = value;
    expect(() => decoded(extensibleArrayHeader, bytes)).toThrow(expected);
  });
});

describe("B-tree v2 record of a chunk", () => {
  it("reads what it wrote", () => {
    const cases = fc.tuple(sizes, fc.boolean(), fc.array(fc.nat(2 ** 30), { minLength: 1, maxLength: 4 }), fc.nat(255));
    fc.assert(
      fc.property(cases, ([s, filtered, coordinates, size]) => {
        const layout: ChunkedLayout = {
          class: "chunked",
          version: 4,
          chunk: coordinates.map(() => 2),
          elementSize: 1,
          edgeUnfiltered: false,
          index: { kind: "implicit", address: null },
        };
        const form = chunkRecordForm(layout, 2 ** coordinates.length, filtered, s);
        const stored = filtered ? { size, mask: 5 } : {};
        const record = { address: asAddress(77), ...stored, coordinates };
        roundTrips((f, v?: ChunkRecord) => chunkRecord(f, v, form), record, s);
        expect(encoded((f, v?: ChunkRecord) => chunkRecord(f, v, form), record, s).length).toBe(form.bytes);
      }),
    );
  });
});

describe("width of a stored chunk's size", () => {
  it.each([
    [4, 1, 2],
    [4, 255, 2],
    [4, 256, 3],
    [4, 65_535, 3],
    [4, 2 ** 32, 6],
    [4, 2 ** 50, 8],
    [5, 256, 8],
  ])("layout version %i, %i bytes: %i", (version, bytes, expected) => {
    expect(chunkSizeWidth(version, bytes, DEFAULT_SIZES)).toBe(expected);
  });
});
