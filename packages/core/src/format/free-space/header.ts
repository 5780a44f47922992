/**
 * Free-space manager header (HDF5 File Format Specification, section III.E). Pointed at by file space info messages, for the
 * file's own free space, and by fractal heaps, for theirs.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import { codeOf, named } from "../../bytes/choice.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface FreeSpaceHeader {
  readonly client: "fractal heap" | "file";
  readonly totalSpace: number;
  readonly totalSections: number;
  /** Sections that are written; the others follow from them. */
  readonly storedSections: number;
  readonly ghostSections: number;
  readonly classes: number;
  /** Percentages of the room for sections at which it shrinks and grows. */
  readonly shrinkPercent: number;
  readonly expandPercent: number;
  /** Bits of the addresses that sections have. */
  readonly addressBits: number;
  /** `Infinity`: the largest number that a length can be, as the file's own managers have it. */
  readonly maxSectionSize: number;
  /** `null`: there are no sections. */
  readonly sections: Address | null;
  /** Bytes of the sections, and of the room that they have. */
  readonly usedBytes: number;
  readonly allocatedBytes: number;
}

const CLIENTS = ["fractal heap", "file"] as const;
const MAX_ADDRESS_BITS = 64;

export function freeSpaceHeader(f: Fields, v?: FreeSpaceHeader): FreeSpaceHeader {
  f.signature("FSHD");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const value: FreeSpaceHeader = {
    client: named(f, CLIENTS, f.u8(codeOf(CLIENTS, v?.client)), "client"),
    totalSpace: f.length(v?.totalSpace),
    totalSections: f.length(v?.totalSections),
    storedSections: f.length(v?.storedSections),
    ghostSections: f.length(v?.ghostSections),
    classes: f.u16(v?.classes),
    shrinkPercent: f.u16(v?.shrinkPercent),
    expandPercent: f.u16(v?.expandPercent),
    addressBits: f.u16(v?.addressBits),
    maxSectionSize: maxSectionSize(f, v?.maxSectionSize),
    sections: f.address(v?.sections),
    usedBytes: f.length(v?.usedBytes),
    allocatedBytes: f.length(v?.allocatedBytes),
  };
  f.checksum();
  if (value.addressBits > MAX_ADDRESS_BITS) f.fail("has addresses of too many bits", value.addressBits, "at most 64");
  if (value.usedBytes > value.allocatedBytes) f.fail("uses more bytes than it has", value.usedBytes);
  return value;
}

/** Without a sign: of 8 bytes 2^63 - 1 is the most, which is no safe integer. */
function maxSectionSize(f: Fields, v?: number): number {
  const width = f.sizes.lengths;
  if (width < 8) return f.length(v);
  const low = f.u32(v === Infinity ? 0xffff_ffff : v && v % TWO_32);
  const high = f.u32(v === Infinity ? 0x7fff_ffff : v && Math.floor(v / TWO_32));
  return high >= 0x20_0000 ? Infinity : high * TWO_32 + low;
}

const TWO_32 = 0x1_0000_0000;

/** Bytes of a header. */
export const freeSpaceHeaderBytes = ({ lengths, offsets }: Sizes): number => 18 + 7 * lengths + offsets;

export const FREE_SPACE_HEADER: Structure<FreeSpaceHeader> = {
  title: "Free-space manager header",
  guess: () => 88,
  extent: (head) => freeSpaceHeaderBytes(head.sizes),
  decode: (from) => freeSpaceHeader(from),
};
