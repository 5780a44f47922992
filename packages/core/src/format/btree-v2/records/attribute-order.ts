/** Version 2 B-tree record, type 9: creation order for indexed attributes (HDF5 File Format Specification, section III.A.2). */
import type { RecordLayout } from "../node.ts";
import { ATTRIBUTE_HEAP_ID_BYTES } from "./attribute-name.ts";

export interface AttributeOrderRecord {
  readonly heapId: Uint8Array;
  /** See `MessageFlag`: a shared attribute stands in the heap of shared messages. */
  readonly flags: number;
  readonly creationOrder: number;
}

export const ATTRIBUTE_ORDER_RECORD: RecordLayout<AttributeOrderRecord> = {
  type: 9,
  title: "B-tree of the creation order of attributes",
  bytes: () => ATTRIBUTE_HEAP_ID_BYTES + 5,
  layout: (f, v) => ({
    heapId: f.bytes(v?.heapId, ATTRIBUTE_HEAP_ID_BYTES),
    flags: f.u8(v?.flags),
    creationOrder: f.u32(v?.creationOrder),
  }),
};
