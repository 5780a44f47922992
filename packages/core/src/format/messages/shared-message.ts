/**
 * Shared message (HDF5 File Format Specification, section IV.A.2, "Shared Message"): stands in a message's place and points
 * at it. Versions 1 and 2 know committed datatypes only.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export type SharedMessage =
  /** In the heap of shared messages. */
  | { readonly kind: "heap"; readonly version: 3; readonly heapId: Uint8Array }
  /** In the header of another object: a committed datatype. */
  | { readonly kind: "committed"; readonly version: 1 | 2 | 3; readonly header: Address };

/** Bytes of an id in the heap of shared messages. */
export const SHARED_HEAP_ID_BYTES = 8;

const IN_HEAP = 1;
const COMMITTED = 2;

export function sharedMessage(f: Fields, v?: SharedMessage): SharedMessage {
  const version = f.u8(v?.version);
  if (version !== 1 && version !== 2 && version !== 3) {
    return f.fail("is shared in a version that is not known", version, "1 to 3");
  }
  const type = f.u8(v && (v.kind === "heap" ? IN_HEAP : version === 3 ? COMMITTED : 0));
  if (version === 3 && type === IN_HEAP) {
    const heapId = f.bytes(v?.kind === "heap" ? v.heapId : undefined, SHARED_HEAP_ID_BYTES);
    return { kind: "heap", version, heapId };
  }
  if (version === 3 && type !== COMMITTED) return f.fail("is shared in an unknown manner", type, "1 or 2");
  if (version === 1) f.reserved(6 + f.sizes.lengths);
  const header = f.address(v?.kind === "committed" ? v.header : undefined) ?? f.fail("is shared and has no address");
  return { kind: "committed", version, header };
}
