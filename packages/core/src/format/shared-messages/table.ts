/**
 * Shared object header message table (HDF5 File Format Specification, section III.G): indexes of messages that several
 * headers share, by message type. Pointed at by the shared message table message of the superblock extension.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import { codeOf, named } from "../../bytes/choice.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface SharedMessageIndex {
  readonly kind: "list" | "btree";
  /** Bit i set: messages of type i. */
  readonly messageTypes: number;
  /** Bytes from which a message is shared. */
  readonly minimumSize: number;
  /** More messages than this go to a B-tree; fewer than that come back to a list. */
  readonly listCutoff: number;
  readonly btreeCutoff: number;
  readonly messages: number;
  readonly index: Address | null;
  readonly heap: Address | null;
}

export interface SharedMessageTable {
  readonly indexes: readonly SharedMessageIndex[];
}

/** How many indexes there are is written where the table is pointed at. */
export interface TableContext {
  readonly indexes: number;
}

const KINDS = ["list", "btree"] as const;
const indexBytes = (sizes: Sizes): number => 14 + 2 * sizes.offsets;

export function sharedMessageTable(f: Fields, v: SharedMessageTable | undefined, c: TableContext): SharedMessageTable {
  f.signature("SMTB");
  const indexes: SharedMessageIndex[] = [];
  for (let i = 0; i < c.indexes; i++) indexes.push(sharedMessageIndex(f, v?.indexes[i]));
  f.checksum();
  return { indexes };
}

function sharedMessageIndex(f: Fields, v?: SharedMessageIndex): SharedMessageIndex {
  const version = f.u8(0);
  if (version !== 0) f.fail("has an index of a version that is not known", version, "0");
  return {
    kind: named(f, KINDS, f.u8(codeOf(KINDS, v?.kind)), "kind of index"),
    messageTypes: f.u16(v?.messageTypes),
    minimumSize: f.u32(v?.minimumSize),
    listCutoff: f.u16(v?.listCutoff),
    btreeCutoff: f.u16(v?.btreeCutoff),
    messages: f.u16(v?.messages),
    index: f.address(v?.index),
    heap: f.address(v?.heap),
  };
}

export const SHARED_MESSAGE_TABLE: Structure<SharedMessageTable, TableContext> = {
  title: "Shared object header message table",
  guess: (c) => 8 + c.indexes * 30,
  extent: (head, c) => 8 + c.indexes * indexBytes(head.sizes),
  decode: (from, c) => sharedMessageTable(from, undefined, c),
};
