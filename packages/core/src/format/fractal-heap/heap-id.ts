/**
 * Fractal heap ids (HDF5 File Format Specification, section III.F): how an object of a heap is named. Managed objects stand
 * in direct blocks, huge ones alone in the file, tiny ones in the id itself.
 */

import type { Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { encodedWidth } from "../../bytes/width.ts";
import {
  type FilteredHugeObject,
  filteredHugeObject,
  type HugeObject,
  hugeObject,
} from "../btree-v2/records/huge-object.ts";
import type { FractalHeapHeader } from "./header.ts";

export type HeapId =
  | { readonly kind: "managed"; readonly offset: number; readonly length: number }
  /** By its place in the file. */
  | { readonly kind: "huge"; readonly object: HugeObject | FilteredHugeObject }
  /** By its number in the heap's B-tree. */
  | { readonly kind: "huge-numbered"; readonly id: number }
  | { readonly kind: "tiny"; readonly data: Uint8Array };

/** Widths in ids, which follow from the header. */
export interface HeapIdShape {
  readonly idLength: number;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly hugeDirect: boolean;
  readonly hugeFiltered: boolean;
  readonly hugeNumberBytes: number;
  /** Lengths of tiny objects take twelve bits. */
  readonly tinyExtended: boolean;
}

const TINY_SHORT = 16;

export function heapIdShape(header: FractalHeapHeader, sizes: Sizes): HeapIdShape {
  const room = header.idLength - 1;
  const hugeFiltered = header.filters !== undefined;
  const place = sizes.offsets + sizes.lengths + (hugeFiltered ? 4 + sizes.lengths : 0);
  return {
    idLength: header.idLength,
    offsetBytes: Math.ceil(header.maxHeapBits / 8),
    lengthBytes: Math.min(Math.ceil(Math.log2(header.maxDirectBlockSize) / 8), encodedWidth(header.maxManagedObject)),
    hugeDirect: place <= room,
    hugeFiltered,
    hugeNumberBytes: Math.min(8, room),
    tinyExtended: room > TINY_SHORT + 1,
  };
}

const KINDS = ["managed", "huge", "tiny"] as const;
const TITLE = "Fractal heap id";

/** Reads an id; a FormatError where it makes no sense. */
export function readHeapId(bytes: Uint8Array, shape: HeapIdShape, sizes: Sizes): HeapId {
  return heapId(new Decoder(bytes, sizes, TITLE), undefined, shape);
}

export function heapId(f: Fields, v: HeapId | undefined, shape: HeapIdShape): HeapId {
  const start = f.position;
  const first = f.u8(v && (kindOf(v) << 4) | tinyBits(v, shape));
  if (first >> 6 !== 0) f.fail("has a version that is not known", first >> 6, "0");
  const kind = KINDS[(first >> 4) & 3] ?? f.fail("has an unknown kind", 3, "0 to 2");
  const value =
    kind === "managed" ? managed(f, shape, v) : kind === "huge" ? huge(f, shape, v) : tiny(f, shape, first & 0x0f, v);
  f.reserved(shape.idLength - (f.position - start));
  return value;
}

const kindOf = (v: HeapId): number => (v.kind === "managed" ? 0 : v.kind === "tiny" ? 2 : 1);

function tinyBits(v: HeapId, shape: HeapIdShape): number {
  if (v.kind !== "tiny") return 0;
  const length = v.data.length - 1;
  return shape.tinyExtended ? length >> 8 : length;
}

function managed(f: Fields, shape: HeapIdShape, v?: HeapId): HeapId {
  const own = v?.kind === "managed" ? v : undefined;
  return {
    kind: "managed",
    offset: f.uint(own?.offset, shape.offsetBytes),
    length: f.uint(own?.length, shape.lengthBytes),
  };
}

function huge(f: Fields, shape: HeapIdShape, v?: HeapId): HeapId {
  if (!shape.hugeDirect) {
    return { kind: "huge-numbered", id: f.uint(v?.kind === "huge-numbered" ? v.id : undefined, shape.hugeNumberBytes) };
  }
  const object = v?.kind === "huge" ? v.object : undefined;
  return {
    kind: "huge",
    object: shape.hugeFiltered
      ? filteredHugeObject(f, object as FilteredHugeObject | undefined)
      : hugeObject(f, object),
  };
}

function tiny(f: Fields, shape: HeapIdShape, bits: number, v?: HeapId): HeapId {
  const own = v?.kind === "tiny" ? v.data : undefined;
  const length = 1 + (shape.tinyExtended ? (bits << 8) | f.u8(own && (own.length - 1) & 0xff) : bits);
  return { kind: "tiny", data: f.bytes(own, length) };
}
