/**
 * Version 2 B-tree records, types 1 to 4: huge objects of a fractal heap (HDF5 File Format Specification, section III.A.2).
 * Where ids are too short for an address, records have numbers to find them by (types 1 and 2); where blocks are
 * filtered, they say how (types 2 and 4).
 */
import type { Address, Sizes } from "../../../bytes/address.ts";
import type { Fields } from "../../../bytes/fields.ts";
import type { RecordLayout } from "../node.ts";

export interface HugeObject {
  readonly address: Address;
  /** Stored bytes. */
  readonly length: number;
}

/** How a huge object went through the heap's filters. */
export interface HugeFiltering {
  /** Bit i set: filter i was skipped. */
  readonly filterMask: number;
  /** Bytes once the filters are undone. */
  readonly memorySize: number;
}

export interface HugeNumber {
  /** What heap ids have. */
  readonly id: number;
}

export type FilteredHugeObject = HugeObject & HugeFiltering;

export function hugeObject(f: Fields, v?: HugeObject): HugeObject {
  return { address: f.address(v?.address) ?? f.fail("has an object without an address"), length: f.length(v?.length) };
}

export function filteredHugeObject(f: Fields, v?: FilteredHugeObject): FilteredHugeObject {
  return { ...hugeObject(f, v), filterMask: f.u32(v?.filterMask), memorySize: f.length(v?.memorySize) };
}

const place = (sizes: Sizes): number => sizes.offsets + sizes.lengths;
const filtering = (sizes: Sizes): number => 4 + sizes.lengths;

export const HUGE_INDIRECT_RECORD: RecordLayout<HugeObject & HugeNumber> = {
  type: 1,
  title: "B-tree of huge objects",
  bytes: (sizes) => place(sizes) + sizes.lengths,
  layout: (f, v) => ({ ...hugeObject(f, v), id: f.length(v?.id) }),
};

export const HUGE_INDIRECT_FILTERED_RECORD: RecordLayout<FilteredHugeObject & HugeNumber> = {
  type: 2,
  title: "B-tree of filtered huge objects",
  bytes: (sizes) => place(sizes) + filtering(sizes) + sizes.lengths,
  layout: (f, v) => ({ ...filteredHugeObject(f, v), id: f.length(v?.id) }),
};

export const HUGE_DIRECT_RECORD: RecordLayout<HugeObject> = {
  type: 3,
  title: "B-tree of directly accessed huge objects",
  bytes: place,
  layout: hugeObject,
};

export const HUGE_DIRECT_FILTERED_RECORD: RecordLayout<FilteredHugeObject> = {
  type: 4,
  title: "B-tree of directly accessed filtered huge objects",
  bytes: (sizes) => place(sizes) + filtering(sizes),
  layout: filteredHugeObject,
};
