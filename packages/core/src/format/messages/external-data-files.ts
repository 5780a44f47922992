/** External data files message, type 0x0007 (HDF5 File Format Specification, section IV.A.2.h): raw data in other files. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

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

/** The message, version 1. */
export function externalDataFilesMessage(f: Fields, v?: ExternalDataFiles): ExternalDataFiles {
  const version = f.u8(1);
  if (version !== 1) f.fail("has an unknown version", version, "1");
  f.reserved(3);
  const allocated = f.u16(v?.slots.length);
  const used = f.u16(v?.slots.length);
  if (used > allocated) f.fail("uses more slots than it has", used, `at most ${allocated}`);
  const heap = f.address(v?.heap) ?? f.fail("has no heap for its names");
  const slots: ExternalFileSlot[] = [];
  for (let i = 0; i < used; i++) slots.push(slot(f, v?.slots[i]));
  return { heap, slots };
}

function slot(f: Fields, v?: ExternalFileSlot): ExternalFileSlot {
  const nameOffset = f.length(v?.nameOffset);
  const offset = f.length(v?.offset);
  if (nameOffset === Infinity || offset === Infinity) f.fail("has a slot of undefined offset");
  return { nameOffset, offset, size: f.length(v?.size) };
}
