/** Checks local heaps: texts stand within the data segment, apart from each other and from the free blocks. */
import type { Address } from "../../bytes/address.ts";
import { LOCAL_HEAP, type LocalHeap } from "../../format/group/local-heap.ts";
import { HEAP_ALIGNMENT, LOCAL_HEAP_DATA, type LocalHeapData } from "../../format/group/local-heap-data.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";
import { findOverlaps } from "./space-map.ts";

interface Text {
  readonly address: number;
  readonly length: number;
  readonly free: boolean;
}

/** A local heap whose texts are looked up, and marked as used. */
export class CheckedLocalHeap {
  private readonly check: Checker;
  private readonly address: Address;
  private readonly data: LocalHeapData;
  private readonly texts = new Map<number, Text>();

  private constructor(check: Checker, address: Address, data: LocalHeapData) {
    this.check = check;
    this.address = address;
    this.data = data;
  }

  static *open(check: Checker, address: Address): Steps<CheckedLocalHeap> {
    const heap: LocalHeap = yield* check.structure(LOCAL_HEAP, address, undefined);
    const context = { size: heap.size, freeList: heap.freeList };
    const data = yield* check.structure(LOCAL_HEAP_DATA, heap.data, context, heap.size);
    return new CheckedLocalHeap(check, address, data);
  }

  /** The text at an offset, without its NUL: a view. */
  text(offset: number): Uint8Array {
    const { bytes } = this.data;
    const end = bytes.indexOf(0, offset);
    if (offset < bytes.length && end >= 0) return bytes.subarray(offset, end);
    this.fault("is asked for a text that is not in its data segment", offset);
    return new Uint8Array(0);
  }

  /** The text at an offset, which belongs to whoever asks. */
  take(offset: number): Uint8Array {
    const text = this.text(offset);
    if (this.texts.has(offset)) this.fault("has a text that two links refer to", offset);
    const length = Math.ceil((text.length + 1) / HEAP_ALIGNMENT) * HEAP_ALIGNMENT;
    this.texts.set(offset, { address: offset, length, free: false });
    return text;
  }

  /** Once all texts were taken. */
  finish(): void {
    const blocks = this.data.free.map(({ offset, size }): Text => ({ address: offset, length: size, free: true }));
    const all = [...this.texts.values(), ...blocks].sort((a, b) => a.address - b.address);
    findOverlaps(all, (earlier, later) => {
      const free = earlier.free || later.free;
      this.fault(free ? "has a free block that is in use" : "has texts that overlap", later.address);
    });
  }

  private fault(reason: string, offset: number): void {
    this.check.fault(reason, {
      structure: LOCAL_HEAP.title,
      address: this.address,
      found: `offset ${offset}`,
    });
  }
}
