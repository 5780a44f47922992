/**
 * Fractal heap header (HDF5 File Format Specification, section III.F). Pointed at by link info and attribute info messages,
 * and by the table of shared messages.
 */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { isPowerOfTwo } from "../../bytes/width.ts";
import type { Structure } from "../structure.ts";

export interface FractalHeapHeader {
  /** Bytes of a heap id. */
  readonly idLength: number;
  /** Numbers of huge objects have been used up and given again. */
  readonly hugeIdsWrapped: boolean;
  /** Direct blocks have checksums. */
  readonly directChecksums: boolean;
  /** Objects larger than this are huge. */
  readonly maxManagedObject: number;
  readonly nextHugeId: number;
  readonly hugeBtree: Address | null;
  readonly freeSpace: number;
  readonly freeSpaceManager: Address | null;
  readonly managedSpace: number;
  readonly allocatedSpace: number;
  /** Heap offset at which the next block will be. */
  readonly iteratorOffset: number;
  readonly managedObjects: number;
  readonly hugeSpace: number;
  readonly hugeObjects: number;
  readonly tinySpace: number;
  readonly tinyObjects: number;
  /** Blocks in a row of the doubling table. */
  readonly tableWidth: number;
  readonly startingBlockSize: number;
  readonly maxDirectBlockSize: number;
  /** Bits of a heap offset. */
  readonly maxHeapBits: number;
  readonly startingRows: number;
  /** `null`: the heap has no block yet. */
  readonly root: Address | null;
  /** Rows of the root indirect block; 0: the root is a direct block. */
  readonly rootRows: number;
  /** Of heaps with filters. */
  readonly filters?: {
    /** Of the root, where it is a direct block. */
    readonly rootSize: number;
    readonly rootMask: number;
    /** A filter pipeline message. */
    readonly pipeline: Uint8Array;
  };
}

const WRAPPED = 1;
const CHECKSUMS = 2;

export function fractalHeapHeader(f: Fields, v?: FractalHeapHeader): FractalHeapHeader {
  f.signature("FRHP");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const idLength = f.u16(v?.idLength);
  const filterBytes = f.u16(v && (v.filters?.pipeline.length ?? 0));
  const flags = f.u8(v && (v.hugeIdsWrapped ? WRAPPED : 0) | (v.directChecksums ? CHECKSUMS : 0));
  const value: FractalHeapHeader = {
    idLength,
    hugeIdsWrapped: (flags & WRAPPED) !== 0,
    directChecksums: (flags & CHECKSUMS) !== 0,
    maxManagedObject: f.u32(v?.maxManagedObject),
    nextHugeId: f.length(v?.nextHugeId),
    hugeBtree: f.address(v?.hugeBtree),
    freeSpace: f.length(v?.freeSpace),
    freeSpaceManager: f.address(v?.freeSpaceManager),
    managedSpace: f.length(v?.managedSpace),
    allocatedSpace: f.length(v?.allocatedSpace),
    iteratorOffset: f.length(v?.iteratorOffset),
    managedObjects: f.length(v?.managedObjects),
    hugeSpace: f.length(v?.hugeSpace),
    hugeObjects: f.length(v?.hugeObjects),
    tinySpace: f.length(v?.tinySpace),
    tinyObjects: f.length(v?.tinyObjects),
    tableWidth: f.u16(v?.tableWidth),
    startingBlockSize: f.length(v?.startingBlockSize),
    maxDirectBlockSize: f.length(v?.maxDirectBlockSize),
    maxHeapBits: f.u16(v?.maxHeapBits),
    startingRows: f.u16(v?.startingRows),
    root: f.address(v?.root),
    rootRows: f.u16(v?.rootRows),
    ...(filterBytes > 0 ? { filters: filters(f, filterBytes, v?.filters) } : {}),
  };
  f.checksum();
  if (f.reading) check(f, value);
  return value;
}

function filters(
  f: Fields,
  length: number,
  v: FractalHeapHeader["filters"],
): NonNullable<FractalHeapHeader["filters"]> {
  return { rootSize: f.length(v?.rootSize), rootMask: f.u32(v?.rootMask), pipeline: f.bytes(v?.pipeline, length) };
}

const MAX_HEAP_BITS = 64;
/** Most that the reference library gives a direct block. */
const MAX_DIRECT_BLOCK = 2 ** 31;
/** The largest id is that of a huge object of a heap with filters. */
const MAX_ID = 4096;

function check(f: Fields, v: FractalHeapHeader): void {
  const { tableWidth, startingBlockSize: start, maxDirectBlockSize: max, maxHeapBits } = v;
  if (!isPowerOfTwo(tableWidth)) f.fail("has a table width that is no power of two", tableWidth);
  if (!isPowerOfTwo(start)) f.fail("has a starting block size that is no power of two", start);
  if (!isPowerOfTwo(max) || max < start || max > MAX_DIRECT_BLOCK) {
    f.fail("has a wrong maximum of direct block sizes", max, `a power of two, ${start} to ${MAX_DIRECT_BLOCK}`);
  }
  if (maxHeapBits === 0 || maxHeapBits > MAX_HEAP_BITS || 2 ** maxHeapBits < max) {
    f.fail("has a wrong number of bits for its offsets", maxHeapBits, "at most 64");
  }
  const maxRows = maxHeapBits - Math.log2(start) - Math.log2(tableWidth) + 1;
  if (v.rootRows > Math.max(0, maxRows))
    f.fail("has more rows than its offsets reach", v.rootRows, `at most ${maxRows}`);
  if (v.idLength === 0 || v.idLength > MAX_ID) f.fail("has ids of a wrong length", v.idLength, `1 to ${MAX_ID}`);
  if (v.maxManagedObject > max)
    f.fail("keeps objects that no direct block holds", v.maxManagedObject, `at most ${max}`);
}

export const FRACTAL_HEAP_HEADER: Structure<FractalHeapHeader> = {
  title: "Fractal heap header",
  guess: () => 256,
  extent: (head: Decoder) => {
    head.seek(7);
    const filterBytes = head.u16();
    const { offsets, lengths } = head.sizes;
    return 26 + 3 * offsets + 12 * lengths + (filterBytes > 0 ? lengths + 4 + filterBytes : 0);
  },
  decode: (from) => {
    const value = fractalHeapHeader(from);
    if (value.filters === undefined) return value;
    return { ...value, filters: { ...value.filters, pipeline: value.filters.pipeline.slice() } };
  },
};
