/** Version 2 B-tree record, type 5: link name for indexed group (HDF5 File Format Specification, section III.A.2). */
import type { RecordLayout } from "../node.ts";

/** Bytes of a link's id in its group's fractal heap. */
export const LINK_HEAP_ID_BYTES = 7;

export interface LinkNameRecord {
  /** lookup3 of the name. */
  readonly hash: number;
  readonly heapId: Uint8Array;
}

export const LINK_NAME_RECORD: RecordLayout<LinkNameRecord> = {
  type: 5,
  title: "B-tree of link names",
  bytes: () => 4 + LINK_HEAP_ID_BYTES,
  layout: (f, v) => ({ hash: f.u32(v?.hash), heapId: f.bytes(v?.heapId, LINK_HEAP_ID_BYTES) }),
};
