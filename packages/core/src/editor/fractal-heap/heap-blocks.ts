/**
 * Blocks of a fractal heap while it grows: the next direct block in the order of the doubling table, with the indirect
 * blocks that lead to it.
 */
import type { Address } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import type { FractalHeap } from "../../engine/fractal-heap/heap.ts";
import { indirectContext, indirectBlock as readIndirect } from "../../engine/fractal-heap/managed-blocks.ts";
import { FormatError } from "../../errors.ts";
import {
  DIRECT_BLOCK,
  type DirectBlockContext,
  directBlockHeader,
  directBlockHeaderBytes,
  writeDirectBlock,
} from "../../format/fractal-heap/direct-block.ts";
import type { FractalHeapHeader } from "../../format/fractal-heap/header.ts";
import { type HeapBlockEntry, INDIRECT_BLOCK, indirectBlock } from "../../format/fractal-heap/indirect-block.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";

/** An indirect block on the way to a new block, and the entry that the way goes on by. */
interface Step {
  readonly address: Address;
  /** Heap offset of its first byte. */
  readonly offset: number;
  readonly rows: number;
  entries: HeapBlockEntry[];
  readonly entry: number;
}

/** A new direct block: where it will be, and what must be changed for it. */
export interface NewBlock {
  readonly offset: number;
  readonly size: number;
  /** From the root down; empty where the block is the root. Those that do not exist yet are made. */
  readonly way: readonly Step[];
}

export const blockContext = ({ header, table }: FractalHeap): DirectBlockContext => ({
  offsetBytes: table.offsetBytes,
  checksums: header.directChecksums,
});

export function blockOverhead(file: EditorFile, heap: FractalHeap): number {
  return directBlockHeaderBytes(blockContext(heap), file.structures.sizes);
}

/** Bytes for objects in all direct blocks that the heap's rows can have, allocated or not: what its free space is counted from. */
export function objectRoom(file: EditorFile, heap: FractalHeap, { root, rootRows }: FractalHeapHeader): number {
  const { table } = heap;
  const overhead = blockOverhead(file, heap);
  if (root === null) return 0;
  if (rootRows === 0) return table.blockSize(0) - overhead;
  // An indirect block in a row has the first rows of the table again.
  const above = [0];
  for (let row = 0; row < rootRows; row++) {
    const size = table.blockSize(row);
    const room = row < table.directRows ? size - overhead : above[table.rowsOf(size)];
    above.push(above[row] + room * table.width);
  }
  return above[rootRows];
}

/** Plans the next direct block that has room for an object of `length` bytes. */
export function* planBlock(file: EditorFile, heap: FractalHeap, length: number): Steps<NewBlock> {
  const { header, table } = heap;
  const need = length + blockOverhead(file, heap);
  if (header.root === null && need <= header.startingBlockSize)
    return { offset: 0, size: header.startingBlockSize, way: [] };
  const offset = nextOffset(heap, need);
  const way: Step[] = [];
  let start = 0;
  let rows = Math.max(header.rootRows, table.rowOf(offset) + 1);
  let address: Address | null = header.rootRows === 0 ? null : header.root;
  let present = header.rootRows;
  for (;;) {
    const row = table.rowOf(offset - start);
    const size = table.blockSize(row);
    const column = Math.floor((offset - start - table.rowOffset(row)) / size);
    const entry = row * table.width + column;
    const entries = yield* entriesOf(file, heap, address, start, present, rows);
    way.push({ address: address ?? (0 as Address), offset: start, rows, entries, entry });
    if (row < table.directRows) {
      if (entries[entry].address !== null) occupied(heap.address, offset);
      return { offset, size, way };
    }
    start += table.rowOffset(row) + column * size;
    address = entries[entry].address;
    rows = table.rowsOf(size);
    present = address === null ? 0 : rows;
  }
}

function occupied(address: Address, offset: number): never {
  throw new FormatError("has a block where it would go on", {
    structure: "Fractal heap",
    address,
    found: `heap offset ${offset}`,
  });
}

/** The entries of an indirect block, with those of the rows that it shall have and has not. */
function* entriesOf(
  file: EditorFile,
  heap: FractalHeap,
  address: Address | null,
  offset: number,
  present: number,
  rows: number,
): Steps<HeapBlockEntry[]> {
  const entries: HeapBlockEntry[] =
    address === null ? [] : [...(yield* readIndirect(file, heap, address, offset, present)).entries];
  while (entries.length < rows * heap.table.width) entries.push({ address: null });
  // The first block of the heap may have been the root itself.
  if (offset === 0 && heap.header.rootRows === 0 && heap.header.root !== null)
    entries[0] = { address: heap.header.root };
  return entries;
}

/** Heap offset of the next block with room for `need` bytes: those before it that are too small stay unused. */
function nextOffset({ header, table }: FractalHeap, need: number): number {
  let offset = firstOffset(header);
  for (;;) {
    const { row, rowStart } = rowAt(table, offset);
    if (table.blockSize(row) >= need) return offset;
    offset = rowStart + table.width * table.blockSize(row);
  }
}

/** Where the heap goes on: the header says it once there is more than one block. */
function firstOffset({ root, rootRows, startingBlockSize, iteratorOffset }: FractalHeapHeader): number {
  if (root === null) return 0;
  return rootRows === 0 ? startingBlockSize : iteratorOffset;
}

/** The row of direct blocks that an offset lies in, within whichever indirect block, and where the row begins. */
function rowAt(table: FractalHeap["table"], offset: number): { readonly row: number; readonly rowStart: number } {
  let start = 0;
  for (;;) {
    const row = table.rowOf(offset - start);
    const size = table.blockSize(row);
    if (row < table.directRows) return { row, rowStart: start + table.rowOffset(row) };
    start += table.rowOffset(row) + Math.floor((offset - start - table.rowOffset(row)) / size) * size;
  }
}

/** Makes a planned block; the heap's header as it is then. */
export function makeBlock(file: EditorFile, heap: FractalHeap, { offset, size, way }: NewBlock): FractalHeapHeader {
  const { header, table } = heap;
  const address = file.allocator.allocate(size, "metadata");
  putBlock(file, heap, address, emptyBlock(file, heap, offset, size));
  const allocatedSpace = header.allocatedSpace + size;
  if (way.length === 0) return { ...header, allocatedSpace, root: address, managedSpace: size };
  const grown = { ...header, allocatedSpace, iteratorOffset: offset + size };
  let child: Address = address;
  for (let level = way.length - 1; level >= 0; level--) {
    const step = way[level];
    const before = step.entries[step.entry].address;
    step.entries[step.entry] = { address: child };
    const known =
      level === 0 ? (header.rootRows === 0 ? null : header.root) : way[level - 1].entries[way[level - 1].entry].address;
    child = putIndirect(file, heap, step, known);
    if (before !== null && before === child) break;
  }
  const [root] = way;
  const moved = root.rows !== header.rootRows || header.root === null;
  return { ...grown, root: moved ? child : header.root, rootRows: root.rows, managedSpace: table.rowOffset(root.rows) };
}

/** Puts an indirect block: where it stands, or elsewhere if it has more rows now. */
function putIndirect(
  file: EditorFile,
  heap: FractalHeap,
  { offset, rows, entries }: Step,
  known: Address | null,
): Address {
  const { structures, allocator, pages } = file;
  const context = indirectContext(heap, offset, rows);
  const room = indirectRoom(file, heap, offset, rows);
  const grows = offset === 0 && known !== null && rows !== heap.header.rootRows;
  if (grows) {
    const old = indirectRoom(file, heap, 0, heap.header.rootRows);
    structures.forget(known);
    allocator.free(known, old, "metadata");
    pages.invalidate(known, old);
  }
  const address = known === null || grows ? allocator.allocate(room, "metadata") : known;
  structures.put(
    INDIRECT_BLOCK,
    address,
    { heap: heap.address, offset, entries },
    room,
    (f, v) => void indirectBlock(f, v, context),
  );
  return address;
}

export function indirectRoom(file: EditorFile, heap: FractalHeap, offset: number, rows: number): number {
  const { offsets } = file.structures.sizes;
  const { directEntries, indirectEntries, offsetBytes } = indirectContext(heap, offset, rows);
  return 9 + offsets + offsetBytes + (directEntries + indirectEntries) * offsets;
}

function emptyBlock(file: EditorFile, heap: FractalHeap, offset: number, size: number): Uint8Array {
  const to = new Encoder(file.structures.sizes, size);
  directBlockHeader(to, { heap: heap.address, offset, checksum: 0 }, blockContext(heap));
  to.reserved(size - to.position);
  return to.finish();
}

/** Puts a direct block. */
export function putBlock(file: EditorFile, heap: FractalHeap, address: Address, bytes: Uint8Array): void {
  const context = blockContext(heap);
  file.heapBlocks.delete(address);
  file.structures.put(DIRECT_BLOCK, address, bytes, bytes.length, (f, v) => writeDirectBlock(f, v, context));
}
