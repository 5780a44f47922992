import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { dataspaceSelection, type StoredSelection } from "./dataspace-selection.ts";

const coordinate = fc.oneof(fc.nat(300), fc.nat(0xffff), fc.integer({ min: 2 ** 31, max: 2 ** 34 }));
const small = fc.nat(0xfffffffe);

function points(version: 1 | 2, value: fc.Arbitrary<number>): fc.Arbitrary<StoredSelection> {
  return fc.integer({ min: 1, max: 4 }).chain((rank) =>
    fc.array(fc.array(value, { minLength: rank, maxLength: rank }), { maxLength: 5 }).map((list) => ({
      kind: "points" as const,
      version,
      rank,
      points: Float64Array.from(list.flat()),
    })),
  );
}

function blocks(version: 1 | 2 | 3, value: fc.Arbitrary<number>): fc.Arbitrary<StoredSelection> {
  const corner = fc.tuple(value, value).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
  return fc.integer({ min: 1, max: 4 }).chain((rank) =>
    fc.array(fc.array(corner, { minLength: rank, maxLength: rank }), { maxLength: 5 }).map((list) => ({
      kind: "blocks" as const,
      version,
      rank,
      corners: Float64Array.from(list.flatMap((block) => [...block.map((c) => c[0]), ...block.map((c) => c[1])])),
    })),
  );
}

const unlimited = fc.oneof(coordinate, fc.constant(Infinity));
const hyperslabs = fc.integer({ min: 1, max: 4 }).chain((rank) => {
  const list = (value: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
    fc.array(value, { minLength: rank, maxLength: rank });
  return fc.record({
    kind: fc.constant("hyperslab" as const),
    version: fc.constantFrom(2 as const, 3 as const),
    rank: fc.constant(rank),
    start: list(coordinate),
    stride: list(coordinate),
    count: list(unlimited),
    block: list(unlimited),
  });
});

describe("dataspace selection", () => {
  it("reads what it wrote, in every type and version", () => {
    const any: fc.Arbitrary<StoredSelection> = fc.oneof(
      fc.constant({ kind: "none" as const }),
      fc.constant({ kind: "all" as const }),
      points(1, small),
      points(2, coordinate),
      blocks(1, small),
      blocks(2, coordinate),
      blocks(3, coordinate),
      hyperslabs,
    );
    fc.assert(fc.property(any, (value) => roundTrips(dataspaceSelection, value)));
  });

  it("takes the narrowest numbers, with the mark of unlimited left free", () => {
    const width = (start: number): number =>
      encoded(dataspaceSelection, {
        kind: "hyperslab",
        version: 3,
        rank: 1,
        start: [start],
        stride: [1],
        count: [Infinity],
        block: [1],
      })[9];
    expect([0xfffe, 0xffff, 0xfffffffe, 0xffffffff].map(width)).toEqual([2, 4, 4, 8]);
  });

  it("takes version 1 for small blocks and points, which old readers know", () => {
    expect(encoded(dataspaceSelection, { kind: "blocks", rank: 1, corners: Float64Array.of(0, 5) })[4]).toBe(1);
    expect(encoded(dataspaceSelection, { kind: "points", rank: 1, points: Float64Array.of(2 ** 33) })[4]).toBe(2);
  });

  const u32 = (...values: number[]): number[] =>
    values.flatMap((v) => [v & 255, (v >> 8) & 255, (v >> 16) & 255, v >>> 24]);
  it.each<[string, number[], RegExp]>([
    ["type 4", u32(4), /type/],
    ["version 2 of all", u32(3, 2), /version/],
    ["points of version 3", u32(1, 3), /version/],
    ["hyperslab of version 4", u32(2, 4), /version/],
    ["flags 2", [...u32(2, 2), 2], /flags/],
    ["numbers of 3 bytes", [...u32(2, 3), 1, 3], /width/],
    ["rank 33", u32(2, 1, 0, 0, 33), /rank/],
    ["rank 0", u32(1, 1, 0, 0, 0), /rank/],
    ["more points than bytes", u32(1, 1, 0, 0, 1, 0x7fffffff), /more coordinates/],
    ["a block that ends before it starts", u32(2, 1, 0, 0, 1, 1, 5, 4), /ends before/],
  ])("refuses %s", (_, found, expected) => {
    expect(() => decoded(dataspaceSelection, Uint8Array.from(found))).toThrow(expected);
  });
});
