/** The literals section of a zstd block (RFC 8878, section 3.1.1.3.1). */
import { fail } from "./bits.ts";
import { decodeFourStreams, decodeStream, type HuffmanTable, readHuffmanTable } from "./huffman.ts";

/** Most bytes that a block makes, and so most literals. */
export const MAX_BLOCK: number = 128 * 1024;

/** What the literals of a block leave to the next: the tree, for blocks that repeat it. */
export interface LiteralState {
  table: HuffmanTable | undefined;
  /** Room for the literals of a block, reused. */
  readonly buffer: Uint8Array;
}

/** The literals of a block, `bytes[start, start + count)`, and the position behind the section. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly count: number;
  readonly end: number;
}

/** Reads the section at `input[position, end)`. */
export function readLiterals(input: Uint8Array, position: number, end: number, state: LiteralState): Literals {
  if (position >= end) fail("input ends before the literals");
  const kind = input[position] & 3;
  return kind < 2 ? plainLiterals(input, position, end, state, kind) : codedLiterals(input, position, end, state, kind);
}

/** Raw (0) or repeated (1) literals: a size of 5, 12 or 20 bits. */
function plainLiterals(input: Uint8Array, position: number, end: number, state: LiteralState, kind: number): Literals {
  const format = (input[position] >> 2) & 3;
  const bytes = format === 1 ? 2 : format === 3 ? 3 : 1;
  if (position + bytes > end) fail("input ends within the literals' header");
  const head =
    input[position] | (bytes > 1 ? input[position + 1] << 8 : 0) | (bytes > 2 ? input[position + 2] << 16 : 0);
  const count = head >> (bytes === 1 ? 3 : 4);
  if (count > MAX_BLOCK) fail("more literals than a block can have");
  const start = position + bytes;
  const next = start + (kind === 0 ? count : 1);
  if (next > end) fail("input ends within the literals");
  if (kind === 0) return { bytes: input, start, count, end: next };
  state.buffer.fill(input[start], 0, count);
  return { bytes: state.buffer, start: 0, count, end: next };
}

/** Huffman coded literals, with their tree (2) or the one before (3): two sizes of 10, 14 or 18 bits. */
function codedLiterals(input: Uint8Array, position: number, end: number, state: LiteralState, kind: number): Literals {
  const format = (input[position] >> 2) & 3;
  const bytes = format < 2 ? 3 : format + 2;
  const width = format < 2 ? 10 : format === 2 ? 14 : 18;
  if (position + bytes > end) fail("input ends within the literals' header");
  let head = 0;
  for (let i = bytes - 1; i >= 0; i--) head = head * 256 + input[position + i];
  head = Math.floor(head / 16);
  const count = head % 2 ** width;
  const stored = Math.floor(head / 2 ** width);
  if (count > MAX_BLOCK) fail("more literals than a block can have");
  let start = position + bytes;
  const next = start + stored;
  if (next > end) fail("input ends within the literals");
  if (kind === 2) {
    const tree = readHuffmanTable(input, start, next);
    state.table = tree.table;
    start = tree.end;
  }
  if (!state.table) fail("literals that repeat a Huffman tree before the first");
  if (format === 0) decodeStream(state.table, input, start, next, state.buffer, 0, count);
  else decodeFourStreams(state.table, input, start, next, state.buffer, count);
  return { bytes: state.buffer, start: 0, count, end: next };
}
