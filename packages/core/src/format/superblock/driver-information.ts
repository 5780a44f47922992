/**
 * Driver information block (HDF5 File Format Specification, section II.B): what a file in several parts is made of.
 * Pointed at by superblocks of versions 0 and 1; later ones have a message for it.
 */
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface DriverInformation {
  /** Eight characters: `"NCSAfami"`, `"NCSAmult"`. */
  readonly driver: string;
  readonly data: Uint8Array;
}

export function driverInformation(f: Fields, v?: DriverInformation): DriverInformation {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  f.reserved(3);
  const size = f.u32(v?.data.length);
  return { driver: f.text(v?.driver, 8), data: f.bytes(v?.data, size) };
}

/** Far more than any driver has to say. */
const MAX_BYTES = 1 << 16;

export const DRIVER_INFORMATION: Structure<DriverInformation> = {
  title: "Driver information block",
  guess: () => 256,
  extent: (head) => {
    head.seek(4);
    const size = head.u32();
    if (size > MAX_BYTES) head.fail("is larger than any driver's", size, `at most ${MAX_BYTES}`);
    return 16 + size;
  },
  decode: (from: Decoder) => {
    const { driver, data } = driverInformation(from);
    return { driver, data: data.slice() };
  },
};
