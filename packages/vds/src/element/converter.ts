/** Elements of a source as those of the view: from one datatype to another, as libhdf5 converts them. */

/** Writes elements side by side. */
export interface Converter {
  /** Bytes of an element that it gives. */
  readonly size: number;
  /** `count` elements, the first at `source[at]`, each `stride` bytes after the one before; the first to `target[to]`, each `step` bytes after the one before. */
  convert(
    source: Uint8Array,
    at: number,
    stride: number,
    count: number,
    target: Uint8Array,
    to: number,
    step: number,
  ): void;
}

/** Copies bytes as they are. */
export class CopyConverter implements Converter {
  readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  convert(
    source: Uint8Array,
    at: number,
    stride: number,
    count: number,
    target: Uint8Array,
    to: number,
    step: number,
  ): void {
    const { size } = this;
    for (let i = 0; i < count; i++, at += stride, to += step) {
      for (let k = 0; k < size; k++) target[to + k] = source[at + k];
    }
  }
}

/** A converter of elements one by one. */
export abstract class ElementConverter implements Converter {
  abstract readonly size: number;

  /** The element at `source[at]`, to `target[to]`. */
  protected abstract one(source: Uint8Array, at: number, target: Uint8Array, to: number): void;

  convert(
    source: Uint8Array,
    at: number,
    stride: number,
    count: number,
    target: Uint8Array,
    to: number,
    step: number,
  ): void {
    for (let i = 0; i < count; i++, at += stride, to += step) this.one(source, at, target, to);
  }
}
