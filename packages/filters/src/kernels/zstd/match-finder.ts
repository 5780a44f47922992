/** Finds matches for the zstd encoder: hash chains over the whole input, greedy or lazy as the level asks. */
import type { Sequences } from "./sequences-encode.ts";

/** How hard a level looks. */
export interface Effort {
  /** Candidates tried at a position. */
  readonly depth: number;
  /** Positions that a match may be put off for a longer one. */
  readonly lazy: number;
  /** A match of this length is taken at once. */
  readonly enough: number;
  /** log2 of positions without a match after which steps grow. */
  readonly skip: number;
}

/** The effort of each level of zstd, negative ones (faster) to 22. */
export function effortOf(level: number): Effort {
  if (level < 0) return { depth: 1, lazy: 0, enough: 16, skip: Math.max(1, 5 + Math.max(-4, level)) };
  if (level <= 2) return { depth: 1, lazy: 0, enough: 24, skip: 6 };
  if (level <= 4) return { depth: 1, lazy: 0, enough: 32, skip: 9 };
  if (level <= 7) return { depth: 8, lazy: 1, enough: 64, skip: 8 };
  if (level <= 12) return { depth: 32, lazy: 1, enough: 128, skip: 8 };
  return { depth: Math.min(512, 16 << (level - 12)), lazy: 2, enough: 512, skip: 9 };
}

const MIN_MATCH = 4;
/** Nothing is hashed closer to the end of the input. */
const MARGIN = 8;

/** Walks over the input once; keeps what it has seen for later blocks. */
export class MatchFinder {
  readonly #input: Uint8Array;
  readonly #view: DataView;
  readonly #effort: Effort;
  readonly #heads: Int32Array;
  readonly #chain: Int32Array;
  readonly #shift: number;
  /** Positions below this are in the table. */
  #hashed = 0;
  /** The last offsets, the latest first. */
  #recent1 = 1;
  #recent2 = 4;
  #recent3 = 8;
  /** What {@link #find} found. */
  #length = 0;
  #offset = 0;

  constructor(input: Uint8Array, effort: Effort) {
    const bits = Math.min(17, Math.max(8, 32 - Math.clz32(input.length)));
    this.#input = input;
    this.#view = new DataView(input.buffer, input.byteOffset, input.length);
    this.#effort = effort;
    this.#heads = new Int32Array(1 << bits).fill(-1);
    this.#chain = new Int32Array(effort.depth > 1 ? input.length : 0);
    this.#shift = 32 - bits;
  }

  /** Splits `input[start, end)` into sequences and literals; gives how many literals there are. */
  run(start: number, end: number, sequences: Sequences, literals: Uint8Array): number {
    sequences.count = 0;
    return this.#effort.depth > 1
      ? this.#runChained(start, end, sequences, literals)
      : this.#runFast(start, end, sequences, literals);
  }

  /** One candidate a position, and the latest offset; the first match is taken. */
  #runFast(start: number, end: number, sequences: Sequences, literals: Uint8Array): number {
    const input = this.#input;
    const view = this.#view;
    const heads = this.#heads;
    const shift = this.#shift;
    const { skip } = this.#effort;
    const last = Math.min(end - 3, input.length - MARGIN);
    let anchor = start;
    let count = 0;
    for (let i = start; i < last; ) {
      const word = view.getInt32(i, true);
      const hash = longHash(word, input[i + 4]) >>> shift;
      let from = heads[hash];
      heads[hash] = i;
      const repeat = i + 1 - this.#recent1;
      if (repeat >= 0 && i + 1 < last && view.getInt32(repeat, true) === view.getInt32(i + 1, true)) {
        i++;
        from = repeat;
      } else if (from < 0 || view.getInt32(from, true) !== word) {
        i += 1 + ((i - anchor) >> skip);
        continue;
      }
      const offset = i - from;
      const length = 4 + matchLength(input, from + 4, i + 4, end);
      for (let k = anchor; k < i; ) literals[count++] = input[k++];
      this.#store(sequences, i - anchor, length, offset);
      i += length;
      anchor = i;
      if (i < last) heads[longHash(view.getInt32(i - 2, true), input[i + 2]) >>> shift] = i - 2;
    }
    for (; anchor < end; anchor++) literals[count++] = input[anchor];
    return count;
  }

  /** Chains of candidates; a match is put off where the next position has a better one. */
  #runChained(start: number, end: number, sequences: Sequences, literals: Uint8Array): number {
    const { lazy, skip, enough } = this.#effort;
    const input = this.#input;
    const last = Math.min(end - 3, input.length - MARGIN);
    let anchor = start;
    let count = 0;
    for (let i = start; i < last; ) {
      this.#find(i, end, i === anchor);
      let [length, offset] = [this.#length, this.#offset];
      if (length < MIN_MATCH) {
        i += 1 + ((i - anchor) >> skip);
        continue;
      }
      for (let step = 1; step <= lazy && length < enough && i + step < last; step++) {
        this.#find(i + step, end, false);
        // A position later costs a literal, a new offset its bits.
        if (4 * this.#length - bitsOf(this.#offset) <= 4 * length + 4 * step - bitsOf(offset)) continue;
        length = this.#length;
        offset = this.#offset;
        i += step;
        step = 0;
      }
      for (let k = anchor; k < i; ) literals[count++] = input[k++];
      this.#store(sequences, i - anchor, length, offset);
      i += length;
      this.#insert(Math.min(i, last));
      anchor = i;
    }
    for (; anchor < end; anchor++) literals[count++] = input[anchor];
    return count;
  }

  /** Adds a sequence; its offset as decoders read it: 1 to 3 for a recent one. Moves the recent offsets as they do. */
  #store(sequences: Sequences, literalLength: number, length: number, offset: number): void {
    const n = sequences.count++;
    sequences.literalLengths[n] = literalLength;
    sequences.matchLengths[n] = length;
    const shift = literalLength > 0 ? 1 : 0;
    if (offset === this.#recent1 && shift) {
      sequences.offsets[n] = 1;
      return;
    }
    if (offset === this.#recent2) sequences.offsets[n] = 1 + shift;
    else {
      sequences.offsets[n] = offset === this.#recent3 ? 2 + shift : offset + 3;
      this.#recent3 = this.#recent2;
    }
    this.#recent2 = this.#recent1;
    this.#recent1 = offset;
  }

  /** Looks for the best match at a position: of the recent offsets, and of the chain of its hash. */
  #find(i: number, end: number, atAnchor: boolean): void {
    const input = this.#input;
    const view = this.#view;
    const word = view.getInt32(i, true);
    this.#length = 0;
    this.#offset = 0;
    if (!atAnchor) this.#try(i, end, word, this.#recent1);
    this.#try(i, end, word, this.#recent2);
    this.#try(i, end, word, this.#recent3);
    if (this.#length >= this.#effort.enough) return;
    this.#insert(i);
    let from = this.#heads[Math.imul(word, 0x9e3779b1) >>> this.#shift];
    let score = 4 * this.#length - bitsOf(this.#offset);
    for (let depth = this.#effort.depth; depth > 0 && from >= 0; depth--, from = this.#chain[from]) {
      const length = this.#length;
      if (i + length >= end) break;
      // A longer match has the byte that the best so far ends before.
      if (input[from + length] !== input[i + length] || from >= i || view.getInt32(from, true) !== word) continue;
      const found = 4 + matchLength(input, from + 4, i + 4, end);
      if (4 * found - bitsOf(i - from) <= score) continue;
      score = 4 * found - bitsOf(i - from);
      this.#length = found;
      this.#offset = i - from;
    }
  }

  /** Takes the match at a recent offset if it is longer than what was found. */
  #try(i: number, end: number, word: number, offset: number): void {
    if (offset > i || this.#view.getInt32(i - offset, true) !== word) return;
    const length = 4 + matchLength(this.#input, i - offset + 4, i + 4, end);
    if (length <= this.#length) return;
    this.#length = length;
    this.#offset = offset;
  }

  /** Puts positions up to `end` into the table. */
  #insert(end: number): void {
    const view = this.#view;
    const heads = this.#heads;
    for (let i = this.#hashed; i < end; i++) {
      const hash = Math.imul(view.getInt32(i, true), 0x9e3779b1) >>> this.#shift;
      this.#chain[i] = heads[hash];
      heads[hash] = i;
    }
    this.#hashed = Math.max(this.#hashed, end);
  }
}

/** Of five bytes: matches of four are hardly shorter than what tells them. */
function longHash(word: number, fifth: number): number {
  return Math.imul(word, 0x9e3779b1) + Math.imul(fifth, 0x85ebca6b);
}

/** Bits that an offset takes, roughly. */
function bitsOf(offset: number): number {
  return 32 - Math.clz32(offset);
}

function matchLength(input: Uint8Array, from: number, i: number, end: number): number {
  const start = i;
  while (i < end && input[i] === input[from]) {
    i++;
    from++;
  }
  return i - start;
}
