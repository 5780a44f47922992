/** Huffman coding of literals (RFC 8878, section 4.2): the tree's description, and streams. */
import { codeLengths } from "../code-lengths.ts";
import { BitWriter } from "./bit-writer.ts";
import { accuracyLog, buildEncodingTable, EncodingState, normalize, writeDistribution } from "./fse-encode.ts";
import { MAX_BITS } from "./huffman.ts";

/** Codes of the literals of a block. */
export interface HuffmanCodes {
  readonly lengths: Uint8Array;
  readonly codes: Uint16Array;
  /** Weights of the symbols but the last, as the tree's description has them. */
  readonly weights: Uint8Array;
}

/** Codes for literals with these frequencies, of which two at least are not 0. */
export function huffmanCodes(frequencies: Uint32Array): HuffmanCodes {
  const lengths = codeLengths(frequencies, MAX_BITS);
  const log = lengths.reduce((a, b) => Math.max(a, b), 0);
  const codes = new Uint16Array(256);
  let at = 0;
  for (let length = log; length >= 1; length--) {
    for (let symbol = 0; symbol < 256; symbol++) {
      if (lengths[symbol] !== length) continue;
      codes[symbol] = at >> (log - length);
      at += 1 << (log - length);
    }
  }
  let last = 255;
  while (lengths[last] === 0) last--;
  const weights = lengths.slice(0, last).map((length) => (length ? log + 1 - length : 0));
  return { lengths, codes, weights };
}

/** Writes the description of the tree; gives the position behind it, or -1 when the weights can not be described. */
export function writeTree(weights: Uint8Array, output: Uint8Array, at: number): number {
  const compressed = writeCompressedWeights(weights, output, at + 1);
  const size = compressed - at - 1;
  if (compressed > 0 && size < 128 && (size < (weights.length + 1) >> 1 || weights.length > 128)) {
    output[at] = size;
    return compressed;
  }
  if (weights.length > 128) return -1;
  output[at++] = 127 + weights.length;
  for (let i = 0; i < weights.length; i += 2) output[at++] = (weights[i] << 4) | (weights[i + 1] ?? 0);
  return at;
}

/** Weights coded by two interleaved states; -1 when they are too few or all alike. */
function writeCompressedWeights(weights: Uint8Array, output: Uint8Array, at: number): number {
  const frequencies = new Uint32Array(MAX_BITS + 2);
  for (const weight of weights) frequencies[weight]++;
  const kinds = frequencies.reduce((n, count) => n + (count > 0 ? 1 : 0), 0);
  if (weights.length < 2 || kinds < 2) return -1;
  let alphabet = frequencies.length;
  while (frequencies[alphabet - 1] === 0) alphabet--;
  const log = accuracyLog(weights.length, alphabet, 6);
  const counts = normalize(frequencies.subarray(0, alphabet), weights.length, log);
  const head = new BitWriter(output, at);
  writeDistribution(head, counts, log);
  const writer = new BitWriter(output, head.flush());
  const table = buildEncodingTable(counts, log);
  const states: (EncodingState | undefined)[] = [undefined, undefined];
  for (let i = weights.length - 1; i >= 0; i--) {
    const state = states[i & 1];
    if (state) state.put(writer, weights[i]);
    else states[i & 1] = new EncodingState(table, weights[i]);
  }
  states[1]?.finish(writer);
  states[0]?.finish(writer);
  return writer.finish();
}

/** Writes the literals `input[from, to)` as one stream; gives the position behind it. */
export function writeStream(
  { lengths, codes }: HuffmanCodes,
  input: Uint8Array,
  from: number,
  to: number,
  output: Uint8Array,
  at: number,
): number {
  const writer = new BitWriter(output, at);
  for (let i = to - 1; i >= from; i--) writer.put(codes[input[i]], lengths[input[i]]);
  return writer.finish();
}
