/**
 * Where elements go when a dataset is read: the one interface between the engine, which knows where bytes stand, and
 * the element codecs, which know what they mean.
 */

/** Objects in global heaps that elements refer to: variable-length data and references to regions. */
export interface HeapReferences {
  /** How many there are. */
  readonly count: number;
  /** Address of the collection of each. */
  readonly addresses: Float64Array;
  /** Index of the object in its collection. */
  readonly indices: Uint32Array;
  /** Called for each with the object's bytes `block[offset, offset + length)`, in any order. `i` is the number in this list. */
  resolved(i: number, block: Uint8Array, offset: number, length: number): void;
}

/** Takes elements in the file's own encoding, each at its place in the result (counted in row-major order). */
export interface Sink {
  /** Bytes of an element in the file. */
  readonly elementSize: number;
  /**
   * Present when the result's bytes are the file's bytes, but for what {@link finish} mends in place (byte order): element
   * `i` then stands at `i * elementSize` and may be read there directly.
   */
  readonly direct?: Uint8Array;
  /** `count` elements, the first at `source[at]`, each `stride` bytes after the one before; to `index` and those that follow. */
  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void;
  /** `count` elements from `index` on have no stored value: they take the fill value. */
  fill(index: number, count: number): void;
  /** After the last element; and again after each round of heap objects. What must be fetched next, or nothing. */
  finish(): HeapReferences | undefined;
}
