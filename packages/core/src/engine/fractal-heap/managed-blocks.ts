/** Blocks of a fractal heap: which one holds a heap offset, and its bytes, checked and unfiltered. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { FormatError } from "../../errors.ts";
import {
  DIRECT_BLOCK,
  DIRECT_BLOCK_TITLE,
  type DirectBlockContext,
  directBlockChecksum,
  directBlockHeader,
  directBlockHeaderBytes,
} from "../../format/fractal-heap/direct-block.ts";
import {
  type HeapBlockEntry,
  INDIRECT_BLOCK,
  type IndirectBlock,
  type IndirectBlockContext,
} from "../../format/fractal-heap/indirect-block.ts";
import type { Range } from "../../steps/pages.ts";
import type { Steps } from "../../steps/steps.ts";
import { withinLimit } from "../limits.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { unfiltered } from "./filtered.ts";
import type { FractalHeap, HeapBlock } from "./heap.ts";

/** Where a direct block stands. */
export interface BlockPlace {
  readonly address: Address;
  /** Heap offset of its first byte. */
  readonly offset: number;
  /** Bytes once the filters are undone. */
  readonly size: number;
  readonly filtered: HeapBlockEntry["filtered"];
}

/** The block that holds a heap offset, if it is the one last used. */
export function peekBlock(heap: FractalHeap, offset: number): HeapBlock | undefined {
  const { last } = heap;
  return last !== undefined && offset >= last.offset && offset < last.offset + last.bytes.length ? last : undefined;
}

/** Where the direct block stands that holds a heap offset. */
export function* findBlock(file: MetadataFile, heap: FractalHeap, offset: number): Steps<BlockPlace> {
  const { header, table } = heap;
  if (header.root === null) fail(heap, "has an object and no block", offset);
  if (header.rootRows === 0) return rootBlock(heap, header.root);
  let address: Address = header.root;
  let rows = header.rootRows;
  let start = 0;
  for (let depth = 1; ; depth++) {
    withinLimit(file.limits, "treeDepth", depth, INDIRECT_BLOCK.title);
    const block = yield* indirectBlock(file, heap, address, start, rows);
    const row = table.rowOf(offset - start);
    if (row >= rows) fail(heap, "has an object outside its blocks", offset);
    const size = table.blockSize(row);
    const column = Math.floor((offset - start - table.rowOffset(row)) / size);
    const entry = block.entries[row * table.width + column];
    if (entry.address === null) fail(heap, "has an object in a block that is not allocated", offset);
    start += table.rowOffset(row) + column * size;
    if (row < table.directRows) return { address: entry.address, offset: start, size, filtered: entry.filtered };
    address = entry.address;
    rows = table.rowsOf(size);
  }
}

/** The root, where it is a direct block. */
export function rootBlock({ header }: FractalHeap, address: Address): BlockPlace {
  const { filters, startingBlockSize: size } = header;
  return { address, offset: 0, size, filtered: filters && { size: filters.rootSize, mask: filters.rootMask } };
}

/** What the root points at, where it is an indirect block. */
export function* rootEntries(file: MetadataFile, heap: FractalHeap, root: Address): Steps<readonly HeapBlockEntry[]> {
  return (yield* indirectBlock(file, heap, root, 0, heap.header.rootRows)).entries;
}

export function* indirectBlock(
  file: MetadataFile,
  heap: FractalHeap,
  address: Address,
  offset: number,
  rows: number,
): Steps<IndirectBlock> {
  const context = indirectContext(heap, offset, rows);
  const { structures } = file;
  return structures.peek(INDIRECT_BLOCK, address, context) ?? (yield* structures.get(INDIRECT_BLOCK, address, context));
}

/** What an indirect block of so many rows, at a heap offset, is like. */
export function indirectContext(
  { address: heap, header, table }: FractalHeap,
  offset: number,
  rows: number,
): IndirectBlockContext {
  const directRows = Math.min(rows, table.directRows);
  return {
    heap,
    offset,
    offsetBytes: table.offsetBytes,
    directEntries: directRows * table.width,
    indirectEntries: (rows - directRows) * table.width,
    filtered: header.filters !== undefined,
  };
}

/** What must be read of the root, where it is an indirect block. */
export function indirectRange(heap: FractalHeap, root: Address, rows: number): Range {
  return { at: root, length: INDIRECT_BLOCK.guess(indirectContext(heap, 0, rows)) };
}

/** The direct block's bytes. */
export function* readBlock(file: MetadataFile, heap: FractalHeap, place: BlockPlace): Steps<HeapBlock> {
  const context: DirectBlockContext = {
    offsetBytes: heap.table.offsetBytes,
    checksums: heap.header.directChecksums,
  };
  const headerBytes = directBlockHeaderBytes(context, file.structures.sizes);
  let bytes = file.structures.inFront(DIRECT_BLOCK, place.address) ?? file.heapBlocks.get(place.address);
  if (bytes === undefined || bytes.length !== place.size) {
    bytes = yield* load(file, heap, place);
    check(file, heap, place, bytes, context, headerBytes);
    file.heapBlocks.set(place.address, bytes);
  }
  heap.last = { offset: place.offset, headerBytes, bytes };
  return heap.last;
}

function* load(file: MetadataFile, heap: FractalHeap, place: BlockPlace): Steps<Uint8Array> {
  const { at, length } = blockRange(place);
  withinLimit(file.limits, "chunkBytes", Math.max(length, place.size), DIRECT_BLOCK_TITLE);
  const window = file.pages.peek(at, length) ?? (yield* file.pages.read(at, length));
  if (window.length < length) {
    throw new FormatError("runs past the end of the file", {
      structure: DIRECT_BLOCK_TITLE,
      address: at,
      found: `${window.length} bytes`,
      allowed: `${length}`,
    });
  }
  const stored = window.block.subarray(window.offset, window.offset + length);
  if (place.filtered === undefined || heap.pipeline === undefined) return stored.slice();
  return yield* unfiltered(file, heap.pipeline, stored, place.filtered.mask, place.size, place.address);
}

/** What must be read of a block. */
export function blockRange({ address, size, filtered }: BlockPlace): Range {
  return { at: address, length: filtered?.size ?? size };
}

function check(
  file: MetadataFile,
  heap: FractalHeap,
  place: BlockPlace,
  bytes: Uint8Array,
  context: DirectBlockContext,
  headerBytes: number,
): void {
  const from = new Decoder(bytes, file.structures.sizes, DIRECT_BLOCK_TITLE, place.address);
  const header = directBlockHeader(from, undefined, context);
  if (header.heap !== heap.address) from.fail("belongs to another heap", header.heap, String(heap.address));
  if (header.offset !== place.offset) from.fail("is of another place in its heap", header.offset, `${place.offset}`);
  if (header.checksum === undefined) return;
  const computed = directBlockChecksum(bytes, headerBytes);
  if (computed !== header.checksum) from.fail("fails its checksum", header.checksum, String(computed));
}

function fail(heap: FractalHeap, reason: string, offset: number): never {
  throw new FormatError(reason, {
    structure: "Fractal heap",
    address: heap.address,
    found: `heap offset ${offset}`,
  });
}
