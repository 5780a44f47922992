import fc from "fast-check";
import { expect, it } from "vitest";
import { isH5Error } from "../../errors.ts";
import {
  decodeJournal,
  decodeTrailer,
  encodeJournal,
  type Journal,
  sectorChecksums,
  sectorLengths,
  TRAILER_BYTES,
} from "./journal.ts";

const block = fc.uint8Array({ minLength: 96, maxLength: 96 });
const someExtent = fc
  .record({
    at: fc.nat(100_000),
    old: fc.uint8Array({ minLength: 1, maxLength: 3000 }),
    from: fc.nat(),
    checksum: fc.nat(),
  })
  .map(({ at, old, from, checksum }) => ({ at, length: old.length, from, checksum, before: sectorChecksums(at, old) }));
const someJournal: fc.Arbitrary<Journal> = fc.record({
  commit: fc.nat({ max: 2 ** 48 - 1 }),
  superblock: fc.constantFrom(0, 512, 4096),
  before: block,
  after: block,
  size: fc.nat(),
  extents: fc.array(someExtent, { maxLength: 5 }),
});

it("reads what it wrote; every damage to trailer or index is found", () => {
  fc.assert(
    fc.property(someJournal, fc.nat(10_000), fc.nat(), (value, at, where) => {
      const bytes = encodeJournal(value, at);
      const split = bytes.length - TRAILER_BYTES;
      const end = decodeTrailer(bytes.subarray(split));
      expect(end).toMatchObject({ at, length: split });
      expect(decodeJournal(bytes.subarray(0, split), end)).toEqual(value);
      bytes[where % bytes.length] ^= 0x10;
      try {
        decodeJournal(bytes.subarray(0, split), decodeTrailer(bytes.subarray(split)));
        expect.unreachable();
      } catch (error) {
        expect(isH5Error(error, "FormatError")).toBe(true);
      }
    }),
  );
});

it("divides extents where sectors do", () => {
  expect(sectorLengths(0, 512)).toEqual([512]);
  expect(sectorLengths(500, 20)).toEqual([12, 8]);
  expect(sectorLengths(511, 1026)).toEqual([1, 512, 512, 1]);
});
