/**
 * Shared message record list (HDF5 File Format Specification, section III.G): an index of few shared messages. Pointed at by
 * the table of shared messages.
 */
import type { Fields } from "../../bytes/fields.ts";
import {
  type SharedMessageRecord,
  sharedMessageRecord,
  sharedRecordBytes,
} from "../btree-v2/records/shared-message.ts";
import type { Structure } from "../structure.ts";

export interface SharedMessageList {
  readonly records: readonly SharedMessageRecord[];
}

/** `messages` of the index; the list takes the room of `listCutoff` of them. */
export interface ListContext {
  readonly messages: number;
}

export function sharedMessageList(f: Fields, v: SharedMessageList | undefined, c: ListContext): SharedMessageList {
  f.signature("SMLI");
  const records: SharedMessageRecord[] = [];
  for (let i = 0; i < c.messages; i++) records.push(sharedMessageRecord(f, v?.records[i]));
  f.checksum();
  return { records };
}

export const SHARED_MESSAGE_LIST: Structure<SharedMessageList, ListContext> = {
  title: "Shared message record list",
  guess: (c) => 8 + c.messages * 17,
  extent: (head, c) => 8 + c.messages * sharedRecordBytes(head.sizes),
  decode: (from, c) => sharedMessageList(from, undefined, c),
};
