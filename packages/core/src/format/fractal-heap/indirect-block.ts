/**
 * Fractal heap indirect block (HDF5 File Format Specification, section III.F): addresses of further blocks. Pointed at by the
 * heap's header, and by other indirect blocks.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface HeapBlockEntry {
  /** `null`: not allocated. */
  readonly address: Address | null;
  /** Direct blocks of heaps with filters: stored bytes, and the filters that were skipped. */
  readonly filtered?: { readonly size: number; readonly mask: number };
}

export interface IndirectBlock {
  readonly heap: Address;
  /** Heap offset of its first byte. */
  readonly offset: number;
  /** Row by row, direct blocks first. */
  readonly entries: readonly HeapBlockEntry[];
}

export interface IndirectBlockContext {
  readonly heap: Address;
  readonly offset: number;
  readonly offsetBytes: number;
  readonly directEntries: number;
  readonly indirectEntries: number;
  readonly filtered: boolean;
}

export function indirectBlock(f: Fields, v: IndirectBlock | undefined, c: IndirectBlockContext): IndirectBlock {
  f.signature("FHIB");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const heap = f.address(v?.heap);
  if (heap !== c.heap) f.fail("belongs to another heap", heap, String(c.heap));
  const offset = f.uint(v?.offset, c.offsetBytes);
  if (offset !== c.offset) f.fail("is of another place in its heap", offset, String(c.offset));
  const entries: HeapBlockEntry[] = [];
  for (let i = 0; i < c.directEntries; i++) entries.push(directEntry(f, c, v?.entries[i]));
  for (let i = 0; i < c.indirectEntries; i++)
    entries.push({ address: f.address(v?.entries[c.directEntries + i].address) });
  f.checksum();
  return { heap: c.heap, offset, entries };
}

function directEntry(f: Fields, c: IndirectBlockContext, v?: HeapBlockEntry): HeapBlockEntry {
  const address = f.address(v?.address);
  if (!c.filtered) return { address };
  return { address, filtered: { size: f.length(v?.filtered?.size), mask: f.u32(v?.filtered?.mask) } };
}

function bytesOf(c: IndirectBlockContext, sizes: Sizes): number {
  const direct = sizes.offsets + (c.filtered ? sizes.lengths + 4 : 0);
  return 9 + sizes.offsets + c.offsetBytes + c.directEntries * direct + c.indirectEntries * sizes.offsets;
}

export const INDIRECT_BLOCK: Structure<IndirectBlock, IndirectBlockContext> = {
  title: "Fractal heap indirect block",
  guess: (c) => bytesOf(c, { offsets: 8, lengths: 8 }),
  extent: (head, c) => bytesOf(c, head.sizes),
  decode: (from, c) => indirectBlock(from, undefined, c),
};
