/** Huffman code lengths for bzip2: of 17 bits at most, as its own encoder makes them. */

const LONGEST = 17;

/** Code lengths for symbols with these frequencies; a symbol of frequency 0 gets a code too. */
export function codeLengths(frequencies: ArrayLike<number>): Uint8Array {
  const weights = Array.from(frequencies, (f) => Math.max(1, f));
  for (;;) {
    const lengths = treeDepths(weights);
    if (lengths.every((length) => length <= LONGEST)) return lengths;
    // Flatter frequencies make a flatter tree.
    for (let i = 0; i < weights.length; i++) weights[i] = 1 + (weights[i] >> 1);
  }
}

/** Depths of the leaves of the Huffman tree, by two queues over the sorted weights. */
function treeDepths(weights: readonly number[]): Uint8Array {
  const n = weights.length;
  const leaves = weights.map((_, i) => i).sort((a, b) => weights[a] - weights[b] || a - b);
  const parents = new Int32Array(2 * n - 1);
  const sums: number[] = [];
  let leaf = 0;
  let inner = 0;
  const next = (): number =>
    leaf < n && (inner >= sums.length || weights[leaves[leaf]] <= sums[inner]) ? leaves[leaf++] : n + inner++;
  const weightOf = (node: number): number => (node < n ? weights[node] : sums[node - n]);
  for (let node = n; node < 2 * n - 1; node++) {
    const [a, b] = [next(), next()];
    parents[a] = parents[b] = node;
    sums.push(weightOf(a) + weightOf(b));
  }
  const depths = new Uint8Array(2 * n - 1);
  for (let node = 2 * n - 3; node >= 0; node--) depths[node] = depths[parents[node]] + 1;
  return depths.subarray(0, n);
}

/** The canonical codes of these lengths. */
export function codesOf(lengths: Uint8Array): Int32Array {
  const codes = new Int32Array(lengths.length);
  let code = 0;
  for (let bits = 1; bits <= LONGEST; bits++, code <<= 1) {
    for (let i = 0; i < lengths.length; i++) if (lengths[i] === bits) codes[i] = code++;
  }
  return codes;
}
