/**
 * Driver information of the multi driver, `"NCSAmult"` (HDF5 File Format Specification, section II.B): the files that
 * different kinds of data stand in, and the part of the address space that each of them is. A split file is one of two.
 */
import type { AddressRegion, Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { DriverInformation } from "./driver-information.ts";

export const MULTI_DRIVER = "NCSAmult";

export interface MultiMember {
  /** Name of the file, with `%s` for what all members share: `"%s-r.h5"`. */
  readonly template: string;
  /** First address, and the one after the last; usually far beyond 2^53. */
  readonly start: bigint;
  readonly end: bigint;
  /** The number that stands for `start` when addresses are read: where the file is in the storage that joins them all. */
  readonly at: number;
}

/** Super block, B-tree, raw data, global heap, local heap, object header. */
const USAGES = 6;
const UNDEFINED = 0xffff_ffff_ffff_ffffn;
const SAFE = 2n ** 53n;
/** Room of a member whose addresses do not fit a number. */
const ROOM = 2 ** 50;

export function multiMembers({ data }: DriverInformation, sizes: Sizes): MultiMember[] {
  const f = new Decoder(data, sizes, "Driver information of the multi driver");
  const map = [...f.bytes(undefined, USAGES)];
  f.reserved(2);
  const files = new Set(map.map((file, usage) => (file === 0 ? usage + 1 : file)));
  const wide = (): bigint => BigInt(f.u32()) | (BigInt(f.u32()) << 32n);
  const ranges = Array.from(files, () => ({ start: wide(), end: wide() }));
  return ranges.map(({ start, end }) => {
    if (start === UNDEFINED) f.fail("has a member without an address");
    const template = f.cstring();
    f.pad(8);
    // The numbers ascend as the addresses do.
    const rank = ranges.filter((other) => other.start < start).length;
    return { template, start, end, at: start < SAFE ? Number(start) : (rank + 1) * ROOM };
  });
}

/** How addresses of the file are read. */
export function addressRegions(members: readonly MultiMember[]): AddressRegion[] {
  return members.map(({ start, at }) => ({ start, at })).sort((a, b) => (a.start < b.start ? -1 : 1));
}
