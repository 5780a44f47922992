/**
 * Elements of variable length (class 9): a count of 4 bytes, and the address and index of a global heap object (HDF5
 * File Format Specification, section VIII "Appendix A": global heap ID).
 */
import type { Sizes } from "../../bytes/address.ts";
import type { Budget } from "./budget.ts";
import { HeapList, heapAddress } from "./heap-list.ts";
import { ViewReader } from "./reader.ts";

/** Takes the references out of elements, into a list. Elements without an object are not in it. */
export class VariableLengthReader extends ViewReader {
  readonly list: HeapList;
  /** Elements of all sequences. */
  total = 0;
  private readonly sizes: Sizes;
  private readonly width: number;
  private readonly budget: Budget;

  /** Of `count` elements. `width`: bytes of a part of a sequence. */
  constructor(sizes: Sizes, width: number, count: number, budget: Budget) {
    super();
    this.list = new HeapList(count);
    this.sizes = sizes;
    this.width = width;
    this.budget = budget;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const view = this.view(source);
    const { sizes, list, width, budget } = this;
    const { offsets } = sizes;
    // Elements that stand in a file, not one that is repeated.
    if (stride > 0) list.reserve(count);
    let total = 0;
    let longest = 0;
    for (let i = 0; i < count; i++, at += stride) {
      const length = view.getUint32(at, true);
      if (length === 0) continue;
      const address = heapAddress(view, at + 4, sizes);
      if (address === undefined) continue;
      if (length > longest) longest = length;
      total += length;
      if (stride === 0) list.reserve(1);
      list.add(address, view.getUint32(at + 4 + offsets, true), index + i, length);
    }
    budget.takeVariable(longest * width, total * width);
    this.total += total;
  }
}
