/** Global heap id (HDF5 File Format Specification, section III.E): names an object in a global heap. In elements and messages. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface GlobalHeapId {
  /** Collection; `null`: no object. */
  readonly collection: Address | null;
  /** Object in it. */
  readonly index: number;
}

export function globalHeapId(f: Fields, v?: GlobalHeapId): GlobalHeapId {
  return { collection: f.address(v?.collection), index: f.u32(v?.index) };
}
