/**
 * Global heap collection (HDF5 File Format Specification, section III.E). Pointed at by global heap ids: in elements of
 * variable-length types, in references to regions, in virtual layouts.
 */
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import type { Structure } from "../structure.ts";

export interface GlobalHeapObject {
  /** 1 to 65,535; 0 is the free space of the collection. */
  readonly index: number;
  readonly referenceCount: number;
  readonly data: Uint8Array;
}

export interface GlobalHeapCollection {
  /** Bytes of the whole collection. */
  readonly size: number;
  /** In the order of the file, without the free space. */
  readonly objects: readonly GlobalHeapObject[];
}

/** Smallest collection that the reference library makes, and its first guess at any. */
export const COLLECTION_BYTES = 4096;
const ALIGNMENT = 8;
const FREE_SPACE = 0;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Bytes before an object's data. */
export const objectHeaderBytes = (lengths: number): number => aligned(8 + lengths);

/** Signature, version and size, padded. */
export function collectionHeader(f: Fields, size?: number): number {
  f.signature("GCOL");
  const version = f.u8(1);
  if (version !== 1) f.fail("has an unknown version", version, "1");
  f.reserved(3);
  const bytes = f.length(size);
  const least = aligned(8 + f.sizes.lengths);
  if (!(bytes >= least && bytes < Infinity)) f.fail("has a wrong size", bytes, `at least ${least}`);
  f.pad(ALIGNMENT);
  return bytes;
}

/** The collection with all objects: for writing, and for tools. Reading of elements takes {@link GlobalHeapTable}. */
export function globalHeapCollection(f: Fields, v?: GlobalHeapCollection): GlobalHeapCollection {
  const size = collectionHeader(f, v?.size);
  const header = objectHeaderBytes(f.sizes.lengths);
  const objects: GlobalHeapObject[] = [];
  let i = 0;
  while (size - f.position >= header) {
    if (v !== undefined && i === v.objects.length) {
      freeSpace(f, size, header);
      break;
    }
    const old = v?.objects[i++];
    const index = f.u16(old?.index);
    const referenceCount = f.u16(old?.referenceCount);
    f.reserved(4);
    const length = f.length(old?.data.length);
    f.pad(ALIGNMENT);
    if (index === FREE_SPACE) break;
    if (aligned(length) > size - f.position) f.fail("has an object larger than the collection", length);
    objects.push({ index, referenceCount, data: f.bytes(old?.data, length) });
    f.pad(ALIGNMENT);
  }
  if (size > f.position) f.reserved(size - f.position);
  return { size, objects };
}

/** Object 0, whose size counts its own header. */
function freeSpace(f: Fields, size: number, header: number): void {
  const bytes = size - f.position;
  f.u16(FREE_SPACE);
  f.u16(0);
  f.reserved(4);
  f.length(bytes);
  f.pad(ALIGNMENT);
  f.reserved(bytes - header);
}

/** Where the objects of a collection stand in its bytes, for many look-ups at little cost. */
export interface GlobalHeapTable {
  /** The block that holds the collection, which begins at `start` in it. */
  readonly block: Uint8Array;
  readonly start: number;
  readonly size: number;
  /** By index, as far as there are any: offset of the data from `start`; 0 where there is no such object. */
  readonly offsets: Uint32Array;
  /** By index: bytes of the data. */
  readonly lengths: Uint32Array;
}

const TWO_32 = 0x1_0000_0000;

/** By plain loops: there are millions of objects, and a call a field would cost more than the strings made of them. */
function table(from: Decoder): GlobalHeapTable {
  const size = collectionHeader(from);
  if (size > 0xffff_ffff) from.fail("is too large", size, "less than 4 GiB");
  const { view, sizes } = from;
  const header = objectHeaderBytes(sizes.lengths);
  const first = from.position;
  from.seek(0);
  const start = from.bytes(undefined, size).byteOffset - from.block.byteOffset;
  let offsets = list(128);
  let lengths = list(128);
  for (let at = first; size - at >= header; ) {
    const index = view.getUint16(start + at, true);
    if (index === FREE_SPACE) break;
    const length = lengthAt(view, start + at + 8, sizes.lengths);
    const data = at + header;
    if (!(aligned(length) <= size - data)) {
      from.seek(at);
      from.fail("has an object larger than the collection", length, `at most ${size - data}`);
    }
    if (index >= offsets.length) {
      offsets = wider(offsets, index);
      lengths = wider(lengths, index);
    }
    if (offsets[index] !== 0) from.fail("has two objects of one index", index);
    offsets[index] = data;
    lengths[index] = length;
    at = data + ((length + 7) & ~7);
  }
  return { block: from.block, start, size, offsets, lengths };
}

function lengthAt(view: DataView, at: number, width: 2 | 4 | 8): number {
  if (width === 2) return view.getUint16(at, true);
  const low = view.getUint32(at, true);
  return width === 4 ? low : view.getUint32(at + 4, true) * TWO_32 + low;
}

/** Lists are cut from larger ones: an array with memory of its own costs the collector more than all that is in it. */
const SLAB = 16_384;
let slab = new Uint32Array(0);
let used = 0;

/** A list of zeros. */
function list(length: number): Uint32Array<ArrayBuffer> {
  if (length > SLAB / 8) return new Uint32Array(length);
  if (used + length > slab.length) {
    slab = new Uint32Array(SLAB);
    used = 0;
  }
  used += length;
  return slab.subarray(used - length, used);
}

/** The list, with room for `index`. */
function wider(old: Uint32Array<ArrayBuffer>, index: number): Uint32Array<ArrayBuffer> {
  const grown = list(Math.min(65_536, 2 ** Math.ceil(Math.log2(index + 1))));
  grown.set(old);
  return grown;
}

export const GLOBAL_HEAP_TABLE: Structure<GlobalHeapTable> = {
  title: "Global heap collection",
  guess: () => COLLECTION_BYTES,
  extent: (head) => collectionHeader(head),
  decode: (from: Decoder) => table(from),
};
