/** The Burrows-Wheeler transform: sorts all rotations of a block. */

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

/** Words of four bytes that are compared before rows are taken for repetitive. */
const DEEPEST = 64;
/** Rows that are sorted by insertion. */
const FEW = 12;
/** Nested divisions of rows; more are needed only where they are made for it. */
const MOST_DIVISIONS = 200;

/** The starts of the rotations in sorted order. */
function sortedRotations(block: Uint8Array): Int32Array {
  return sortedByWords(block) ?? sortedByDoubling(block);
}

/**
 * Sorts within each first pair of bytes by comparing words; fast where few rows have long prefixes in common. `undefined`
 * where some have.
 */
function sortedByWords(block: Uint8Array): Int32Array | undefined {
  const n = block.length;
  if (n < 2) return undefined;
  // The four bytes from each place on, and the same again behind the end for rotations.
  const words = new Uint32Array(n + 4 * DEEPEST + 8);
  for (let i = 0, word = at(block, 0) * 65536 + at(block, 1) * 256 + at(block, 2); i < n; i++) {
    word = ((word << 8) | at(block, i + 3)) >>> 0;
    words[i] = word;
  }
  for (let i = n; i < words.length; i++) words[i] = words[i - n];
  const starts = new Int32Array(65537);
  for (let i = 0; i < n; i++) starts[(words[i] >>> 16) + 1]++;
  for (let k = 0; k < 65536; k++) starts[k + 1] += starts[k];
  const rows = new Int32Array(n);
  for (let i = 0; i < n; i++) rows[starts[words[i] >>> 16]++] = i;
  const sorter = new WordSorter(rows, words);
  for (let k = 0, from = 0; k < 65536; k++) {
    if (!sorter.sort(from, starts[k], 2)) return undefined;
    from = starts[k];
  }
  return rows;
}

const at = (block: Uint8Array, i: number): number => block[i % block.length];

/** Sorts parts of the rows by the words from some depth on, in three parts around a middle one. */
class WordSorter {
  private readonly rows: Int32Array;
  private readonly words: Uint32Array;

  constructor(rows: Int32Array, words: Uint32Array) {
    this.rows = rows;
    this.words = words;
  }

  /** `false` where rows are equal to the deepest word, or do not divide well. */
  sort(from: number, end: number, depth: number, divisions = 0): boolean {
    const { rows, words } = this;
    while (end - from > 1) {
      if (depth > 4 * DEEPEST || divisions > MOST_DIVISIONS) return false;
      if (end - from <= FEW) return this.insert(from, end, depth);
      const pivot = this.pivot(from, end, depth);
      let [less, more] = [from, end];
      for (let i = from; i < more; ) {
        const row = rows[i];
        const word = words[row + depth];
        if (word < pivot) {
          rows[i++] = rows[less];
          rows[less++] = row;
        } else if (word > pivot) {
          rows[i] = rows[--more];
          rows[more] = row;
        } else i++;
      }
      divisions++;
      if (!this.sort(from, less, depth, divisions) || !this.sort(less, more, depth + 4, divisions)) return false;
      from = more;
    }
    return true;
  }

  private pivot(from: number, end: number, depth: number): number {
    const { rows, words } = this;
    const a = words[rows[from] + depth];
    const b = words[rows[(from + end) >> 1] + depth];
    const c = words[rows[end - 1] + depth];
    if (a < b) return b < c ? b : Math.max(a, c);
    return a < c ? a : Math.max(b, c);
  }

  private insert(from: number, end: number, depth: number): boolean {
    const { rows } = this;
    for (let i = from + 1; i < end; i++) {
      const row = rows[i];
      let j = i - 1;
      for (; j >= from; j--) {
        const order = this.compare(row, rows[j], depth);
        if (order === 0) return false;
        if (order > 0) break;
        rows[j + 1] = rows[j];
      }
      rows[j + 1] = row;
    }
    return true;
  }

  private compare(one: number, other: number, depth: number): number {
    const { words } = this;
    for (; depth <= 4 * DEEPEST; depth += 4) {
      const [a, b] = [words[one + depth], words[other + depth]];
      if (a !== b) return a < b ? -1 : 1;
    }
    return 0;
  }
}

/** Sorts by ranks of prefixes that double in length: the same time for every block. */
function sortedByDoubling(block: Uint8Array): Int32Array {
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
