/**
 * The free space of fractal heaps that are edited: their free-space managers (HDF5 File Format Specification, section III.E) are
 * taken when a heap is changed first, and written with the commit. Without them what is free would be lost with the session.
 */
import type { Address } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import type { FractalHeap } from "../../engine/fractal-heap/heap.ts";
import { openFractalHeap } from "../../engine/fractal-heap/heap.ts";
import {
  FREE_SPACE_HEADER,
  type FreeSpaceHeader,
  freeSpaceHeader,
  freeSpaceHeaderBytes,
} from "../../format/free-space/header.ts";
import {
  FREE_SPACE_SECTIONS,
  type FreeSpaceSections,
  freeSpaceSections,
  heapClassBytes,
  type SectionsContext,
} from "../../format/free-space/sections.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { EXPAND, groupedBySize, SHRINK } from "../file-space/managers.ts";
import { FreeExtents } from "../free-extents.ts";
import { putHeapHeader } from "./new-heap.ts";

/** Sections of class 0 are free places in blocks; those of rows are blocks that are not there, and are not needed. */
const SINGLE = 0;
/** As many as the reference library gives the managers of heaps. */
const CLASSES = 4;

/** Takes the manager of a heap away: what it says is free. */
export function* takeManager(file: EditorFile, heap: FractalHeap, manager: Address): Steps<FreeExtents> {
  const { structures, allocator } = file;
  const space = new FreeExtents();
  const header = yield* structures.get(FREE_SPACE_HEADER, manager, undefined);
  if (header.sections !== null) {
    const context = { address: manager, header, classBytes: heapClassBytes(heap.table.offsetBytes) };
    const { groups } = yield* structures.get(FREE_SPACE_SECTIONS, header.sections, context);
    for (const { size, sections } of groups) {
      for (const { offset, type } of sections) if (type === SINGLE) space.add(offset, size);
    }
    structures.forget(header.sections);
    allocator.free(header.sections, header.allocatedBytes, "metadata");
  }
  structures.forget(manager);
  allocator.free(manager, freeSpaceHeaderBytes(structures.sizes), "metadata");
  return space;
}

/** Before a commit: heaps that were changed get managers that say what is free in them. */
export function* keepHeapSpace(file: EditorFile): Steps<void> {
  for (const [address, space] of file.heapSpace) {
    if (space.count === 0) continue;
    const heap = yield* openFractalHeap(file, address);
    if (heap.header.freeSpaceManager !== null) continue;
    putHeapHeader(file, address, { ...heap.header, freeSpaceManager: putManager(file, heap, space) });
  }
  // The next change of a heap takes its manager again.
  file.heapSpace.clear();
}

function putManager({ structures, allocator }: EditorFile, heap: FractalHeap, space: FreeExtents): Address {
  const { sizes } = structures;
  const value: FreeSpaceSections = { groups: groupedBySize(space.extents(), SINGLE) };
  const plain = headerOf(heap, value);
  const classBytes = heapClassBytes(heap.table.offsetBytes);
  const length = freeSpaceHeaderBytes(sizes);
  const address = allocator.allocate(length, "metadata");
  const context: SectionsContext = { address, header: plain, classBytes };
  const room = sizeOf((f, v) => freeSpaceSections(f, v, context), value, sizes);
  const sections = allocator.allocate(room, "metadata");
  const header = { ...plain, sections, usedBytes: room, allocatedBytes: room };
  structures.put(FREE_SPACE_HEADER, address, header, length, (f, v) => void freeSpaceHeader(f, v));
  structures.put(
    FREE_SPACE_SECTIONS,
    sections,
    value,
    room,
    (f, v) => void freeSpaceSections(f, v, { ...context, header }),
  );
  return address;
}

function headerOf({ header }: FractalHeap, { groups }: FreeSpaceSections): FreeSpaceHeader {
  const count = groups.reduce((sum, { sections }) => sum + sections.length, 0);
  return {
    client: "fractal heap",
    totalSpace: groups.reduce((sum, { size, sections }) => sum + size * sections.length, 0),
    totalSections: count,
    storedSections: count,
    ghostSections: 0,
    classes: CLASSES,
    shrinkPercent: SHRINK,
    expandPercent: EXPAND,
    addressBits: header.maxHeapBits,
    maxSectionSize: header.maxDirectBlockSize,
    sections: null,
    usedBytes: 0,
    allocatedBytes: 0,
  };
}
