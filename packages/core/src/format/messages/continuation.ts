/** Object header continuation message, type 0x0010 (HDF5 File Format Specification, section IV.A.2.q): where a header goes on. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface Continuation {
  readonly address: Address;
  readonly length: number;
}

export function continuationMessage(f: Fields, v?: Continuation): Continuation {
  return { address: f.address(v?.address) ?? f.fail("has no address"), length: f.length(v?.length) };
}
