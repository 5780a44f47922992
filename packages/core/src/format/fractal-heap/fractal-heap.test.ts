import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { DEFAULT_SIZES } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { isH5Error } from "../../errors.ts";
import {
  type DirectBlockContext,
  type DirectBlockHeader,
  directBlockChecksum,
  directBlockHeader,
  directBlockHeaderBytes,
} from "./direct-block.ts";
import { DoublingTable } from "./doubling-table.ts";
import { FRACTAL_HEAP_HEADER, type FractalHeapHeader, fractalHeapHeader } from "./header.ts";
import { type HeapId, type HeapIdShape, heapId, heapIdShape, readHeapId } from "./heap-id.ts";
import { INDIRECT_BLOCK, type IndirectBlock, type IndirectBlockContext, indirectBlock } from "./indirect-block.ts";

const powers = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 7 }))
  .map(([width, start, more]) => ({
    tableWidth: 2 ** width,
    startingBlockSize: 2 ** start,
    maxDirectBlockSize: 2 ** (start + more),
  }));
const header: fc.Arbitrary<FractalHeapHeader> = fc
  .tuple(
    powers,
    fc.record({
      idLength: fc.integer({ min: 1, max: 40 }),
      hugeIdsWrapped: fc.boolean(),
      directChecksums: fc.boolean(),
      maxManagedObject: fc.nat(0xffff),
      nextHugeId: any.length,
      hugeBtree: any.addressOrNull,
      freeSpace: any.length,
      freeSpaceManager: any.addressOrNull,
      managedSpace: any.length,
      allocatedSpace: any.length,
      iteratorOffset: any.length,
      managedObjects: any.length,
      hugeSpace: any.length,
      hugeObjects: any.length,
      tinySpace: any.length,
      tinyObjects: any.length,
    }),
    fc.record({ startingRows: any.u16, root: any.addressOrNull, rootRows: fc.nat(2) }),
    fc.integer({ min: 16, max: 64 }),
    fc.option(fc.record({ rootSize: any.length, rootMask: any.u32, pipeline: any.bytes(40, 1) })),
  )
  .map(([table, fields, root, maxHeapBits, filters]) => ({
    ...fields,
    maxManagedObject: Math.min(fields.maxManagedObject, table.maxDirectBlockSize),
    ...table,
    maxHeapBits,
    ...root,
    ...(filters === null ? {} : { filters }),
  }));

describe("fractal heap header", () => {
  it("reads what it wrote", () => {
    fc.assert(
      fc.property(header, any.sizes, (value, s) => {
        roundTrips(fractalHeapHeader, value, s);
        const bytes = encoded(fractalHeapHeader, value, s);
        expect(FRACTAL_HEAP_HEADER.extent(new Decoder(bytes, s, ""), undefined)).toBe(bytes.length);
        expect(FRACTAL_HEAP_HEADER.decode(new Decoder(bytes, s, ""), undefined)).toEqual(value);
      }),
    );
  });

  const GOOD = fc.sample(header, { numRuns: 1, seed: 1 })[0];
  it.each<[string, Partial<FractalHeapHeader>, string]>([
    ["table width 0", { tableWidth: 0 }, "has a table width that is no power of two"],
    ["table width 3", { tableWidth: 3 }, "has a table width that is no power of two"],
    ["block size 0", { startingBlockSize: 0 }, "has a starting block size that is no power of two"],
    [
      "direct blocks below the first",
      { startingBlockSize: 8, maxDirectBlockSize: 4 },
      "has a wrong maximum of direct block sizes",
    ],
    [
      "direct blocks of 4 GiB",
      { startingBlockSize: 8, maxDirectBlockSize: 2 ** 32 },
      "has a wrong maximum of direct block sizes",
    ],
    ["rows beyond the last offset", { rootRows: 100 }, "has more rows than its offsets reach"],
    ["0 bits", { maxHeapBits: 0 }, "has a wrong number of bits for its offsets"],
    ["65 bits", { maxHeapBits: 65 }, "has a wrong number of bits for its offsets"],
    ["ids of no bytes", { idLength: 0 }, "has ids of a wrong length"],
  ])("refuses %s", (_, damage, expected) => {
    const bytes = encoded(fractalHeapHeader, { ...GOOD, ...damage });
    try {
      FRACTAL_HEAP_HEADER.decode(new Decoder(bytes, DEFAULT_SIZES, ""), undefined);
      expect.unreachable();
    } catch (error) {
      expect(isH5Error(error, "FormatError") && error.reason).toBe(expected);
    }
  });
});

describe("doubling table", () => {
  const table = new DoublingTable({
    tableWidth: 4,
    startingBlockSize: 512,
    maxDirectBlockSize: 65_536,
    maxHeapBits: 32,
  } as FractalHeapHeader);

  it("has rows as the specification's example", () => {
    expect([0, 1, 2, 3, 8].map((row) => table.blockSize(row))).toEqual([512, 512, 1024, 2048, 65_536]);
    expect([0, 1, 2, 3].map((row) => table.rowOffset(row))).toEqual([0, 2048, 4096, 8192]);
    expect(table.directRows).toBe(9);
    expect(table.rowsOf(131_072)).toBe(7);
  });

  it("finds the row of every offset", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), (offset) => {
        const row = table.rowOf(offset);
        expect(offset).toBeGreaterThanOrEqual(table.rowOffset(row));
        expect(offset).toBeLessThan(table.rowOffset(row + 1));
      }),
    );
    for (let row = 1; row < 40; row++) {
      expect(table.rowOf(table.rowOffset(row))).toBe(row);
      expect(table.rowOf(table.rowOffset(row) - 1)).toBe(row - 1);
    }
  });
});

describe("blocks of a fractal heap", () => {
  it("an indirect block reads what it wrote", () => {
    const value = fc
      .record({
        directEntries: fc.nat(6),
        indirectEntries: fc.nat(4),
        filtered: fc.boolean(),
        offsetBytes: fc.integer({ min: 2, max: 8 }),
        heap: any.address,
        offset: any.u16,
      })
      .chain((context) =>
        fc.tuple(
          fc.constant(context),
          fc.array(fc.tuple(any.addressOrNull, any.length, any.u32), {
            minLength: context.directEntries + context.indirectEntries,
            maxLength: context.directEntries + context.indirectEntries,
          }),
        ),
      );
    fc.assert(
      fc.property(value, any.sizes, ([context, list], s) => {
        const entries = list.map(([address, size, mask], i) =>
          context.filtered && i < context.directEntries ? { address, filtered: { size, mask } } : { address },
        );
        const layout = (f: Fields, v?: IndirectBlock): IndirectBlock =>
          indirectBlock(f, v, context as IndirectBlockContext);
        const block = { heap: context.heap, offset: context.offset, entries };
        roundTrips(layout, block, s);
        const bytes = encoded(layout, block, s);
        expect(INDIRECT_BLOCK.extent(new Decoder(bytes, s, ""), context)).toBe(bytes.length);
      }),
    );
  });

  it("a direct block's header reads what it wrote, and its checksum leaves itself out", () => {
    fc.assert(
      fc.property(
        any.address,
        any.u16,
        any.u32,
        fc.boolean(),
        fc.integer({ min: 2, max: 8 }),
        any.sizes,
        (heap, offset, checksum, checksums, offsetBytes, s) => {
          const context: DirectBlockContext = { offsetBytes, checksums };
          const layout = (f: Fields, v?: DirectBlockHeader): DirectBlockHeader => directBlockHeader(f, v, context);
          const value = checksums ? { heap, offset, checksum } : { heap, offset };
          roundTrips(layout, value, s);
          const bytes = encoded(layout, value, s);
          expect(directBlockHeaderBytes(context, s)).toBe(bytes.length);
          if (!checksums) return;
          const zeroed = encoded(layout, { ...value, checksum: 0 }, s);
          expect(directBlockChecksum(bytes, bytes.length)).toBe(lookup3(zeroed));
        },
      ),
    );
  });
});

describe("fractal heap ids", () => {
  function shape(idLength: number, filtered: boolean): HeapIdShape {
    const table = { maxHeapBits: 32, maxDirectBlockSize: 65_536, maxManagedObject: 4096 };
    const filters = { rootSize: 0, rootMask: 0, pipeline: new Uint8Array(1) };
    return heapIdShape({ idLength, ...table, ...(filtered ? { filters } : {}) } as FractalHeapHeader, DEFAULT_SIZES);
  }

  const place = { address: any.address, length: any.length };
  function ids(s: HeapIdShape): fc.Arbitrary<HeapId> {
    const object = s.hugeFiltered
      ? fc.record({ ...place, filterMask: any.u32, memorySize: any.length })
      : fc.record(place);
    const room = s.tinyExtended ? s.idLength - 2 : Math.min(16, s.idLength - 1);
    return fc.oneof(
      fc.record({ kind: fc.constant("managed" as const), offset: any.u32, length: any.u16 }),
      s.hugeDirect
        ? fc.record({ kind: fc.constant("huge" as const), object })
        : fc.record({ kind: fc.constant("huge-numbered" as const), id: fc.nat(0xffff) }),
      fc.record({ kind: fc.constant("tiny" as const), data: any.bytes(room, 1) }),
    );
  }

  const shapes = fc.tuple(fc.integer({ min: 7, max: 300 }), fc.boolean()).map(([n, filtered]) => shape(n, filtered));

  it("read what they wrote, of every kind and length", () => {
    fc.assert(
      fc.property(
        shapes.chain((s) => fc.tuple(fc.constant(s), ids(s))),
        ([s, id]) => {
          const layout = (f: Fields, v?: HeapId): HeapId => heapId(f, v, s);
          roundTrips(layout, id);
          const bytes = encoded(layout, id);
          expect(bytes.length).toBe(s.idLength);
          expect(readHeapId(bytes, s, DEFAULT_SIZES)).toEqual(id);
        },
      ),
    );
  });

  it("know from their length what huge objects are named by", () => {
    expect(shape(7, false)).toMatchObject({ hugeDirect: false, hugeNumberBytes: 6, tinyExtended: false });
    expect(shape(17, false)).toMatchObject({ hugeDirect: true, tinyExtended: false });
    expect(shape(18, true)).toMatchObject({ hugeDirect: false, tinyExtended: false });
    expect(shape(29, true)).toMatchObject({ hugeDirect: true, tinyExtended: true });
  });

  it.each<[string, number[], string]>([
    ["version 1", [0x40], "has a version that is not known"],
    ["kind 3", [0x30], "has an unknown kind"],
    ["tiny beyond the id", [0x2f], "is cut short"],
  ])("are refused: %s", (_, first, expected) => {
    const bytes = Uint8Array.from([...first, ...new Array(6).fill(0)]);
    try {
      readHeapId(bytes, shape(7, false), DEFAULT_SIZES);
      expect.unreachable();
    } catch (error) {
      expect(isH5Error(error, "FormatError") && error.reason).toBe(expected);
    }
  });
});
