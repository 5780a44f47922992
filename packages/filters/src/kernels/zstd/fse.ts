/** Finite state entropy tables (RFC 8878, section 4.1.1): distributions as stored, and the tables to decode by. */
import { fail } from "./bits.ts";

/** A decoding table: state -> symbol, bits to read, and the base that those bits are added to for the next state. */
export interface FseTable {
  /** log2 of the number of states. */
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** A distribution, and the position behind its last byte. */
export interface Distribution {
  readonly log: number;
  readonly counts: Int16Array;
  readonly end: number;
}

/** Reads the normalized counts in `input[position, end)` (section 4.1.1). */
export function readDistribution(
  input: Uint8Array,
  position: number,
  end: number,
  maxLog: number,
  maxSymbols: number,
): Distribution {
  if (position >= end) fail("input ends before a distribution");
  const bits = new ForwardBits(input, position, end);
  const log = bits.take(4) + 5;
  if (log > maxLog) fail(`accuracy log ${log}, over ${maxLog}`);
  const counts = new Int16Array(maxSymbols);
  let remaining = 1 << log;
  let symbol = 0;
  while (remaining > 0) {
    if (symbol >= maxSymbols) fail("more symbols than allowed in a distribution");
    const count = readCount(bits, remaining);
    counts[symbol++] = count;
    remaining -= Math.abs(count);
    if (count !== 0) continue;
    for (let repeat = 3; repeat === 3; ) {
      repeat = bits.take(2);
      symbol += repeat;
      if (symbol > maxSymbols) fail("more symbols than allowed in a distribution");
    }
  }
  if (remaining < 0) fail("a distribution that sums to more than its states");
  return { log, counts: counts.subarray(0, symbol), end: bits.finish() };
}

/** One count, or -1 for less than one, in as few bits as `remaining` states allow. */
function readCount(bits: ForwardBits, remaining: number): number {
  const width = 32 - Math.clz32(remaining + 1);
  const short = (1 << width) - 1 - (remaining + 1);
  const value = bits.peek() & ((1 << width) - 1);
  const low = value & ((1 << (width - 1)) - 1);
  bits.take(low < short ? width - 1 : width);
  if (low < short) return low - 1;
  return (value >= 1 << (width - 1) ? value - short : value) - 1;
}

/** Bits read forwards, least significant first. */
class ForwardBits {
  readonly #input: Uint8Array;
  readonly #end: number;
  #bit: number;

  constructor(input: Uint8Array, position: number, end: number) {
    this.#input = input;
    this.#end = end;
    this.#bit = 8 * position;
  }

  /** 25 bits, without taking them. */
  peek(): number {
    const i = this.#bit >> 3;
    const input = this.#input;
    if (i >= this.#end) fail("input ends within a distribution");
    return (input[i] | (input[i + 1] << 8) | (input[i + 2] << 16) | (input[i + 3] << 24)) >>> (this.#bit & 7);
  }

  take(count: number): number {
    const value = this.peek() & ((1 << count) - 1);
    this.#bit += count;
    return value;
  }

  /** The position behind the last byte that was touched. */
  finish(): number {
    const next = (this.#bit + 7) >> 3;
    if (next > this.#end) fail("input ends within a distribution");
    return next;
  }
}

/** Spreads a distribution over the states (section 4.1.1). */
export function buildFseTable(counts: Int16Array, log: number): FseTable {
  const size = 1 << log;
  const table = { log, symbols: new Uint8Array(size), bits: new Uint8Array(size), bases: new Uint16Array(size) };
  const next = new Uint16Array(counts.length);
  let high = size - 1;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] === -1) {
      table.symbols[high--] = symbol;
      next[symbol] = 1;
    } else next[symbol] = counts[symbol];
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    for (let i = 0; i < counts[symbol]; i++) {
      table.symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position > high);
    }
  }
  if (position !== 0) fail("a distribution that does not fill its states");
  for (let state = 0; state < size; state++) {
    const value = next[table.symbols[state]]++;
    table.bits[state] = log - (31 - Math.clz32(value));
    table.bases[state] = (value << table.bits[state]) - size;
  }
  return table;
}

/** The table of one state that always gives `symbol` and reads no bits. */
export function singleSymbolTable(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: new Uint8Array(1), bases: new Uint16Array(1) };
}
