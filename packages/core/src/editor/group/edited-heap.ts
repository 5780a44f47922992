/**
 * Editing of local heaps: texts are put into free blocks, or into a larger data segment elsewhere; those that are taken out
 * become free blocks again.
 */
import type { Address } from "../../bytes/address.ts";
import { LOCAL_HEAP, type LocalHeap, localHeap } from "../../format/group/local-heap.ts";
import {
  type FreeText,
  HEAP_ALIGNMENT,
  LOCAL_HEAP_DATA,
  type LocalHeapData,
  NO_FREE_BLOCK,
  writeLocalHeapData,
} from "../../format/group/local-heap-data.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { align } from "../free-extents.ts";

/** Of the data segment of a new group's heap, as the reference library has it. */
export const NEW_SEGMENT: number = 88;

/** Free blocks that are looked at before the last one, which is large where the segment has grown. */
const CANDIDATES = 64;

export class EditedHeap {
  private readonly file: EditorFile;
  private readonly address: Address;
  private heap: LocalHeap;
  /** Grows by doubling; only `size` bytes of it are the segment. */
  private bytes: Uint8Array;
  private free: FreeText[];
  private size: number;

  private constructor(file: EditorFile, address: Address, heap: LocalHeap, { bytes, free }: LocalHeapData) {
    this.file = file;
    this.address = address;
    this.heap = heap;
    this.bytes = bytes;
    this.free = free as FreeText[];
    this.size = heap.size;
  }

  static *load(file: EditorFile, address: Address): Steps<EditedHeap> {
    const { structures } = file;
    const heap = yield* structures.get(LOCAL_HEAP, address, undefined);
    // What stands in front of the file's is nobody else's, and its list may be long: it is not copied for each edit.
    const own = structures.inFront(LOCAL_HEAP_DATA, heap.data);
    if (own !== undefined) return new EditedHeap(file, address, heap, own);
    const { bytes, free } = yield* structures.get(LOCAL_HEAP_DATA, heap.data, heap);
    return new EditedHeap(file, address, heap, {
      bytes: bytes.slice(),
      free: [...free].sort((a, b) => a.offset - b.offset),
    });
  }

  /** Makes a heap with the empty text in it, at offset 0, as every group's has. */
  static create(file: EditorFile, size: number = NEW_SEGMENT): Address {
    const { structures, allocator } = file;
    const { lengths, offsets } = structures.sizes;
    const header = 8 + 2 * lengths + offsets;
    const address = allocator.allocate(header, "metadata");
    const data = allocator.allocate(size, "metadata");
    const heap = new EditedHeap(
      file,
      address,
      { size, freeList: NO_FREE_BLOCK, data },
      { bytes: new Uint8Array(size), free: [{ offset: HEAP_ALIGNMENT, size: size - HEAP_ALIGNMENT }] },
    );
    heap.apply();
    return address;
  }

  /** Puts a text in, with a NUL behind it; its offset. */
  insert(text: Uint8Array): number {
    const need = align(text.length + 1, HEAP_ALIGNMENT);
    const i = this.fit(need) ?? this.grow(need);
    const { offset, size } = this.free[i];
    if (size === need) this.free.splice(i, 1);
    else this.free[i] = { offset: offset + need, size: size - need };
    this.bytes.fill(0, offset, offset + need);
    this.bytes.set(text, offset);
    return offset;
  }

  /** Takes the text at an offset out. */
  remove(offset: number): void {
    const end = this.bytes.indexOf(0, offset);
    const size = align((end < 0 ? this.size : end) + 1 - offset, HEAP_ALIGNMENT);
    if (size < this.smallest) return;
    let low = 0;
    let high = this.free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.free[middle].offset < offset) low = middle + 1;
      else high = middle;
    }
    this.free.splice(low, 0, { offset, size });
    this.merge(low);
    if (low > 0) this.merge(low - 1);
  }

  /** The free block for a text of so many bytes: one of the first that fits, the last one, or any. */
  private fit(need: number): number | undefined {
    const { free, smallest } = this;
    const fits = ({ size }: FreeText): boolean => size === need || size >= need + smallest;
    const last = free.length - 1;
    for (let i = 0; i < Math.min(CANDIDATES, last); i++) if (fits(free[i])) return i;
    if (last >= 0 && fits(free[last])) return last;
    for (let i = CANDIDATES; i < last; i++) if (fits(free[i])) return i;
    return undefined;
  }

  /** Bytes of the text at an offset, without its NUL. */
  text(offset: number): Uint8Array {
    return this.bytes.subarray(offset, this.bytes.indexOf(0, offset));
  }

  /** Puts the heap; the data segment moves if it has grown. */
  apply(): void {
    const { structures, allocator, pages } = this.file;
    if (this.size !== this.heap.size) {
      structures.forget(this.heap.data);
      allocator.free(this.heap.data, this.heap.size, "metadata");
      pages.invalidate(this.heap.data, this.heap.size);
      this.heap = { ...this.heap, size: this.size, data: allocator.allocate(this.size, "metadata") };
    }
    this.heap = { ...this.heap, freeList: this.free[0]?.offset ?? NO_FREE_BLOCK };
    const bytes = this.bytes.length === this.size ? this.bytes : this.bytes.subarray(0, this.size);
    structures.put(
      LOCAL_HEAP,
      this.address,
      this.heap,
      8 + 2 * structures.sizes.lengths + structures.sizes.offsets,
      (f, v) => void localHeap(f, v),
    );
    structures.put(LOCAL_HEAP_DATA, this.heap.data, { bytes, free: this.free }, this.size, writeLocalHeapData);
  }

  /** Bytes that a free block takes at least: its own fields. */
  private get smallest(): number {
    return 2 * this.file.structures.sizes.lengths;
  }

  /** Makes the segment larger by half again, and by what is needed; the number of the free block at its end. */
  private grow(need: number): number {
    const added = Math.max(align(need + this.smallest, HEAP_ALIGNMENT), align(this.size, HEAP_ALIGNMENT));
    const grown = new Uint8Array(this.size + added);
    grown.set(this.bytes.subarray(0, this.size));
    this.bytes = grown;
    const last = this.free[this.free.length - 1];
    if (last !== undefined && last.offset + last.size === this.size)
      this.free[this.free.length - 1] = { offset: last.offset, size: last.size + added };
    else this.free.push({ offset: this.size, size: added });
    this.size += added;
    return this.free.length - 1;
  }

  private merge(i: number): void {
    const block = this.free[i];
    const next = this.free[i + 1];
    if (next === undefined || block.offset + block.size !== next.offset) return;
    this.free.splice(i, 2, { offset: block.offset, size: block.size + next.size });
  }
}
