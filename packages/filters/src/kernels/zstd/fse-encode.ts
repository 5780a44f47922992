/** Finite state entropy for encoding (RFC 8878, section 4.1): distributions, their description, and coding states. */
import type { BitWriter } from "./bit-writer.ts";

/** Counts scaled so that they sum to 2^`log`; each symbol that occurs has 1 at least. */
export function normalize(frequencies: ArrayLike<number>, total: number, log: number): Int16Array {
  const size = 1 << log;
  const counts = new Int16Array(frequencies.length);
  let left = size;
  let largest = 0;
  for (let i = 0; i < counts.length; i++) {
    if (frequencies[i] === 0) continue;
    counts[i] = Math.max(1, Math.floor((frequencies[i] * size) / total));
    left -= counts[i];
    if (counts[i] > counts[largest]) largest = i;
  }
  if (left >= 0) counts[largest] += left;
  // Too much was given to rare symbols: it is taken from those that have most.
  for (; left < 0; left++) counts[counts.reduce((best, count, i) => (count > counts[best] ? i : best), 0)]--;
  return counts;
}

/** An accuracy that suits `total` symbols of `alphabet` kinds. */
export function accuracyLog(total: number, alphabet: number, maxLog: number): number {
  const enough = 32 - Math.clz32(Math.max(1, alphabet - 1));
  const sensible = 31 - Math.clz32(Math.max(2, total)) - 1;
  return Math.min(maxLog, Math.max(5, sensible, enough));
}

/** Writes the description of a distribution (section 4.1.1). */
export function writeDistribution(writer: BitWriter, counts: Int16Array, log: number): void {
  writer.put(log - 5, 4);
  let remaining = 1 << log;
  for (let symbol = 0; remaining > 0; ) {
    const count = counts[symbol++];
    writeCount(writer, count + 1, remaining);
    remaining -= Math.abs(count);
    if (count !== 0) continue;
    let zeros = 0;
    while (counts[symbol + zeros] === 0) zeros++;
    symbol += zeros;
    for (; zeros >= 3; zeros -= 3) writer.put(3, 2);
    writer.put(zeros, 2);
  }
}

function writeCount(writer: BitWriter, value: number, remaining: number): void {
  const width = 32 - Math.clz32(remaining + 1);
  const short = (1 << width) - 1 - (remaining + 1);
  if (value < short) writer.put(value, width - 1);
  else writer.put(value < 1 << (width - 1) ? value : value + short, width);
}

/** A table to encode by: for each symbol where its states start, and how many bits to write. */
export interface EncodingTable {
  readonly log: number;
  readonly states: Uint16Array;
  readonly deltaBits: Int32Array;
  readonly deltaState: Int32Array;
}

/** Spreads a distribution as decoders do, and lists the states of each symbol. */
export function buildEncodingTable(counts: Int16Array, log: number): EncodingTable {
  const size = 1 << log;
  const symbols = spread(counts, size);
  const starts = new Int32Array(counts.length + 1);
  const deltaBits = new Int32Array(counts.length);
  const deltaState = new Int32Array(counts.length);
  for (let symbol = 0; symbol < counts.length; symbol++) {
    const count = Math.abs(counts[symbol]);
    starts[symbol + 1] = starts[symbol] + count;
    const most = count < 2 ? log : log - (31 - Math.clz32(count - 1));
    deltaBits[symbol] = (most << 16) - (count < 2 ? size : count << most);
    deltaState[symbol] = starts[symbol] - count;
  }
  const states = new Uint16Array(size);
  for (let state = 0; state < size; state++) states[starts[symbols[state]]++] = size + state;
  return { log, states, deltaBits, deltaState };
}

/** The symbol of each state. */
function spread(counts: Int16Array, size: number): Uint8Array {
  const symbols = new Uint8Array(size);
  let high = size - 1;
  for (let symbol = 0; symbol < counts.length; symbol++) if (counts[symbol] === -1) symbols[high--] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    for (let i = 0; i < counts[symbol]; i++) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position > high);
    }
  }
  return symbols;
}

/** A state that codes symbols from the last to the first; the last is in the state that it starts with. */
export class EncodingState {
  readonly #table: EncodingTable;
  #state: number;

  constructor(table: EncodingTable, last: number) {
    const { deltaBits, deltaState, states } = table;
    this.#table = table;
    const bits = (deltaBits[last] + 0x8000) >> 16;
    this.#state = states[(((bits << 16) - deltaBits[last]) >> bits) + deltaState[last]];
  }

  /** Codes the symbol before. */
  put(writer: BitWriter, symbol: number): void {
    const { deltaBits, deltaState, states } = this.#table;
    const bits = (this.#state + deltaBits[symbol]) >> 16;
    writer.put(this.#state & ((1 << bits) - 1), bits);
    this.#state = states[(this.#state >> bits) + deltaState[symbol]];
  }

  /** Writes the state itself, which decoders start with. */
  finish(writer: BitWriter): void {
    writer.put(this.#state & ((1 << this.#table.log) - 1), this.#table.log);
  }
}
