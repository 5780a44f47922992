/** The Burrows-Wheeler transform: sorts all rotations of a block, by ranks of prefixes that double in length. */

/** The last column of the sorted rotations of `block`, and the row of the block itself. */
export function sortRotations(block: Uint8Array): { last: Uint8Array; origin: number } {
  const n = block.length;
  const rows = sortedRotations(block);
  const last = new Uint8Array(n);
  let origin = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i];
    if (row === 0) origin = i;
    last[i] = block[row === 0 ? n - 1 : row - 1];
  }
  return { last, origin };
}

/** The starts of the rotations in sorted order. */
function sortedRotations(block: Uint8Array): Int32Array {
  const n = block.length;
  let rows = new Int32Array(n);
  let ranks = new Int32Array(n);
  let spareRows = new Int32Array(n);
  let spareRanks = new Int32Array(n);
  // Ranks by the first two bytes.
  const starts = new Int32Array(Math.max(65536, n) + 1);
  const pair = (i: number): number => (block[i] << 8) | block[i + 1 === n ? 0 : i + 1];
  for (let i = 0; i < n; i++) starts[pair(i) + 1]++;
  for (let k = 0; k < 65536; k++) starts[k + 1] += starts[k];
  for (let i = 0; i < n; i++) ranks[i] = starts[pair(i)];
  for (let i = 0; i < n; i++) rows[starts[pair(i)]++] = i;
  for (let length = 2, classes = 0; length < n && classes < n; length *= 2) {
    // Rows by their second half are the rows by their first, moved back; a stable pass over the first halves sorts them.
    for (let i = 0; i < n; i++) starts[i] = i;
    for (let i = 0; i < n; i++) {
      const row = rows[i] < length ? rows[i] - length + n : rows[i] - length;
      spareRows[starts[ranks[row]]++] = row;
    }
    classes = 0;
    let rank = 0;
    for (let i = 0; i < n; i++) {
      const row = spareRows[i];
      if (i === 0 || !equal(ranks, spareRows[i - 1], row, length, n)) {
        rank = i;
        classes++;
      }
      spareRanks[row] = rank;
    }
    [rows, spareRows] = [spareRows, rows];
    [ranks, spareRanks] = [spareRanks, ranks];
  }
  return rows;
}

/** Whether two rotations have both halves of one rank. */
function equal(ranks: Int32Array, a: number, b: number, length: number, n: number): boolean {
  if (ranks[a] !== ranks[b]) return false;
  const secondA = a + length >= n ? a + length - n : a + length;
  const secondB = b + length >= n ? b + length - n : b + length;
  return ranks[secondA] === ranks[secondB];
}
