/** LZ4 blocks in the high-compression way: chains of candidates, and matches put off for longer ones. */
import { writeLz4Match, writeLz4Tail } from "./lz4.ts";

const HASH_BITS = 15;
const WINDOW = 0xffff;
const LAST_LITERALS = 5;
const MARGIN = 12;

/**
 * Encodes `input[start, end)` into `output` from `at`.
 *
 * @param depth candidates tried at a position
 * @returns the position in `output` behind the last byte; `output` must have room for `lz4Bound`
 */
export function lz4EncodeHigh(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  depth: number,
): number {
  const chains = new Chains(input, start, end);
  const last = end - MARGIN;
  let anchor = start;
  for (let i = start; i <= last; ) {
    let length = chains.find(i, depth);
    let from = chains.from;
    if (length < 4) {
      i++;
      continue;
    }
    while (i + 1 <= last && chains.find(i + 1, depth) > length) {
      i++;
      length = chains.length;
      from = chains.from;
    }
    at = writeLz4Match(input, anchor, i, output, at, i - from, length);
    i += length;
    anchor = i;
  }
  return writeLz4Tail(input, anchor, end, output, at);
}

/** Positions by the hash of their four bytes, each with the one before. */
class Chains {
  /** The best match of the last call of {@link find}. */
  from = -1;
  length = 0;
  readonly #input: Uint8Array;
  readonly #view: DataView;
  readonly #start: number;
  readonly #end: number;
  readonly #heads: Int32Array = new Int32Array(1 << HASH_BITS).fill(-1);
  readonly #before: Int32Array;
  #inserted: number;

  constructor(input: Uint8Array, start: number, end: number) {
    this.#input = input;
    this.#view = new DataView(input.buffer, input.byteOffset, input.length);
    this.#start = start;
    this.#end = end;
    this.#before = new Int32Array(end - start);
    this.#inserted = start;
  }

  /** The length of the longest match at `i`; 0 when there is none. */
  find(i: number, depth: number): number {
    this.#insert(i);
    const input = this.#input;
    const limit = this.#end - LAST_LITERALS;
    const word = this.#view.getInt32(i, true);
    this.length = 0;
    let from = this.#heads[Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS)];
    for (; depth > 0 && from >= 0 && i - from <= WINDOW; depth--, from = this.#before[from - this.#start]) {
      if (this.#view.getInt32(from, true) !== word || input[from + this.length] !== input[i + this.length]) continue;
      let length = 4;
      while (i + length < limit && input[i + length] === input[from + length]) length++;
      if (length <= this.length) continue;
      this.length = length;
      this.from = from;
    }
    return this.length;
  }

  /** Puts the positions before `end` into the chains. */
  #insert(end: number): void {
    for (let i = this.#inserted; i < end; i++) {
      const hash = Math.imul(this.#view.getInt32(i, true), 0x9e3779b1) >>> (32 - HASH_BITS);
      this.#before[i - this.#start] = this.#heads[hash];
      this.#heads[hash] = i;
    }
    this.#inserted = Math.max(this.#inserted, end);
  }
}
