/** Huffman coded literals of zstd (RFC 8878, section 4.2): tree descriptions, and streams of 1 and 4 parts. */
import { BackwardBits, fail } from "./bits.ts";
import { buildFseTable, readDistribution } from "./fse.ts";

/** Longest code, in bits. */
export const MAX_BITS = 11;

/** A decoding table indexed by the next `log` bits; an entry is `symbol << 8 | bits`. */
export interface HuffmanTable {
  readonly log: number;
  readonly entries: Uint16Array;
}

/** Reads the tree description in `input[position, end)`; gives the table and the position behind it. */
export function readHuffmanTable(
  input: Uint8Array,
  position: number,
  end: number,
): { table: HuffmanTable; end: number } {
  if (position >= end) fail("input ends before a Huffman tree");
  const head = input[position++];
  const weights = new Uint8Array(256);
  let count: number;
  let next: number;
  if (head < 128) {
    next = position + head;
    if (next > end) fail("input ends within a Huffman tree");
    count = readCompressedWeights(input, position, next, weights);
  } else {
    count = head - 127;
    next = position + ((count + 1) >> 1);
    if (next > end) fail("input ends within a Huffman tree");
    for (let i = 0; i < count; i++)
      weights[i] = i & 1 ? input[position + (i >> 1)] & 15 : input[position + (i >> 1)] >> 4;
  }
  return { table: tableOfWeights(weights, count), end: next };
}

/** Weights coded by two interleaved FSE states (section 4.2.1.2). */
function readCompressedWeights(input: Uint8Array, position: number, end: number, weights: Uint8Array): number {
  const distribution = readDistribution(input, position, end, 6, 256);
  const table = buildFseTable(distribution.counts, distribution.log);
  const bits = new BackwardBits(input, distribution.end, end);
  let one = bits.take(table.log);
  let two = bits.take(table.log);
  if (bits.left < 0) fail("input ends within Huffman weights");
  let count = 0;
  for (;;) {
    if (count > 253) fail("more than 255 Huffman weights");
    weights[count++] = table.symbols[one];
    one = table.bases[one] + bits.take(table.bits[one]);
    if (bits.left < 0) {
      weights[count++] = table.symbols[two];
      return count;
    }
    [one, two] = [two, one];
  }
}

function tableOfWeights(weights: Uint8Array, count: number): HuffmanTable {
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (weights[i] > MAX_BITS) fail(`Huffman weight ${weights[i]}, over ${MAX_BITS}`);
    if (weights[i] > 0) total += 1 << (weights[i] - 1);
  }
  if (total === 0) fail("a Huffman tree without weights");
  const log = 32 - Math.clz32(total);
  const rest = (1 << log) - total;
  if (log > MAX_BITS || (rest & (rest - 1)) !== 0) fail("Huffman weights that make no tree");
  weights[count] = 32 - Math.clz32(rest);
  const entries = new Uint16Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    for (let symbol = 0; symbol <= count; symbol++) {
      if (weights[symbol] !== weight) continue;
      const next = at + (1 << (weight - 1));
      entries.fill((symbol << 8) | (log + 1 - weight), at, next);
      at = next;
    }
  }
  return { log, entries };
}

/** Decodes the one stream `input[start, end)` to `output[at, limit)`, exactly. `input` has 4 bytes behind `end`. */
export function decodeStream(
  table: HuffmanTable,
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): void {
  const { log, entries } = table;
  if (end <= start || input[end - 1] === 0) fail("a bit stream without its end mark");
  const down = 32 - log;
  let left = 8 * (end - start) - Math.clz32(input[end - 1]) + 23;
  while (left >= 32 && at + 1 < limit) {
    // The 32 bits that end with the byte of the next bit, moved up so that the next bit comes first: 25 or more are valid.
    const i = start + ((left + 7) >> 3) - 4;
    let word = (input[i] | (input[i + 1] << 8) | (input[i + 2] << 16) | (input[i + 3] << 24)) << (-left & 7);
    let entry = entries[word >>> down];
    output[at++] = entry >> 8;
    word <<= entry & 0xff;
    left -= entry & 0xff;
    entry = entries[word >>> down];
    output[at++] = entry >> 8;
    left -= entry & 0xff;
  }
  for (; at < limit; at++) {
    const entry = entries[peek(input, start, left, log)];
    output[at] = entry >> 8;
    left -= entry & 0xff;
  }
  if (left !== 0) fail("a Huffman stream that does not end with its literals");
}

/** The `count` bits that end at bit `left`, zeros before the start. */
function peek(input: Uint8Array, start: number, left: number, count: number): number {
  const position = left - count;
  if (left <= 0) return 0;
  const i = start + (Math.max(0, position) >> 3);
  const word = input[i] | (input[i + 1] << 8) | (input[i + 2] << 16) | (input[i + 3] << 24);
  return (position < 0 ? word << -position : word >>> (position & 7)) & ((1 << count) - 1);
}

/** Decodes four streams behind their jump table at `input[start, end)` to `output[0, length)` (section 3.1.1.3.1.6). */
export function decodeFourStreams(
  table: HuffmanTable,
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  length: number,
): void {
  if (end - start < 10) fail("four Huffman streams in fewer than 10 bytes");
  const part = (length + 3) >> 2;
  if (3 * part > length) fail("too few literals for four streams");
  let from = start + 6;
  for (let i = 0; i < 4; i++) {
    const to = i < 3 ? from + (input[start + 2 * i] | (input[start + 2 * i + 1] << 8)) : end;
    if (to > end) fail("a Huffman stream passes the end");
    decodeStream(table, input, from, to, output, i * part, i < 3 ? (i + 1) * part : length);
    from = to;
  }
}
