/** Version 2 B-tree record, type 6: creation order for indexed group (HDF5 File Format Specification, section III.A.2). */
import type { RecordLayout } from "../node.ts";
import { LINK_HEAP_ID_BYTES } from "./link-name.ts";

export interface LinkOrderRecord {
  readonly creationOrder: number;
  readonly heapId: Uint8Array;
}

export const LINK_ORDER_RECORD: RecordLayout<LinkOrderRecord> = {
  type: 6,
  title: "B-tree of the creation order of links",
  bytes: () => 8 + LINK_HEAP_ID_BYTES,
  layout: (f, v) => ({ creationOrder: f.u64(v?.creationOrder), heapId: f.bytes(v?.heapId, LINK_HEAP_ID_BYTES) }),
};
