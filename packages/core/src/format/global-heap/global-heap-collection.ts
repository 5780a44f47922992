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
  /** By index: offset of the data from `start`; 0 where there is no such object. */
  readonly offsets: Uint32Array;
  /** By index: bytes of the data. */
  readonly lengths: Uint32Array;
}

function table(from: Decoder): GlobalHeapTable {
  const size = collectionHeader(from);
  if (size > 0xffff_ffff) from.fail("is too large", size, "less than 4 GiB");
  const header = objectHeaderBytes(from.sizes.lengths);
  const found: number[] = [];
  let highest = 0;
  while (size - from.position >= header) {
    const index = from.u16();
    from.reserved(6);
    const length = from.length();
    from.pad(ALIGNMENT);
    if (index === FREE_SPACE) break;
    if (!(aligned(length) <= size - from.position))
      from.fail("has an object larger than the collection", length, `at most ${size - from.position}`);
    found.push(index, from.position, length);
    if (index > highest) highest = index;
    from.seek(from.position + aligned(length));
  }
  return lookUp(from, size, found, highest);
}

function lookUp(from: Decoder, size: number, found: readonly number[], highest: number): GlobalHeapTable {
  const offsets = new Uint32Array(highest + 1);
  const lengths = new Uint32Array(highest + 1);
  from.seek(0);
  const bytes = from.bytes(undefined, size);
  const start = bytes.byteOffset - from.block.byteOffset;
  for (let i = 0; i < found.length; i += 3) {
    if (offsets[found[i]] !== 0) from.fail("has two objects of one index", found[i]);
    offsets[found[i]] = found[i + 1];
    lengths[found[i]] = found[i + 2];
  }
  return { block: from.block, start, size, offsets, lengths };
}

export const GLOBAL_HEAP_TABLE: Structure<GlobalHeapTable> = {
  title: "Global heap collection",
  guess: () => COLLECTION_BYTES,
  extent: (head) => collectionHeader(head),
  decode: (from: Decoder) => table(from),
};
