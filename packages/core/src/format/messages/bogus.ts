/** Bogus message, type 0x0009 (HDF5 File Format Specification, section IV.A.2.j): written by tests of other libraries only. */
import type { Fields } from "../../bytes/fields.ts";

export interface Bogus {
  readonly value: number;
}

export function bogusMessage(f: Fields, v?: Bogus): Bogus {
  const value = f.u32(v?.value);
  if (value !== 0xdeadbeef) f.fail("has a wrong value", value, "0xdeadbeef");
  return { value };
}
