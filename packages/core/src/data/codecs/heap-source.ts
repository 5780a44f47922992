/** Sources whose values stand in global heap objects (HDF5 File Format Specification, section III.E). */
import type { Sizes } from "../../bytes/address.ts";
import type { HeapObjects, Source } from "../source.ts";

/** Places of heap objects, one for each element that has one. */
class Places {
  private readonly addresses: Float64Array;
  private readonly indices: Uint32Array;

  constructor(count: number) {
    this.addresses = new Float64Array(count);
    this.indices = new Uint32Array(count);
  }

  set(i: number, address: number, index: number): void {
    this.addresses[i] = address;
    this.indices[i] = index;
  }

  /** Writes address and index of element `i`: zeros where it has no object. */
  write(i: number, view: DataView, at: number, sizes: Sizes): void {
    const address = this.addresses[i];
    if (sizes.offsets === 2) view.setUint16(at, address, true);
    else view.setUint32(at, address % 2 ** 32, true);
    if (sizes.offsets === 8) view.setUint32(at + 4, Math.floor(address / 2 ** 32), true);
    view.setUint32(at + sizes.offsets, this.indices[i], true);
  }
}

/** Elements of a count, or nothing, before the place of an object. */
export abstract class HeapSource implements Source {
  readonly elementSize: number;
  protected readonly sizes: Sizes;
  protected readonly count: number;
  private readonly places: Places;
  private asked = false;

  constructor(elementSize: number, sizes: Sizes, count: number) {
    this.elementSize = elementSize;
    this.sizes = sizes;
    this.count = count;
    this.places = new Places(count);
  }

  prepare(): HeapObjects | undefined {
    if (this.asked) return undefined;
    this.asked = true;
    const having = new Uint32Array(this.count);
    let count = 0;
    for (let i = 0; i < this.count; i++) if (this.hasObject(i)) having[count++] = i;
    if (count === 0) return undefined;
    return {
      count,
      bytes: (k) => this.object(having[k]),
      placed: (k, address, index) => this.places.set(having[k], address, index),
    };
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
    for (let i = index; i < index + count; i++, at += stride) {
      target.fill(0, at, at + this.elementSize);
      const head = this.writeHead(i, view, at);
      if (head >= 0) this.places.write(i, view, at + head, this.sizes);
    }
  }

  protected abstract hasObject(i: number): boolean;
  protected abstract object(i: number): Uint8Array;
  /** Writes what stands before the place; how many bytes that are, -1 if no place follows. */
  protected abstract writeHead(i: number, view: DataView, at: number): number;
}
