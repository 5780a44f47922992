/**
 * Symbol table entry (HDF5 File Format Specification, section III.C): one link of an old-style group. Stands in symbol
 * table nodes, and in superblocks of versions 0 and 1 for the root group.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

/** What an entry keeps in its scratch-pad space; of the object's own header, which decides where they differ. */
export type ScratchPad =
  | { readonly cacheType: 0 }
  /** The object is a group, with its symbol table there. */
  | { readonly cacheType: 1; readonly btree: Address | null; readonly heap: Address | null }
  /** The link is soft: no hint, but the one place that says so. */
  | { readonly cacheType: 2; readonly linkValueOffset: number };

export interface SymbolTableEntry {
  /** Of the name, in the group's local heap. */
  readonly nameOffset: number;
  /** Of the object; undefined for soft links. */
  readonly header: Address | null;
  readonly scratch: ScratchPad;
}

const SCRATCH_BYTES = 16;

/** Bytes of an entry. */
export const symbolTableEntryBytes = (sizes: Sizes): number => sizes.lengths + sizes.offsets + 8 + SCRATCH_BYTES;

export function symbolTableEntry(f: Fields, v?: SymbolTableEntry): SymbolTableEntry {
  const nameOffset = f.length(v?.nameOffset);
  const header = f.address(v?.header);
  const cacheType = f.u32(v?.scratch.cacheType);
  f.reserved(4);
  const start = f.position;
  const scratch = scratchPad(f, cacheType, v?.scratch);
  f.reserved(SCRATCH_BYTES - (f.position - start));
  return { nameOffset, header, scratch };
}

function scratchPad(f: Fields, cacheType: number, v?: ScratchPad): ScratchPad {
  switch (cacheType) {
    case 0:
      return { cacheType };
    case 1: {
      const group = v as Extract<ScratchPad, { cacheType: 1 }> | undefined;
      return { cacheType, btree: f.address(group?.btree), heap: f.address(group?.heap) };
    }
    case 2:
      return { cacheType, linkValueOffset: f.u32((v as Extract<ScratchPad, { cacheType: 2 }>)?.linkValueOffset) };
    default:
      return f.fail("has an entry of unknown cache type", cacheType, "0 to 2");
  }
}
