/** What the parts of the check of a fractal heap tell each other. */

/** A stretch of the heap's own address space. */
export interface HeapRange {
  readonly address: number;
  readonly length: number;
}

/** What is known of a heap's managed blocks. */
export interface HeapBlocks {
  /** Direct blocks that are allocated, without their headers, by ascending offset. */
  readonly direct: HeapRange[];
  /** Bytes of these with their headers. */
  allocated: number;
}
