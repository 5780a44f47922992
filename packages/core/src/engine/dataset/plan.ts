/** What a plan of a read is: which chunks a selection touches and, for each, which of its elements go where. */
import type { NestVisitor } from "./loops.ts";

/** The grid that a plan is made over: of chunks, or of the tiles of one block. */
export interface PlanGrid {
  readonly dims: readonly number[];
  /** Shape of a chunk. */
  readonly chunk: readonly number[];
  /** From one chunk coordinate to the next along each dimension, in chunk numbers. */
  readonly strides: readonly number[];
  /** Elements of a chunk. */
  readonly elements: number;
}

/** Goes through the chunks in windows, so that a plan of a million chunks takes no more room than one of a thousand. */
export interface ChunkPlan {
  /** Room that a window needs at most, for those who make it: chunks that may still come. */
  readonly most: number;
  /** Writes the numbers of the next chunks, ascending, and gives how many: 0 at the end. As many as `numbers` has room for, or fewer. */
  next(numbers: Float64Array): number;
  /** Whether there are no more. */
  readonly done: boolean;
  /** Shows the boxes of chunk `i` of the window. */
  visit(i: number, visitor: NestVisitor): void;
  /** Whether all elements of chunk `i` of the window that are in the extent are selected. */
  whole(i: number): boolean;
}
