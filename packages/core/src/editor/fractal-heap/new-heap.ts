/** Making of fractal heaps (HDF5 File Format Specification, section III.F), with the parameters of the reference library. */
import type { Address } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { FRACTAL_HEAP_HEADER, type FractalHeapHeader, fractalHeapHeader } from "../../format/fractal-heap/header.ts";
import type { EditorFile } from "../editor-file.ts";
import { FreeExtents } from "../free-extents.ts";

export interface HeapParameters {
  /** Bytes of an id: 7 for links, 8 for attributes and shared messages. */
  readonly idLength: number;
  readonly maxHeapBits: number;
  readonly tableWidth: number;
  readonly startingBlockSize: number;
  readonly maxDirectBlockSize: number;
  readonly maxManagedObject: number;
}

/** Of links in groups. */
export const LINK_HEAP: HeapParameters = {
  idLength: 7,
  maxHeapBits: 32,
  tableWidth: 4,
  startingBlockSize: 512,
  maxDirectBlockSize: 64 << 10,
  maxManagedObject: 4096,
};

/** Of attributes of objects. */
export const ATTRIBUTE_HEAP: HeapParameters = {
  idLength: 8,
  maxHeapBits: 40,
  tableWidth: 4,
  startingBlockSize: 1024,
  maxDirectBlockSize: 64 << 10,
  maxManagedObject: 4096,
};

/** Makes an empty heap; the address of its header. */
export function createFractalHeap(file: EditorFile, parameters: HeapParameters): Address {
  const header: FractalHeapHeader = {
    ...parameters,
    maxDirectBlockSize: Math.min(parameters.maxDirectBlockSize, 256 ** file.structures.sizes.lengths / 2),
    hugeIdsWrapped: false,
    directChecksums: true,
    nextHugeId: 0,
    hugeBtree: null,
    freeSpace: 0,
    freeSpaceManager: null,
    managedSpace: 0,
    allocatedSpace: 0,
    iteratorOffset: 0,
    managedObjects: 0,
    hugeSpace: 0,
    hugeObjects: 0,
    tinySpace: 0,
    tinyObjects: 0,
    startingRows: 1,
    root: null,
    rootRows: 0,
  };
  const address = file.allocator.allocate(headerRoom(file, header), "metadata");
  file.heapSpace.set(address, new FreeExtents());
  putHeapHeader(file, address, header);
  return address;
}

export function headerRoom(file: EditorFile, header: FractalHeapHeader): number {
  return sizeOf((f, v?: FractalHeapHeader) => fractalHeapHeader(f, v), header, file.structures.sizes);
}

export function putHeapHeader(file: EditorFile, address: Address, header: FractalHeapHeader): void {
  file.structures.put(
    FRACTAL_HEAP_HEADER,
    address,
    header,
    headerRoom(file, header),
    (f, v) => void fractalHeapHeader(f, v),
  );
}
