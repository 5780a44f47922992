/**
 * Version 2 B-tree records of types 10 and 11: chunks without and with filters (HDF5 File Format Specification, section
 * III.A.2). In the tree that the data layout message, version 4 and up, points at. Ordered by the coordinates.
 */
import { type Address, asAddress, type Sizes } from "../../../bytes/address.ts";
import type { Fields } from "../../../bytes/fields.ts";
import { chunkSizeWidth } from "../../chunk-element/chunk-elements.ts";
import type { ChunkedLayout } from "../../messages/data-layout.ts";

export const CHUNK_RECORD = 10;
export const FILTERED_CHUNK_RECORD = 11;

export interface ChunkRecord {
  readonly address: Address;
  /** Stored bytes and filter mask; only of filtered chunks. */
  readonly size?: number;
  readonly mask?: number;
  /** Coordinates in chunks, not in elements. */
  readonly coordinates: readonly number[];
}

/** What the records of one dataset look like. */
export interface ChunkRecordForm {
  readonly rank: number;
  readonly filtered: boolean;
  /** Bytes of a stored chunk's size. */
  readonly sizeWidth: number;
  /** Bytes before the coordinates. */
  readonly coordinates: number;
  /** Bytes of a record. */
  readonly bytes: number;
}

/** `chunkBytes`: decoded bytes of a chunk. */
export function chunkRecordForm(
  layout: ChunkedLayout,
  chunkBytes: number,
  filtered: boolean,
  sizes: Sizes,
): ChunkRecordForm {
  const rank = layout.chunk.length;
  const sizeWidth = chunkSizeWidth(layout.version ?? 4, chunkBytes, sizes);
  const coordinates = sizes.offsets + (filtered ? sizeWidth + 4 : 0);
  return { rank, filtered, sizeWidth, coordinates, bytes: coordinates + 8 * rank };
}

export function chunkRecord(f: Fields, v: ChunkRecord | undefined, form: ChunkRecordForm): ChunkRecord {
  const address = f.address(v?.address) ?? f.fail("has a chunk without an address");
  const stored = form.filtered ? { size: f.uint(v?.size, form.sizeWidth), mask: f.u32(v?.mask) } : undefined;
  const coordinates = Array.from({ length: form.rank }, (_, d) => f.u64(v?.coordinates[d]));
  return { address: asAddress(address), ...stored, coordinates };
}
