/**
 * Where elements come from when a dataset or an attribute is written: the counterpart of `Sink`, between the element
 * codecs, which know what values mean, and the editor, which knows where bytes go.
 */

/** Objects that must stand in global heaps before the elements that refer to them can be encoded. */
export interface HeapObjects {
  readonly count: number;
  /** The bytes of object `i`. */
  bytes(i: number): Uint8Array;
  /** Told where object `i` went. */
  placed(i: number, collection: number, index: number): void;
}

/** Gives elements in the file's own encoding, by their place in the selection (counted in row-major order). */
export interface Source {
  /** Bytes of an element in the file. */
  readonly elementSize: number;
  /** Elements there are; a source of one element for a larger selection is broadcast by whoever made it. */
  readonly count: number;
  /** Present when the caller's bytes are the file's bytes: element `i` stands at `i * elementSize` and need not be copied. */
  readonly direct?: Uint8Array;
  /**
   * Before the first `get`, until it returns nothing: the next objects for global heaps. What is nested lies deepest, and
   * comes first.
   */
  prepare(): HeapObjects | undefined;
  /** Encodes `count` elements from `index` on, the first to `target[at]`, each `stride` bytes after the one before. */
  get(target: Uint8Array, at: number, stride: number, index: number, count: number): void;
}
