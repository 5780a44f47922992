/** Checks the space within a fractal heap: objects stand in blocks and apart, and free sections name no space in use. */
import { Decoder } from "../../bytes/decoder.ts";
import { heapClassBytes } from "../../format/free-space/sections.ts";
import type { Steps } from "../../steps/steps.ts";
import type { FractalHeap } from "../fractal-heap/heap.ts";
import type { Checker } from "./checker.ts";
import { readFreeSpace, type Section } from "./free-space.ts";
import type { HeapBlocks, HeapRange } from "./heap-blocks.ts";
import { findOverlaps, merged } from "./space-map.ts";

const TITLE = "Fractal heap";
/** Classes of sections: within a direct block; a row of blocks that are not allocated, or part of one. */
const SINGLE = 0;
const FIRST_ROW = 1;

/** `objects`: where the managed ones stand, by ascending offset. */
export function* checkHeapSpace(
  check: Checker,
  heap: FractalHeap,
  { direct }: HeapBlocks,
  objects: readonly HeapRange[],
): Steps<void> {
  const { address, header, table } = heap;
  const fault = (reason: string, { address: at, length }: HeapRange): void =>
    check.fault(reason, { structure: TITLE, address, found: `${length} bytes at heap offset ${at}` });
  outside(objects, direct, (range) => fault("has an object outside its blocks", range));
  findOverlaps(objects, (_, later) => fault("has objects that overlap", later));
  if (header.freeSpaceManager === null) return;
  const manager = yield* readFreeSpace(
    check,
    header.freeSpaceManager,
    "fractal heap",
    heapClassBytes(table.offsetBytes),
  );
  const single = manager.filter(({ type }) => type === SINGLE);
  outside(single, direct, (range) => fault("has a free section outside its blocks", range));
  findOverlaps(merged<HeapRange>(objects, single), (_, later) => fault("has a free section that is in use", later));
  const rows = manager.filter(({ type }) => type === FIRST_ROW).map((section) => rowRange(check, heap, section));
  findOverlaps(merged<HeapRange>(direct, rows), (_, later) => fault("has a free row with allocated blocks", later));
}

/** The heap space of the blocks that a section of rows stands for. */
function rowRange({ sizes }: Checker, { table }: FractalHeap, { address, data }: Section): HeapRange {
  const from = new Decoder(data, sizes, "Free-space section of a fractal heap");
  const start = from.uint(undefined, table.offsetBytes);
  let row = from.u16();
  let column = from.u16();
  let entries = from.u16();
  let length = 0;
  for (; entries > 0; row++, column = 0) {
    const some = Math.min(entries, table.width - column);
    length += some * table.blockSize(row);
    entries -= some;
  }
  return { address: Math.max(address, start), length };
}

/** Ranges that do not lie within one block; both by ascending offset, blocks apart from each other. */
function outside(ranges: readonly HeapRange[], blocks: readonly HeapRange[], found: (range: HeapRange) => void): void {
  let b = 0;
  for (const range of ranges) {
    while (b < blocks.length && blocks[b].address + blocks[b].length <= range.address) b++;
    const block = blocks[b];
    const within =
      block && range.address >= block.address && range.address + range.length <= block.address + block.length;
    if (!within) found(range);
  }
}
