/** Sizes of the parts of an index, as PyTables chooses them: chunks within slices within blocks within superblocks. */

/** What an index knows of rows: 8 bits, 16 or 32 for the bucket that a row is in, or the row itself. */
export type IndexKind = "ultralight" | "light" | "medium" | "full";

/** Bytes of a number in `indices`, which tell the kind. */
export const KIND_BYTES: Readonly<Record<IndexKind, 1 | 2 | 4 | 8>> = { ultralight: 1, light: 2, medium: 4, full: 8 };

/** The kind by those bytes. */
export const kindOfBytes = (bytes: number): IndexKind | undefined =>
  (Object.keys(KIND_BYTES) as IndexKind[]).find((kind) => KIND_BYTES[kind] === bytes);

/** Elements of each part. */
export interface IndexSizes {
  readonly superblocksize: number;
  readonly blocksize: number;
  readonly slicesize: number;
  readonly chunksize: number;
}

/** Bytes of a slice at most. */
const MOST_SLICE_BYTES = 100 * 2 ** 20;

/** The size of a chunk that suits so many rows: 2^12 of 10^6, 2^15 of 10^9. */
const suiting = (rows: number): number => 64 * 2 ** Math.log10(rows);

/** Sizes for a column of `itemsize` bytes. */
export function indexSizes(expectedRows: number, optlevel: number, kind: IndexKind, itemsize: number): IndexSizes {
  const rows = Math.min(Math.max(expectedRows, 1e5), 1e12);
  let chunksize = Math.floor(suiting(10 ** Math.floor(Math.log10(rows))));
  let slicesize = Math.min(2 ** 30, 4 * Math.floor(Math.floor(16 * suiting(rows)) / chunksize) * chunksize);
  while (slicesize * itemsize > MOST_SLICE_BYTES) slicesize = Math.floor(slicesize / 2);
  if (kind === "ultralight") {
    if (optlevel < 3) slicesize = Math.floor(slicesize / 2) * (1 + optlevel);
    else slicesize *= optlevel - 1;
  } else {
    if (optlevel < 3) slicesize = Math.floor(slicesize / 2);
    if (optlevel > 5) chunksize = Math.floor(chunksize / 2);
    if (optlevel === 9) slicesize *= 2;
  }
  const blocksize = compoundSize(expectedRows, slicesize, chunksize);
  return { superblocksize: compoundSize(expectedRows, blocksize, slicesize), blocksize, slicesize, chunksize };
}

/** What holds all expected rows in parts of `size`, themselves of parts of `lower`. */
function compoundSize(expectedRows: number, size: number, lower: number): number {
  const count = Math.min(Math.floor(expectedRows / lower) + 1, 2 ** 20);
  return (Math.floor((lower * count) / size) + 1) * size;
}

const REDUCTIONS: Readonly<Record<IndexKind, readonly number[]>> = {
  ultralight: [8, 8, 8, 8, 4, 4, 4, 2, 2, 1],
  light: [4, 4, 4, 4, 2, 2, 2, 1, 1, 1],
  medium: [2, 2, 2, 2, 1, 1, 1, 1, 1, 1],
  full: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
};

/** Of how many sorted values one is kept. */
export function reductionOf(kind: IndexKind, optlevel: number, { slicesize, chunksize }: IndexSizes): number {
  const reduction = REDUCTIONS[kind][optlevel];
  return slicesize <= chunksize * reduction ? 1 : reduction;
}
