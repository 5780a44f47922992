import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { asAddress, DEFAULT_SIZES, type Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { GLOBAL_HEAP_TABLE, type GlobalHeapCollection, globalHeapCollection } from "./global-heap-collection.ts";
import { globalHeapId } from "./global-heap-id.ts";

const sizes = fc.record<Sizes>({ offsets: fc.constantFrom(2, 4, 8), lengths: fc.constantFrom(2, 4, 8) });
const aligned = (n: number): number => Math.ceil(n / 8) * 8;

const collections = fc
  .tuple(
    sizes,
    fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: 8 }),
    fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 8, maxLength: 8 }),
    fc.nat(5),
  )
  .map(([s, indices, data, spare]) => {
    const objects = indices.map((index, i) => ({ index, referenceCount: i, data: new Uint8Array(data[i]) }));
    const used = objects.reduce((sum, o) => sum + 16 + aligned(o.data.length), 16);
    return { s, value: { size: used + 8 * spare, objects } satisfies GlobalHeapCollection };
  });

describe("global heap collection", () => {
  it("reads what it wrote", () => {
    fc.assert(fc.property(collections, ({ s, value }) => roundTrips(globalHeapCollection, value, s)));
  });

  it("finds the same objects by index", () => {
    fc.assert(
      fc.property(collections, ({ s, value }) => {
        const bytes = encoded(globalHeapCollection, value, s);
        const block = new Uint8Array(bytes.length + 24);
        block.set(bytes, 16);
        const from = (): Decoder => new Decoder(block, s, "heap", 0, 16, 16 + bytes.length);
        expect(GLOBAL_HEAP_TABLE.extent(from(), undefined)).toBe(bytes.length);
        const table = GLOBAL_HEAP_TABLE.decode(from(), undefined);
        expect(table).toMatchObject({ start: 16, size: value.size });
        for (const { index, data } of value.objects) {
          const at = table.start + table.offsets[index];
          expect(new Uint8Array(block.subarray(at, at + table.lengths[index]))).toEqual(data);
        }
        const found = table.offsets.filter((offset) => offset !== 0).length;
        expect(found).toBe(value.objects.length);
      }),
    );
  });

  const object = (index: number, size: number): number[] => [index, 0, 0, 0, 0, 0, 0, 0, size, 0, 0, 0, 0, 0, 0, 0];
  const collection = (size: number, ...objects: number[][]): Uint8Array => {
    const bytes = new Uint8Array(Math.max(16, size));
    bytes.set([0x47, 0x43, 0x4f, 0x4c, 1, 0, 0, 0, size]);
    bytes.set(objects.flat(), 16);
    return bytes;
  };
  it.each<[string, Uint8Array, RegExp]>([
    ["a size below its header", collection(8), /wrong size/],
    ["an object past its end", collection(40, object(1, 9)), /larger than/],
    ["two objects of one index", collection(64, object(1, 0), object(1, 0)), /two objects/],
    ["version 2", Uint8Array.of(0x47, 0x43, 0x4f, 0x4c, 2, 0, 0, 0), /version/],
  ])("refuses %s", (_, bytes, expected) => {
    const from = new Decoder(bytes, DEFAULT_SIZES, "heap");
    expect(() => GLOBAL_HEAP_TABLE.decode(from, undefined)).toThrow(expected);
  });

  it("ends at object 0, whatever its size says", () => {
    const from = new Decoder(collection(56, object(3, 0), object(0, 0)), DEFAULT_SIZES, "heap");
    const table = GLOBAL_HEAP_TABLE.decode(from, undefined);
    expect(table.offsets[3]).toBe(32);
    expect(table.offsets.filter((offset) => offset !== 0).length).toBe(1);
    expect(decoded(globalHeapCollection, collection(56, object(3, 0), object(0, 0))).objects.length).toBe(1);
  });
});

describe("global heap id", () => {
  it("reads what it wrote", () => {
    const id = fc.record({
      collection: fc.oneof(fc.constant(null), fc.nat(0xfffe).map(asAddress)),
      index: fc.nat(0xffffffff),
    });
    fc.assert(fc.property(id, sizes, (value, s) => roundTrips(globalHeapId, value, s)));
  });
});
