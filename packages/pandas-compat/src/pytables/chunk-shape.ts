/** Shapes of chunks as PyTables chooses them, by the size that is expected. */

const BASE = 8 * 8192;

/** Bytes that a chunk is to have. */
function targetBytes(expectedBytes: number): number {
  const megabytes = Math.floor(Math.min(Math.max(Math.floor(expectedBytes / 2 ** 20), 1), 1e7));
  const decade = Math.floor(Math.log10(megabytes));
  return BASE * 2 ** decade;
}

/** Rows in a chunk, of rows of so many bytes. */
export const rowsInChunk = (expectedRows: number, rowBytes: number): number =>
  Math.max(1, Math.floor(targetBytes(expectedRows * rowBytes) / rowBytes));

/** The shape of a chunk of an array: the first axis is cut first. */
export function chunkShape(shape: readonly number[], itemBytes: number): number[] {
  let room = Math.max(1, Math.floor(targetBytes(shape.reduce((product, dim) => product * dim, itemBytes)) / itemBytes));
  const chunk = new Array<number>(shape.length).fill(1);
  for (let d = shape.length - 1; d >= 0; d--) {
    chunk[d] = Math.max(1, Math.min(shape[d], room));
    room = Math.max(1, Math.floor(room / chunk[d]));
  }
  return chunk;
}
