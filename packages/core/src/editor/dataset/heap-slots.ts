/** Where in an element places of heap objects stand: of data of variable length, and of references that need one. */
import type { Sizes } from "../../bytes/address.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";

export interface HeapSlot {
  /** Byte of the element at which the address and the index stand, `length` and other fields before them. */
  readonly place: number;
  /** Byte at which a count of elements stands, 32 bits. */
  readonly count: number;
  /** What the object consists of, where that has places of its own. */
  readonly inner?: HeapElement;
  /** Whether the element has a place there at all, by what stands before. */
  readonly present: (view: DataView, at: number) => boolean;
}

export interface HeapElement {
  /** Bytes. */
  readonly size: number;
  readonly slots: readonly HeapSlot[];
}

const always = (): boolean => true;

/** References of HDF5 1.12: type, flags, size, place. Those to objects of the same file have no place. */
const OBJECT = 2;
const EXTERNAL = 1;

function hasBlob(at: number): (view: DataView, element: number) => boolean {
  return (view, element) => {
    const type = view.getUint8(element + at);
    return type > OBJECT || (type === OBJECT && (view.getUint8(element + at + 1) & EXTERNAL) !== 0);
  };
}

/**
 * `undefined` where elements have none that are theirs alone. Old references to regions are none: copies of one share its
 * object.
 */
export function heapElement(type: Datatype, sizes: Sizes): HeapElement | undefined {
  const slots: HeapSlot[] = [];
  addSlots(type, 0, slots, sizes);
  return slots.length === 0 ? undefined : { size: type.size, slots };
}

function addSlots(type: Datatype, at: number, slots: HeapSlot[], sizes: Sizes): void {
  switch (type.class) {
    case "vlen": {
      const inner = heapElement(type.base, sizes);
      slots.push({ place: at + 4, count: at, present: always, ...(inner === undefined ? {} : { inner }) });
      return;
    }
    case "reference":
      if (type.kind === "standard") slots.push({ place: at + 6, count: at + 2, present: hasBlob(at) });
      return;
    case "array": {
      const first: HeapSlot[] = [];
      addSlots(type.base, at, first, sizes);
      if (first.length === 0) return;
      const count = type.dims.reduce((all, n) => all * n, 1);
      for (let i = 0; i < count; i++) addSlots(type.base, at + i * type.base.size, slots, sizes);
      return;
    }
    case "compound":
      for (const member of type.members) addSlots(member.type, at + member.offset, slots, sizes);
      return;
    default:
      return;
  }
}
