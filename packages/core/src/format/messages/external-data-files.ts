/** External data files message, type 0x0007 (HDF5 File Format Specification, section IV.A.2.h): raw data in other files. */
import type { Address } from "../../bytes/address.ts";

export interface ExternalFileSlot {
  /** Offset of the file's name in the local heap. */
  readonly nameOffset: number;
  /** Byte at which the data begins in that file. */
  readonly offset: number;
  /** Bytes reserved there; `Infinity` if unlimited. */
  readonly size: number;
}

export interface ExternalDataFiles {
  /** Local heap with the names. */
  readonly heap: Address;
  readonly slots: readonly ExternalFileSlot[];
}
