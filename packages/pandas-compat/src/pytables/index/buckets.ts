/** Buckets: equally many rows each, of which an index says which one a value is in. */
import type { IndexKind, IndexSizes } from "./sizes.ts";

/** Rows in a bucket, of a table whose chunks have so many rows. */
export function rowsInBucket(
  kind: IndexKind,
  { slicesize, blocksize, chunksize }: IndexSizes,
  chunkRows: number,
): number {
  const rows = Math.min(chunkRows, chunksize);
  // Numbers of 8 bits reach through a slice, those of 16 through a block.
  if (kind === "ultralight") return Math.max(rows, Math.ceil(slicesize / 256));
  return kind === "light" ? Math.max(rows, Math.ceil(blocksize / 65536)) : rows;
}

/** The bucket that numbers within a slice count from. */
export function firstBucket(
  kind: IndexKind,
  { slicesize, blocksize }: IndexSizes,
  bucketRows: number,
  slice: number,
): number {
  if (kind === "ultralight") return Math.floor((slice * slicesize) / bucketRows);
  if (kind !== "light") return 0;
  return Math.floor(Math.floor(slice / (blocksize / slicesize)) * (blocksize / bucketRows));
}
