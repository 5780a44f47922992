import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { asAddress } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { FREE_SPACE_HEADER, type FreeSpaceHeader, freeSpaceHeader } from "./header.ts";
import {
  type FreeSpaceSections,
  fileClassBytes,
  freeSpaceSections,
  heapClassBytes,
  type SectionsContext,
} from "./sections.ts";

const header: fc.Arbitrary<FreeSpaceHeader> = fc
  .record({
    client: fc.constantFrom("fractal heap" as const, "file" as const),
    totalSpace: any.length,
    totalSections: any.length,
    storedSections: any.length,
    ghostSections: any.length,
    classes: any.u16,
    shrinkPercent: any.u16,
    expandPercent: any.u16,
    addressBits: fc.integer({ min: 16, max: 64 }),
    maxSectionSize: any.length,
    sections: any.addressOrNull,
    usedBytes: any.length,
    allocatedBytes: any.length,
  })
  .map((v) => ({ ...v, allocatedBytes: Math.max(v.usedBytes, v.allocatedBytes) }));

describe("free-space manager", () => {
  it("its header reads what it wrote", () => {
    fc.assert(
      fc.property(header, any.sizes, (value, s) => {
        roundTrips(freeSpaceHeader, value, s);
        const bytes = encoded(freeSpaceHeader, value, s);
        expect(FREE_SPACE_HEADER.extent(new Decoder(bytes, s, ""), undefined)).toBe(bytes.length);
      }),
    );
  });

  it("bounds sizes by what no number can hold", () => {
    const [value] = fc.sample(header, 1);
    roundTrips(freeSpaceHeader, { ...value, maxSectionSize: Infinity }, { offsets: 8, lengths: 8 });
  });

  it("its sections read what they wrote, of files and of heaps", () => {
    const heapBytes = heapClassBytes(4);
    const section = fc
      .tuple(fc.nat(0xffff), fc.nat(3), fc.boolean(), any.bytes(10, 10))
      .map(([offset, type, heap, data]) => ({ offset, type, heap, data }));
    const groups = fc.array(fc.tuple(any.u16, fc.array(section, { minLength: 1, maxLength: 4 })), { maxLength: 4 });
    fc.assert(
      fc.property(header, groups, fc.boolean(), any.sizes, (v, list, heap, s) => {
        const classBytes = heap ? heapBytes : fileClassBytes;
        const value: FreeSpaceSections = {
          groups: list.map(([size, sections]) => ({
            size,
            sections: sections.map(({ offset, type, data }) => ({
              offset,
              type,
              data: data.slice(0, classBytes(type)),
            })),
          })),
        };
        const storedSections = value.groups.reduce((sum, { sections }) => sum + sections.length, 0);
        const context: SectionsContext = {
          address: asAddress(96),
          header: { ...v, storedSections, maxSectionSize: 0xffff },
          classBytes,
        };
        roundTrips((f: Fields, one?: FreeSpaceSections) => freeSpaceSections(f, one, context), value, s);
      }),
    );
  });
});
