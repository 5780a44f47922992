/** Checks fractal heaps: every block, the objects in them, and the numbers that the header keeps of them. */
import type { Address } from "../../bytes/address.ts";
import { DIRECT_BLOCK_TITLE, directBlockHeaderBytes } from "../../format/fractal-heap/direct-block.ts";
import { FRACTAL_HEAP_HEADER } from "../../format/fractal-heap/header.ts";
import { type HeapId, readHeapId } from "../../format/fractal-heap/heap-id.ts";
import { INDIRECT_BLOCK } from "../../format/fractal-heap/indirect-block.ts";
import type { Steps } from "../../steps/steps.ts";
import { type FractalHeap, openFractalHeap } from "../fractal-heap/heap.ts";
import { type BlockPlace, blockRange, indirectBlock, readBlock, rootBlock } from "../fractal-heap/managed-blocks.ts";
import type { Checker } from "./checker.ts";
import type { HeapBlocks, HeapRange } from "./heap-blocks.ts";
import { checkHeapSpace } from "./heap-space.ts";
import { checkHugeObjects } from "./huge-objects.ts";

const TITLE = "Fractal heap";

/** `ids`: of all objects, each once, as the indexes over the heap have them. */
export function* checkFractalHeap(check: Checker, address: Address, ids: readonly Uint8Array[]): Steps<void> {
  const heap = yield* openFractalHeap(check.file, address);
  yield* check.structure(FRACTAL_HEAP_HEADER, address, undefined);
  const blocks: HeapBlocks = { direct: [], allocated: 0 };
  const { root, rootRows } = heap.header;
  if (root !== null && rootRows === 0) yield* checkDirect(check, heap, blocks, rootBlock(heap, root));
  else if (root !== null) yield* checkIndirect(check, heap, blocks, root, 0, rootRows);
  const objects = ids.map((id) => readHeapId(id, heap.shape, check.sizes));
  const managed = managedRanges(objects);
  checkCounts(check, heap, objects, managed, blocks);
  yield* check.guard(checkHugeObjects(check, heap, objects));
  yield* check.guard(checkHeapSpace(check, heap, blocks, managed));
}

function* checkIndirect(
  check: Checker,
  heap: FractalHeap,
  blocks: HeapBlocks,
  address: Address,
  offset: number,
  rows: number,
): Steps<void> {
  const { table } = heap;
  const block = yield* indirectBlock(check.file, heap, address, offset, rows);
  check.uses(address, indirectBytes(heap, rows, check), INDIRECT_BLOCK.title);
  for (let row = 0; row < rows; row++) {
    const size = table.blockSize(row);
    for (let column = 0; column < table.width; column++) {
      const entry = block.entries[row * table.width + column];
      if (entry.address === null) continue;
      const at = offset + table.rowOffset(row) + column * size;
      if (row < table.directRows) {
        const place = { address: entry.address, offset: at, size, filtered: entry.filtered };
        yield* check.guard(checkDirect(check, heap, blocks, place));
      } else yield* check.guard(checkIndirect(check, heap, blocks, entry.address, at, table.rowsOf(size)));
    }
  }
}

function indirectBytes({ header, table }: FractalHeap, rows: number, { sizes }: Checker): number {
  const direct = Math.min(rows, table.directRows) * table.width;
  const entry = sizes.offsets + (header.filters === undefined ? 0 : sizes.lengths + 4);
  const indirect = (rows * table.width - direct) * sizes.offsets;
  return 9 + sizes.offsets + table.offsetBytes + direct * entry + indirect;
}

function* checkDirect(check: Checker, heap: FractalHeap, blocks: HeapBlocks, place: BlockPlace): Steps<void> {
  const { at, length } = blockRange(place);
  check.uses(at, length, DIRECT_BLOCK_TITLE);
  const context = { offsetBytes: heap.table.offsetBytes, checksums: heap.header.directChecksums };
  const head = directBlockHeaderBytes(context, check.sizes);
  blocks.direct.push({ address: place.offset + head, length: place.size - head });
  blocks.allocated += place.size;
  yield* readBlock(check.file, heap, place);
}

/** Of the managed objects, by ascending offset. */
function managedRanges(objects: readonly HeapId[]): HeapRange[] {
  const ranges: HeapRange[] = [];
  for (const id of objects) if (id.kind === "managed") ranges.push({ address: id.offset, length: id.length });
  return ranges.sort((a, b) => a.address - b.address);
}

function checkCounts(
  check: Checker,
  heap: FractalHeap,
  objects: readonly HeapId[],
  managed: readonly HeapRange[],
  blocks: HeapBlocks,
): void {
  const { address, header, table } = heap;
  const tiny = objects.flatMap((id) => (id.kind === "tiny" ? [id.data.length] : []));
  const huge = objects.length - managed.length - tiny.length;
  const used = managed.reduce((sum, { length }) => sum + length, 0);
  const covered = header.root === null ? 0 : table.rowOffset(header.rootRows) || header.startingBlockSize;
  const counted: readonly [string, found: number, allowed: number][] = [
    ["managed objects", header.managedObjects, managed.length],
    ["huge objects", header.hugeObjects, huge],
    ["tiny objects", header.tinyObjects, tiny.length],
    ["bytes of tiny objects", header.tinySpace, tiny.reduce((sum, n) => sum + n, 0)],
    ["bytes of managed space", header.managedSpace, covered],
    ["bytes of allocated managed space", header.allocatedSpace, blocks.allocated],
    ["bytes of free space", header.freeSpace, capacity(heap, check) - used],
  ];
  for (const [what, found, allowed] of counted)
    if (found !== allowed)
      check.fault(`has a wrong number of ${what} in its header`, {
        structure: TITLE,
        address,
        found,
        allowed: String(allowed),
      });
}

/** Bytes for objects in all direct blocks that the heap's rows can have, allocated or not. */
function capacity({ header, table }: FractalHeap, { sizes }: Checker): number {
  const head = directBlockHeaderBytes({ offsetBytes: table.offsetBytes, checksums: header.directChecksums }, sizes);
  const rows: number[] = [];
  const above = (count: number): number => rows.slice(0, count).reduce((sum, bytes) => sum + bytes * table.width, 0);
  for (let row = 0; row < Math.max(1, header.rootRows); row++) {
    const size = table.blockSize(row);
    rows.push(row < table.directRows ? size - head : above(table.rowsOf(size)));
  }
  if (header.root === null) return 0;
  return header.rootRows === 0 ? rows[0] : above(header.rootRows);
}
