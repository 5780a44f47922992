/** Lengths of Huffman codes, bounded: for encoders. */

/**
 * Code lengths for symbols with these frequencies, `longest` at most. A symbol of frequency 0 gets length 0; of two
 * symbols and more that occur, every one gets a code.
 */
export function codeLengths(frequencies: ArrayLike<number>, longest: number): Uint8Array {
  const symbols: number[] = [];
  for (let i = 0; i < frequencies.length; i++) if (frequencies[i] > 0) symbols.push(i);
  const weights = symbols.map((symbol) => frequencies[symbol]);
  const lengths = new Uint8Array(frequencies.length);
  for (;;) {
    const depths = treeDepths(weights);
    if (depths.every((depth) => depth <= longest)) {
      for (let i = 0; i < symbols.length; i++) lengths[symbols[i]] = Math.max(1, depths[i]);
      return lengths;
    }
    // Flatter frequencies make a flatter tree.
    for (let i = 0; i < weights.length; i++) weights[i] = 1 + (weights[i] >> 1);
  }
}

/** Depths of the leaves of the Huffman tree, by two queues over the sorted weights. */
function treeDepths(weights: readonly number[]): Uint8Array {
  const n = weights.length;
  const leaves = weights.map((_, i) => i).sort((a, b) => weights[a] - weights[b] || a - b);
  const parents = new Int32Array(Math.max(1, 2 * n - 1));
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
  const depths = new Uint8Array(parents.length);
  for (let node = 2 * n - 3; node >= 0; node--) depths[node] = depths[parents[node]] + 1;
  return depths.subarray(0, n);
}
