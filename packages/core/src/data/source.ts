/**
 * Where elements come from when a dataset is written: the mirror of `Sink`, between the element codecs, which know what
 * values mean, and the editor, which knows where bytes go.
 */

import type { CompoundType } from "../format/datatype/datatype.ts";

/** Objects to be stored in global heaps: variable-length data, and references to regions. */
export interface HeapObjects {
  /** How many there are. */
  readonly count: number;
  /** The bytes of object `i`, valid until the next call. */
  bytes(i: number): Uint8Array;
  /** Called for each, once it has its place: the collection's address and the object's index. */
  placed(i: number, address: number, index: number): void;
}

/** Gives elements in the file's own encoding. */
export interface Source {
  /** Bytes of an element in the file. */
  readonly elementSize: number;
  /** Present where the values in memory are the file's bytes: element `i` stands at `i * elementSize`. */
  readonly direct?: Uint8Array;
  /**
   * Present where elements are compounds of which only these members are written, at their offsets: `take` leaves all other
   * bytes as they are, so that the elements of the file must stand in the target before; and of heap objects only those of
   * these members are replaced.
   */
  readonly partial?: CompoundType;
  /** Heap objects to be stored before elements can be taken. Asked again after each round, until there are none. */
  prepare(): HeapObjects | undefined;
  /** Writes `count` elements from `index` on: the first to `target[at]`, each `stride` bytes after the one before. */
  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void;
}
