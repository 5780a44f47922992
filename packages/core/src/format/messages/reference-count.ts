/**
 * Object reference count message, type 0x0016 (HDF5 File Format Specification, section IV.A.2.w): hard links to an object
 * whose header is of version 2; absent where there is one.
 */
import type { Fields } from "../../bytes/fields.ts";

export interface ReferenceCount {
  readonly count: number;
}

export function referenceCountMessage(f: Fields, v?: ReferenceCount): ReferenceCount {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  return { count: f.u32(v?.count) };
}
