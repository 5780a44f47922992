/**
 * Version 2 B-tree record, type 7: shared object header messages (HDF5 File Format Specification, section III.A.2). The same
 * records stand in the lists of the table of shared messages.
 */
import type { Address, Sizes } from "../../../bytes/address.ts";
import type { Fields } from "../../../bytes/fields.ts";
import { SHARED_HEAP_ID_BYTES } from "../../messages/shared-message.ts";
import type { RecordLayout } from "../node.ts";

export type SharedMessageRecord =
  | { readonly location: "heap"; readonly hash: number; readonly references: number; readonly heapId: Uint8Array }
  | {
      readonly location: "header";
      readonly hash: number;
      readonly messageType: number;
      /** Number of the message among those of its type in the header. */
      readonly index: number;
      readonly header: Address;
    };

const HEAP = 0;
const HEADER = 1;
const HEAP_BYTES = 4 + SHARED_HEAP_ID_BYTES;
const headerBytes = (sizes: Sizes): number => 4 + sizes.offsets;

/** Bytes of a record: both kinds take the room of the longer. */
export const sharedRecordBytes = (sizes: Sizes): number => 5 + Math.max(HEAP_BYTES, headerBytes(sizes));

export function sharedMessageRecord(f: Fields, v?: SharedMessageRecord): SharedMessageRecord {
  const location = f.u8(v && (v.location === "heap" ? HEAP : HEADER));
  const hash = f.u32(v?.hash);
  if (location === HEAP) {
    const heap = v?.location === "heap" ? v : undefined;
    const references = f.u32(heap?.references);
    const heapId = f.bytes(heap?.heapId, SHARED_HEAP_ID_BYTES);
    f.reserved(Math.max(0, headerBytes(f.sizes) - HEAP_BYTES));
    return { location: "heap", hash, references, heapId };
  }
  if (location !== HEADER) return f.fail("has a message in an unknown place", location, "0 (heap), 1 (object header)");
  const own = v?.location === "header" ? v : undefined;
  f.reserved(1);
  const messageType = f.u8(own?.messageType);
  const index = f.u16(own?.index);
  const header = f.address(own?.header) ?? f.fail("has a message in no header");
  f.reserved(Math.max(0, HEAP_BYTES - headerBytes(f.sizes)));
  return { location: "header", hash, messageType, index, header };
}

export const SHARED_MESSAGE_RECORD: RecordLayout<SharedMessageRecord> = {
  type: 7,
  title: "B-tree of shared messages",
  bytes: sharedRecordBytes,
  layout: sharedMessageRecord,
};
