/** Version 2 B-tree record, type 8: attribute name for indexed attributes (HDF5 File Format Specification, section III.A.2). */
import type { RecordLayout } from "../node.ts";

/** Bytes of an attribute's id in its object's fractal heap, or in that of shared messages. */
export const ATTRIBUTE_HEAP_ID_BYTES = 8;

export interface AttributeNameRecord {
  readonly heapId: Uint8Array;
  /** See `MessageFlag`: a shared attribute stands in the heap of shared messages. */
  readonly flags: number;
  readonly creationOrder: number;
  /** lookup3 of the name. */
  readonly hash: number;
}

export const ATTRIBUTE_NAME_RECORD: RecordLayout<AttributeNameRecord> = {
  type: 8,
  title: "B-tree of attribute names",
  bytes: () => ATTRIBUTE_HEAP_ID_BYTES + 9,
  layout: (f, v) => ({
    heapId: f.bytes(v?.heapId, ATTRIBUTE_HEAP_ID_BYTES),
    flags: f.u8(v?.flags),
    creationOrder: f.u32(v?.creationOrder),
    hash: f.u32(v?.hash),
  }),
};
/** Of the hash in a record. */
export const ATTRIBUTE_HASH_OFFSET: number = ATTRIBUTE_HEAP_ID_BYTES + 5;
