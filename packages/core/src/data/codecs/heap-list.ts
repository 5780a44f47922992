/** Lists of objects in global heaps (HDF5 File Format Specification, section III.E) that elements refer to. */
import type { Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { FormatError } from "../../errors.ts";
import type { HeapReferences } from "../sink.ts";

const TWO_32 = 0x1_0000_0000;
/** Upper half of the largest safe integer. */
const HIGHEST = 0x1f_ffff;

/** An address in an element. `undefined` where it is zero: there is no object. */
export function heapAddress(view: DataView, at: number, sizes: Sizes): number | undefined {
  if (sizes.offsets === 8) {
    const high = view.getUint32(at + 4, true);
    if (high > HIGHEST) return decoded(view, at, sizes);
    const address = high * TWO_32 + view.getUint32(at, true);
    return address === 0 ? undefined : address;
  }
  const address = sizes.offsets === 4 ? view.getUint32(at, true) : view.getUint16(at, true);
  return address === 0 ? undefined : address;
}

/** Of files in several parts; else a FormatError. */
function decoded(view: DataView, at: number, sizes: Sizes): number {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, sizes.offsets);
  const from = new Decoder(bytes, sizes, "reference");
  return from.address() ?? from.fail("holds an undefined address");
}

/** Objects that there is room for at first: arrays of up to 64 bytes cost engines no more than objects do. */
const FEW = 8;
/** By how much it grows: what it leaves behind is garbage that is expensive to collect. */
const GROWTH = 4;

/** A growing list: only as long as there are objects, however many elements a dataset claims to have. */
export class HeapList {
  private addresses: Float64Array;
  private indices: Uint32Array;
  private slots: Float64Array;
  private lengths: Uint32Array;
  private readonly most: number;
  count = 0;

  /** `most`: how many there can be, if that is known. */
  constructor(most: number = Infinity) {
    const capacity = Math.min(FEW, most);
    this.most = most;
    this.addresses = new Float64Array(capacity);
    this.indices = new Uint32Array(capacity);
    this.slots = new Float64Array(capacity);
    this.lengths = new Uint32Array(capacity);
  }

  /** Makes room for `count` more. */
  reserve(count: number): void {
    const needed = this.count + count;
    if (needed > this.addresses.length)
      this.grow(Math.max(needed, Math.min(this.most, this.addresses.length * GROWTH)));
  }

  /** An object of the collection at `address`: the value of element `slot`, of `length` parts. There must be room. */
  add(address: number, index: number, slot: number, length: number): void {
    const i = this.count++;
    this.addresses[i] = address;
    this.indices[i] = index;
    this.slots[i] = slot;
    this.lengths[i] = length;
  }

  private grow(capacity: number): void {
    const { addresses, indices, slots, lengths } = this;
    this.addresses = new Float64Array(capacity);
    this.addresses.set(addresses);
    this.slots = new Float64Array(capacity);
    this.slots.set(slots);
    this.indices = new Uint32Array(capacity);
    this.indices.set(indices);
    this.lengths = new Uint32Array(capacity);
    this.lengths.set(lengths);
  }

  slot(i: number): number {
    return this.slots[i];
  }

  length(i: number): number {
    return this.lengths[i];
  }

  /** What the engine is asked for; `undefined` if the list is empty. */
  references(resolved: HeapReferences["resolved"]): HeapReferences | undefined {
    const { count } = this;
    if (count === 0) return undefined;
    return { count, addresses: this.addresses.subarray(0, count), indices: this.indices.subarray(0, count), resolved };
  }
}

/** An object holds fewer bytes than the element that refers to it says. */
export function tooShort(found: number, needed: number, structure: string): FormatError {
  return new FormatError("is shorter in its heap object than its element says", {
    structure,
    found: `${found} bytes`,
    allowed: `at least ${needed}`,
  });
}

/** Several requests as one. */
export function joinReferences(parts: readonly HeapReferences[]): HeapReferences | undefined {
  if (parts.length <= 1) return parts[0];
  const starts: number[] = [];
  let count = 0;
  for (const part of parts) {
    starts.push(count);
    count += part.count;
  }
  const addresses = new Float64Array(count);
  const indices = new Uint32Array(count);
  parts.forEach((part, k) => {
    addresses.set(part.addresses, starts[k]);
    indices.set(part.indices, starts[k]);
  });
  const resolved = (i: number, block: Uint8Array, offset: number, length: number): void => {
    let k = parts.length - 1;
    while (starts[k] > i) k--;
    parts[k].resolved(i - starts[k], block, offset, length);
  };
  return { count, addresses, indices, resolved };
}
