import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { DEFAULT_SIZES, storedAddress } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { isH5Error } from "../../errors.ts";
import type { SymbolTableEntry } from "../group/symbol-table-entry.ts";
import { type CacheImage, cacheImage } from "./cache-image.ts";
import { DRIVER_INFORMATION, driverInformation } from "./driver-information.ts";
import { addressRegions, multiMembers } from "./multi-driver.ts";
import {
  driverInformationAddress,
  hasSignature,
  readSuperblock,
  SUPERBLOCK_MAX_BYTES,
  type Superblock,
  superblock,
  superblockSizes,
} from "./superblock.ts";

const rank = fc.integer({ min: 1, max: 0xffff });
const entry: fc.Arbitrary<SymbolTableEntry> = fc.record({
  nameOffset: any.length,
  header: any.addressOrNull,
  scratch: fc.oneof(
    fc.constant({ cacheType: 0 as const }),
    fc.record({ cacheType: fc.constant(1 as const), btree: any.addressOrNull, heap: any.addressOrNull }),
    fc.record({ cacheType: fc.constant(2 as const), linkValueOffset: any.u32 }),
  ),
});
const common = { base: any.address, endOfFile: any.address };
const values: fc.Arbitrary<Superblock> = fc.oneof(
  fc
    .record({
      ...common,
      version: fc.constantFrom(0 as const, 1 as const),
      consistencyFlags: any.u32,
      groupLeafK: rank,
      groupInternalK: rank,
      chunkInternalK: rank,
      freeSpace: any.addressOrNull,
      driverInformation: any.addressOrNull,
      rootEntry: entry,
    })
    .map((v) => (v.version === 0 ? { ...v, chunkInternalK: 32 } : v)),
  fc.record({
    ...common,
    version: fc.constantFrom(2 as const, 3 as const),
    consistencyFlags: any.u8,
    extension: any.addressOrNull,
    root: any.address,
  }),
);

describe("superblock", () => {
  it("reads what it wrote, in every version and width", () => {
    fc.assert(
      fc.property(values, any.sizes, (value, s) => {
        roundTrips(superblock, value, s);
        const bytes = encoded(superblock, value, s);
        expect(bytes.length).toBeLessThanOrEqual(SUPERBLOCK_MAX_BYTES);
        expect(hasSignature(bytes)).toBe(true);
        expect(superblockSizes(bytes, 0)).toEqual(s);
        expect(readSuperblock(bytes, 0, s)).toEqual(value);
        const driver = "driverInformation" in value ? value.driverInformation : null;
        expect(driverInformationAddress(bytes, 0, s)).toBe(driver);
      }),
    );
  });

  const V2: Superblock = {
    version: 2,
    consistencyFlags: 0,
    base: 0 as never,
    extension: null,
    endOfFile: 100 as never,
    root: 48 as never,
  };
  it.each<[string, number, number, string]>([
    ["version 4", 8, 4, "UnsupportedError: has a version that is not known"],
    ["version 255", 8, 255, "UnsupportedError: has a version that is not known"],
    ["offsets of 0 bytes", 9, 0, "FormatError: has an impossible size of offsets"],
    ["offsets of 3 bytes", 9, 3, "FormatError: has an impossible size of offsets"],
    ["offsets of 16 bytes", 9, 16, "UnsupportedError: has a size of offsets that is not supported"],
    ["lengths of 255 bytes", 10, 255, "FormatError: has an impossible size of lengths"],
    ["a flipped bit", 12, 1, "FormatError: fails its checksum"],
  ])("refuses %s", (_, at, byte, expected) => {
    const bytes = encoded(superblock, V2).slice();
    bytes[at] = byte;
    let found = "read";
    try {
      readSuperblock(bytes, 0, superblockSizes(bytes, 0));
    } catch (error) {
      if (!isH5Error(error)) throw error;
      found = `${error.name}: ${error.reason}`;
    }
    expect(found).toBe(expected);
  });
});

describe("driver information", () => {
  it("reads what it wrote", () => {
    const value = fc.record({ driver: fc.constantFrom("NCSAfami", "NCSAmult"), data: any.bytes(80) });
    fc.assert(
      fc.property(value, (v) => {
        roundTrips(driverInformation, v);
        const bytes = encoded(driverInformation, v);
        expect(DRIVER_INFORMATION.extent(new Decoder(bytes, DEFAULT_SIZES, ""), undefined)).toBe(bytes.length);
      }),
    );
  });

  it("tells the members of a split file, and how their addresses are read", () => {
    const hex =
      "0101030301010000" +
      "0000000000000000" +
      "8016000000000000" +
      "ffffffffffffff7f" +
      "6c3b000000000000" +
      "25732d6d2e683500" +
      "25732d722e683500";
    const data = Uint8Array.from(Buffer.from(hex, "hex"));
    const members = multiMembers({ driver: "NCSAmult", data }, DEFAULT_SIZES);
    expect(members.map(({ template, start }) => [template, start])).toEqual([
      ["%s-m.h5", 0n],
      ["%s-r.h5", 0x7fff_ffff_ffff_ffffn],
    ]);
    const sizes = { ...DEFAULT_SIZES, regions: addressRegions(members) };
    const read = (bytes: string): unknown =>
      new Decoder(Uint8Array.from(Buffer.from(bytes, "hex")), sizes, "address").address();
    expect(read("0102000000000000")).toBe(0x201);
    expect(read("0000000000000080")).toBe(members[1].at + 1);
    expect(read("ffffffffffffffff")).toBe(null);
    expect(storedAddress(0x201, sizes)).toBe(0x201n);
    expect(storedAddress(members[1].at + 1, sizes)).toBe(0x8000_0000_0000_0000n);
    expect(storedAddress(0x201, DEFAULT_SIZES)).toBe(0x201n);
  });
});

describe("metadata cache image", () => {
  const value: fc.Arbitrary<CacheImage> = fc.record({
    entries: fc.array(
      fc.record({
        type: any.u8,
        flags: any.u8,
        ring: any.u8,
        age: any.u8,
        children: any.u16,
        dirtyChildren: any.u16,
        rank: fc.integer({ min: -1, max: 1000 }),
        address: any.address,
        parents: fc.array(any.address, { maxLength: 3 }),
        image: any.bytes(60, 1),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  });
  it("reads what it wrote", () => {
    fc.assert(
      fc.property(value, any.sizes, (v, s) => {
        let length = 0;
        const layout = (f: Parameters<typeof cacheImage>[0], one?: CacheImage): CacheImage =>
          cacheImage(f, one, length);
        length = encoded(layout, v, s).length;
        roundTrips(layout, v, s);
      }),
    );
  });
});
