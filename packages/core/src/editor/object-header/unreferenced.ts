import type { Address } from "../../bytes/address.ts";

/** Objects that nothing refers to; headers of version 2 cannot say so. */
export class Unreferenced {
  /** New ones, that no link leads to yet. */
  readonly fresh: Set<Address> = new Set();
  /** Those that the last reference to went: they are deleted at the end of the change. */
  readonly lost: Set<Address> = new Set();
}
