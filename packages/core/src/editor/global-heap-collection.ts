/**
 * One collection of a global heap while it is edited (HDF5 File Format Specification, section III.E): its bytes, with all
 * objects one behind the other and the free space behind them, as the reference library keeps it.
 */
import type { Address, Sizes } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import {
  collectionHeader,
  GLOBAL_HEAP_TABLE,
  type GlobalHeapTable,
  objectHeaderBytes,
} from "../format/global-heap/global-heap-collection.ts";
import type { EditorFile } from "./editor-file.ts";
import { align } from "./free-extents.ts";

const ALIGNMENT = 8;
/** Objects are numbered from 1 in 16 bits. */
const LARGEST_INDEX = 0xffff;

export class EditedCollection {
  readonly address: Address;
  private readonly sizes: Sizes;
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly view: DataView;
  /** By index: where the data stands, 0 where there is no such object; and its length. */
  private offsets: Uint32Array;
  private lengths: Uint32Array;
  /** One more than the highest index. */
  private indices: number;
  /** Bytes up to the free space. */
  private used: number;

  private constructor(address: Address, sizes: Sizes, bytes: Uint8Array<ArrayBuffer>, used: number, indices: number) {
    this.address = address;
    this.sizes = sizes;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.offsets = new Uint32Array(Math.max(64, indices));
    this.lengths = new Uint32Array(this.offsets.length);
    this.indices = indices;
    this.used = used;
  }

  /** An empty one, in new space. */
  static create(file: EditorFile, size: number): EditedCollection {
    const { sizes } = file.structures;
    const head = new Encoder(sizes, 16);
    collectionHeader(head, size);
    const bytes = new Uint8Array(size);
    bytes.set(head.finish());
    return new EditedCollection(file.allocator.allocate(size, "raw"), sizes, bytes, head.position, 1);
  }

  static of(address: Address, sizes: Sizes, table: GlobalHeapTable): EditedCollection {
    const { block, start, size, offsets, lengths } = table;
    const bytes = block.slice(start, start + size);
    let used = align(8 + sizes.lengths, ALIGNMENT);
    let indices = 1;
    for (let i = 1; i < offsets.length; i++) {
      if (offsets[i] === 0) continue;
      used = Math.max(used, offsets[i] + align(lengths[i], ALIGNMENT));
      indices = i + 1;
    }
    const collection = new EditedCollection(address, sizes, bytes, used, indices);
    collection.offsets.set(offsets.subarray(0, indices));
    collection.lengths.set(lengths.subarray(0, indices));
    return collection;
  }

  /** To be changed while this one is read. */
  copy(): EditedCollection {
    const copy = new EditedCollection(this.address, this.sizes, this.bytes.slice(), this.used, this.indices);
    copy.offsets = this.offsets.slice();
    copy.lengths = this.lengths.slice();
    return copy;
  }

  /** Bytes of the collection. */
  get size(): number {
    return this.bytes.length;
  }

  /** Bytes of the largest object that fits. */
  get room(): number {
    if (this.indices > LARGEST_INDEX && this.hole() > LARGEST_INDEX) return -1;
    return this.size - this.used - objectHeaderBytes(this.sizes.lengths);
  }

  get isEmpty(): boolean {
    return this.used === align(8 + this.sizes.lengths, ALIGNMENT);
  }

  /** Adds an object that fits; its index. */
  add(data: Uint8Array): number {
    const index = this.indices <= LARGEST_INDEX ? this.indices++ : this.hole();
    if (index >= this.offsets.length) this.grow();
    const header = objectHeaderBytes(this.sizes.lengths);
    this.writeHeader(this.used, index, data.length);
    const at = this.used + header;
    this.bytes.set(data, at);
    const end = at + align(data.length, ALIGNMENT);
    this.bytes.fill(0, at + data.length, end);
    this.offsets[index] = at;
    this.lengths[index] = data.length;
    this.used = end;
    return index;
  }

  /** Takes objects out; those behind move up. Indices that are not there are passed over. */
  remove(gone: ReadonlySet<number>): void {
    const header = objectHeaderBytes(this.sizes.lengths);
    const order: number[] = [];
    for (let i = 1; i < this.indices; i++) if (this.offsets[i] > 0) order.push(i);
    order.sort((a, b) => this.offsets[a] - this.offsets[b]);
    let to = align(8 + this.sizes.lengths, ALIGNMENT);
    for (const index of order) {
      const from = this.offsets[index] - header;
      const length = header + align(this.lengths[index], ALIGNMENT);
      if (gone.has(index)) {
        this.offsets[index] = 0;
        this.lengths[index] = 0;
        continue;
      }
      if (to !== from) this.bytes.copyWithin(to, from, from + length);
      this.offsets[index] = to + header;
      to += length;
    }
    this.bytes.fill(0, to, this.used);
    this.used = to;
    while (this.indices > 1 && this.offsets[this.indices - 1] === 0) this.indices--;
  }

  /** All its bytes, with the header of the free space. */
  finish(): Uint8Array<ArrayBuffer> {
    const rest = this.size - this.used;
    if (rest >= objectHeaderBytes(this.sizes.lengths)) this.writeHeader(this.used, 0, rest);
    return this.bytes;
  }

  /** Puts it in front of the file's bytes. It must not be changed from then on. */
  put(file: EditorFile): void {
    const { indices } = this;
    const block = this.finish();
    const table: GlobalHeapTable = {
      block,
      start: 0,
      size: this.size,
      offsets: this.offsets.slice(0, indices),
      lengths: this.lengths.slice(0, indices),
    };
    file.structures.put(GLOBAL_HEAP_TABLE, this.address, table, this.size, (f) => void f.bytes(block, block.length));
  }

  private writeHeader(at: number, index: number, length: number): void {
    const { view } = this;
    view.setUint16(at, index, true);
    view.setUint16(at + 2, 0, true);
    view.setUint32(at + 4, 0, true);
    if (this.sizes.lengths === 2) view.setUint16(at + 8, length, true);
    else view.setUint32(at + 8, length, true);
    if (this.sizes.lengths === 8) view.setUint32(at + 12, 0, true);
  }

  /** The lowest index that is free. */
  private hole(): number {
    let index = 1;
    while (index < this.indices && this.offsets[index] > 0) index++;
    return index;
  }

  private grow(): void {
    const room = this.offsets.length * 2;
    const wider = (from: Uint32Array): Uint32Array<ArrayBuffer> => {
      const into = new Uint32Array(room);
      into.set(from);
      return into;
    };
    this.offsets = wider(this.offsets);
    this.lengths = wider(this.lengths);
  }
}
