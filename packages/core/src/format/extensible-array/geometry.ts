/**
 * Where an extensible array keeps its elements (HDF5 File Format Specification, section VII.D): which follows from five
 * numbers of its header. Super block u has 2^(u/2) data blocks of minElements * 2^((u+1)/2) elements; the data blocks of
 * the first super blocks are pointed at by the index block itself.
 */
import type { ExtensibleArrayHeader } from "./extensible-array-header.ts";

export interface ExtensibleArrayGeometry {
  /** Super blocks that the array can have. */
  readonly superBlocks: number;
  /** Those whose data blocks the index block points at; no super block is stored for them. */
  readonly direct: number;
  /** Data blocks of each super block. */
  readonly dataBlocks: Float64Array;
  /** Elements in each data block of a super block. */
  readonly elements: Float64Array;
  /** Number of the first element of each super block, those of the index block not counted. */
  readonly firstElement: Float64Array;
  /** Number of the first data block of each super block. */
  readonly firstDataBlock: Float64Array;
  /** Data block addresses in the index block. */
  readonly indexDataBlocks: number;
  /** Super block addresses in the index block. */
  readonly indexSuperBlocks: number;
  /** Bytes of a block's offset in the array. */
  readonly offsetBytes: number;
  readonly pageElements: number;
}

/** The geometry, computed. */
export function extensibleArrayGeometry(header: ExtensibleArrayHeader): ExtensibleArrayGeometry {
  const superBlocks = 1 + header.maxBits - Math.log2(header.minElements);
  const direct = Math.min(superBlocks, 2 * Math.log2(header.minPointers));
  const dataBlocks = new Float64Array(superBlocks);
  const elements = new Float64Array(superBlocks);
  const firstElement = new Float64Array(superBlocks);
  const firstDataBlock = new Float64Array(superBlocks);
  let element = 0;
  let block = 0;
  for (let u = 0; u < superBlocks; u++) {
    dataBlocks[u] = 2 ** Math.floor(u / 2);
    elements[u] = header.minElements * 2 ** Math.floor((u + 1) / 2);
    firstElement[u] = element;
    firstDataBlock[u] = block;
    element += dataBlocks[u] * elements[u];
    block += dataBlocks[u];
  }
  return {
    superBlocks,
    direct,
    dataBlocks,
    elements,
    firstElement,
    firstDataBlock,
    indexDataBlocks: 2 * (header.minPointers - 1),
    indexSuperBlocks: superBlocks - direct,
    offsetBytes: Math.ceil(header.maxBits / 8),
    pageElements: 2 ** header.pageBits,
  };
}

/** Pages of each data block of a super block; 0: they are not paged. */
export function dataBlockPages(geometry: ExtensibleArrayGeometry, superBlock: number): number {
  const elements = geometry.elements[superBlock];
  return elements > geometry.pageElements ? elements / geometry.pageElements : 0;
}

/** The super block that holds element `index`, those of the index block not counted. */
export function superBlockOf(geometry: ExtensibleArrayGeometry, index: number): number {
  let u = geometry.superBlocks - 1;
  while (geometry.firstElement[u] > index) u--;
  return u;
}
