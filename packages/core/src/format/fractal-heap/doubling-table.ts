/**
 * Doubling table of a fractal heap (HDF5 File Format Specification, section III.F): where in the heap's address space each
 * block of an indirect block stands. Rows have equally many blocks, of sizes that double from the third row on.
 */
import type { FractalHeapHeader } from "./header.ts";

export class DoublingTable {
  readonly width: number;
  /** Rows of direct blocks; those below are of indirect blocks. */
  readonly directRows: number;
  /** Bytes of the numbers in heap ids, and of the offset that each block has. */
  readonly offsetBytes: number;
  private readonly start: number;

  constructor(header: FractalHeapHeader) {
    this.width = header.tableWidth;
    this.start = header.startingBlockSize;
    this.directRows = Math.log2(header.maxDirectBlockSize) - Math.log2(header.startingBlockSize) + 2;
    this.offsetBytes = Math.ceil(header.maxHeapBits / 8);
  }

  /** Heap bytes that a block of a row covers. */
  blockSize(row: number): number {
    return row === 0 ? this.start : this.start * 2 ** (row - 1);
  }

  /** Heap offset of the first block of a row, from the start of its indirect block. */
  rowOffset(row: number): number {
    return row === 0 ? 0 : this.start * this.width * 2 ** (row - 1);
  }

  /** The row in which an offset from the start of an indirect block lies. */
  rowOf(offset: number): number {
    const first = this.start * this.width;
    if (offset < first) return 0;
    let row = Math.floor(Math.log2(offset / first)) + 1;
    // The logarithm of a large number may be rounded over the edge.
    while (row > 0 && offset < this.rowOffset(row)) row--;
    while (offset >= this.rowOffset(row + 1)) row++;
    return row;
  }

  /** Rows of an indirect block that covers `size` heap bytes. */
  rowsOf(size: number): number {
    return Math.log2(size) - Math.log2(this.start * this.width) + 1;
  }
}
