/** Fixed array header (HDF5 File Format Specification, section VII.C). Pointed at by the data layout message, version 4 and up. */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { checkElementForm, type ElementForm } from "../chunk-element/chunk-elements.ts";
import type { Structure } from "../structure.ts";

export interface FixedArrayHeader extends ElementForm {
  /** A data block of more than 2^pageBits elements is stored in pages of that many. */
  readonly pageBits: number;
  /** Elements. */
  readonly count: number;
  /** `null`: no element was set yet. */
  readonly dataBlock: Address | null;
}

/** Widest page that is believed: far more than anyone writes (10). */
const MAX_PAGE_BITS = 40;

export function fixedArrayHeader(f: Fields, v?: FixedArrayHeader): FixedArrayHeader {
  f.signature("FAHD");
  const version = f.u8(0);
  if (version !== 0) f.fail("has an unknown version", version, "0");
  const client = f.u8(v?.client);
  const elementSize = f.u8(v?.elementSize);
  checkElementForm(f, { client, elementSize });
  const pageBits = f.u8(v?.pageBits);
  if (pageBits === 0 || pageBits > MAX_PAGE_BITS)
    f.fail("has pages of a wrong size", `2^${pageBits} elements`, `2^1 to 2^${MAX_PAGE_BITS}`);
  const count = f.length(v?.count);
  if (!(count > 0 && count < Infinity)) f.fail("has a wrong number of elements", count, "at least 1");
  const dataBlock = f.address(v?.dataBlock);
  f.checksum();
  return { client, elementSize, pageBits, count, dataBlock };
}

export const FIXED_ARRAY_HEADER: Structure<FixedArrayHeader> = {
  title: "Fixed array header",
  guess: () => 28,
  extent: (head) => 12 + head.sizes.lengths + head.sizes.offsets,
  decode: (from: Decoder) => fixedArrayHeader(from),
};
