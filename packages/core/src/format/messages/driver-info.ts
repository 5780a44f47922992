/**
 * Driver info message, type 0x0014 (HDF5 File Format Specification, section IV.A.2.u): what a file in several parts is made
 * of. Stands in the superblock extension; old superblocks point at a block for it.
 */
import type { Fields } from "../../bytes/fields.ts";
import type { DriverInformation } from "../superblock/driver-information.ts";

export function driverInfoMessage(f: Fields, v?: DriverInformation): DriverInformation {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const driver = f.text(v?.driver, 8);
  return { driver, data: f.bytes(v?.data, f.u16(v?.data.length)) };
}
