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
  if (level <= 4) return { depth: 4, lazy: 0, enough: 48, skip: 8 };
  if (level <= 7) return { depth: 8, lazy: 1, enough: 64, skip: 10 };
  if (level <= 12) return { depth: 32, lazy: 1, enough: 128, skip: 16 };
  return { depth: Math.min(512, 16 << (level - 12)), lazy: 2, enough: 512, skip: 24 };
}

const MIN_MATCH = 4;
/** Nothing is hashed closer to the end of the input. */
const MARGIN = 8;

/** A match: its length, and its offset as coded. */
interface Match {
  length: number;
  offset: number;
}

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
  readonly #recent = [1, 4, 8];

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
    const { lazy, skip, enough } = this.#effort;
    const input = this.#input;
    const last = Math.min(end, input.length - MARGIN);
    sequences.count = 0;
    let anchor = start;
    let count = 0;
    for (let i = start; i < last; ) {
      let match = this.#best(i, end, i === anchor);
      if (match.length < MIN_MATCH) {
        i += 1 + ((i - anchor) >> skip);
        continue;
      }
      for (let step = 1; step <= lazy && match.length < enough && i + step < last; step++) {
        const later = this.#best(i + step, end, false);
        // A position later costs a literal, a new offset its bits.
        if (4 * later.length - bitsOf(later.offset) <= 4 * match.length + 4 * step - bitsOf(match.offset)) continue;
        match = later;
        i += step;
        step = 0;
      }
      const length = i - anchor;
      for (let k = 0; k < length; k++) literals[count++] = input[anchor + k];
      this.#store(sequences, length, match);
      this.#insert(i, Math.min(i + match.length, last));
      i += match.length;
      anchor = i;
    }
    for (; anchor < end; anchor++) literals[count++] = input[anchor];
    return count;
  }

  #store(sequences: Sequences, literalLength: number, { length, offset }: Match): void {
    const n = sequences.count++;
    sequences.literalLengths[n] = literalLength;
    sequences.matchLengths[n] = length;
    sequences.offsets[n] = this.#codedOffset(offset, literalLength);
  }

  /** The offset as decoders read it: 1 to 3 for a recent one. Moves the recent offsets as they do. */
  #codedOffset(offset: number, literalLength: number): number {
    const recent = this.#recent;
    const place = recent.indexOf(offset);
    if (literalLength > 0 && place === 0) return 1;
    const coded = place >= 0 && (literalLength > 0 || place > 0) ? place + (literalLength > 0 ? 1 : 0) : offset + 3;
    recent.splice(place >= 0 ? place : 2, 1);
    recent.unshift(offset);
    return coded;
  }

  /** The best match at a position: of the recent offsets, and of the chain of its hash. */
  #best(i: number, end: number, atAnchor: boolean): Match {
    const input = this.#input;
    const view = this.#view;
    const word = view.getInt32(i, true);
    const best = { length: 0, offset: 0 };
    for (let k = atAnchor ? 1 : 0; k < 3; k++) {
      const offset = this.#recent[k];
      if (offset > i || view.getInt32(i - offset, true) !== word) continue;
      const length = matchLength(input, i - offset, i, end);
      if (length > best.length) {
        best.length = length;
        best.offset = offset;
      }
    }
    if (best.length >= this.#effort.enough) return best;
    const hash = Math.imul(word, 0x9e3779b1) >>> this.#shift;
    this.#insert(this.#hashed, i);
    let from = this.#heads[hash];
    for (let depth = this.#effort.depth; depth > 0 && from >= 0; depth--) {
      if (from < i && view.getInt32(from, true) === word) {
        const length = matchLength(input, from, i, end);
        if (4 * length - bitsOf(i - from) > 4 * best.length - bitsOf(best.offset)) {
          best.length = length;
          best.offset = i - from;
        }
      }
      from = this.#chain.length ? this.#chain[from] : -1;
    }
    return best;
  }

  /** Puts positions up to `end` into the table; long matches only sparsely where there is no chain. */
  #insert(from: number, end: number): void {
    const sparse = this.#chain.length === 0;
    const view = this.#view;
    let i = Math.max(from, this.#hashed);
    for (; i < end; i += sparse ? 2 : 1) {
      const hash = Math.imul(view.getInt32(i, true), 0x9e3779b1) >>> this.#shift;
      if (!sparse) this.#chain[i] = this.#heads[hash];
      this.#heads[hash] = i;
    }
    this.#hashed = Math.max(this.#hashed, end);
  }
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
