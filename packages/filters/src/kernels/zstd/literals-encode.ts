/** Writing of the literals section (RFC 8878, section 3.1.1.3.1): raw, one byte repeated, or Huffman coded. */
import { huffmanCodes, writeStream, writeTree } from "./huffman-encode.ts";

/** Fewer literals are not worth a tree. */
const FEW = 32;
/** Fewer are written as one stream. */
const ONE_STREAM = 256;

/** Writes the literals `bytes[0, count)`; gives the position behind the section. */
export function writeLiterals(bytes: Uint8Array, count: number, output: Uint8Array, at: number): number {
  const frequencies = new Uint32Array(256);
  for (let i = 0; i < count; i++) frequencies[bytes[i]]++;
  if (count > 0 && frequencies[bytes[0]] === count) {
    at = writeHead(1, count, output, at);
    output[at] = bytes[0];
    return at + 1;
  }
  const end = count < FEW ? -1 : writeCoded(bytes, count, frequencies, output, at);
  if (end > 0 && end - at < count) return end;
  at = writeHead(0, count, output, at);
  output.set(bytes.subarray(0, count), at);
  return at + count;
}

/** The header of raw (0) and repeated (1) literals. */
function writeHead(kind: number, count: number, output: Uint8Array, at: number): number {
  if (count < 32) {
    output[at++] = kind | (count << 3);
    return at;
  }
  const format = count < 4096 ? 1 : 3;
  const head = kind | (format << 2) | (count << 4);
  output[at++] = head;
  output[at++] = head >> 8;
  if (format === 3) output[at++] = head >> 16;
  return at;
}

/** Huffman coded literals with their tree; -1 when that is not possible. */
function writeCoded(
  bytes: Uint8Array,
  count: number,
  frequencies: Uint32Array,
  output: Uint8Array,
  at: number,
): number {
  const streams = count < ONE_STREAM ? 1 : 4;
  const width = count < 1024 ? 10 : count < 16384 ? 14 : 18;
  const head = width === 10 ? 3 : width === 14 ? 4 : 5;
  const codes = huffmanCodes(frequencies);
  if (frequencies.reduce((bits, n, symbol) => bits + n * codes.lengths[symbol], 0) > 8 * (count - 16)) return -1;
  let end = writeTree(codes.weights, output, at + head);
  if (end < 0) return -1;
  if (streams === 1) end = writeStream(codes, bytes, 0, count, output, end);
  else {
    const jumps = end;
    end += 6;
    const part = (count + 3) >> 2;
    for (let i = 0; i < 4; i++) {
      const start = end;
      end = writeStream(codes, bytes, i * part, Math.min(count, (i + 1) * part), output, start);
      if (i < 3) {
        output[jumps + 2 * i] = end - start;
        output[jumps + 2 * i + 1] = (end - start) >> 8;
      }
    }
  }
  const stored = end - at - head;
  if (stored >= 2 ** width) return -1;
  const format = streams === 1 ? 0 : width === 10 ? 1 : width === 14 ? 2 : 3;
  let value = 2 + format * 4 + count * 16 + stored * 2 ** (4 + width);
  for (let i = 0; i < head; i++, value = Math.floor(value / 256)) output[at + i] = value % 256;
  return end;
}
