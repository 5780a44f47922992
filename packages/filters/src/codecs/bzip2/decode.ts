/**
 * Decoding of bzip2 streams: blocks of up to 900 KB, each run-length coded, sorted by context (Burrows-Wheeler), moved
 * to front, and Huffman coded with up to six tables.
 */
import { CodecError, type OutputSize } from "../../filter.ts";
import { MsbReader } from "../../kernels/msb-bits.ts";
import { bzip2Crc, combineCrc } from "./crc.ts";

/** Symbols that one table codes before the next is selected. */
export const GROUP = 50;
/** Marks of a block and of the end, in two halves of 24 bits. */
export const BLOCK_MARK = [0x314159, 0x265359] as const;
export const END_MARK = [0x177245, 0x385090] as const;

const MAX_LENGTH = 20;

/** The output so far. */
class Output {
  bytes: Uint8Array;
  length = 0;
  readonly #limit: number;

  constructor(size: OutputSize, guess: number) {
    this.#limit = size.exact ?? size.max;
    this.bytes = new Uint8Array(size.exact ?? Math.min(size.max, guess));
  }

  /** The bytes with room for `needed` of them. */
  reserve(needed: number): Uint8Array {
    if (needed <= this.bytes.length) return this.bytes;
    if (needed > this.#limit) fail(`more output than ${this.#limit} bytes`);
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, 2 * this.bytes.length)));
    grown.set(this.bytes);
    this.bytes = grown;
    return grown;
  }
}

/** Decodes the streams in `input`; the caller checks for too few bytes. */
export function bzip2Decode(input: Uint8Array, size: OutputSize): Uint8Array {
  const reader = new MsbReader(input, 0);
  const output = new Output(size, 4 * input.length);
  if (reader.take(24) !== 0x425a68) fail("no bzip2 stream"); // "BZh"
  const level = reader.take(8) - 48;
  if (level < 1 || level > 9) fail(`block size ${level}, not 1 to 9`);
  // Neither the input nor the output makes more of a block: a symbol takes a bit at least, and makes a byte or a run.
  const capacity = level * 100_000;
  let scratch = new Uint32Array(0);
  let crc = 0;
  for (;;) {
    const mark = [reader.take(24), reader.take(24)];
    if (mark[0] === END_MARK[0] && mark[1] === END_MARK[1]) break;
    if (mark[0] !== BLOCK_MARK[0] || mark[1] !== BLOCK_MARK[1]) fail("no mark of a block");
    const stored = reader.take(32) | 0;
    const start = output.length;
    if (scratch.length === 0)
      scratch = new Uint32Array(Math.min(capacity, size.exact === undefined ? capacity : 2 * size.exact + 64));
    decodeBlock(reader, scratch, output);
    if (bzip2Crc(output.bytes, start, output.length) !== stored) fail("the checksum of a block does not match");
    crc = combineCrc(crc, stored);
  }
  if ((reader.take(32) | 0) !== crc) fail("the checksum of the stream does not match");
  if (reader.overrun) fail("input ends within the stream");
  return output.length === output.bytes.length ? output.bytes : output.bytes.slice(0, output.length);
}

function decodeBlock(reader: MsbReader, sorted: Uint32Array, output: Output): void {
  if (reader.take(1)) fail("a randomised block, which no bzip2 has written since version 0.9.5");
  const origin = reader.take(24);
  const counts = new Uint32Array(256);
  const length = readSymbols(reader, sorted, counts);
  if (origin >= length) fail(`the original row ${origin} of ${length}`);
  unsort(sorted, length, counts);
  unrun(sorted, length, origin, output);
}

/** The bytes that occur, in order. */
function readAlphabet(reader: MsbReader): number[] {
  const groups = reader.take(16);
  const bytes: number[] = [];
  for (let i = 0; i < 16; i++) {
    if (!(groups & (0x8000 >> i))) continue;
    const used = reader.take(16);
    for (let j = 0; j < 16; j++) if (used & (0x8000 >> j)) bytes.push(16 * i + j);
  }
  if (bytes.length === 0) fail("a block without bytes");
  return bytes;
}

/** Bits that are looked up at once; few codes are longer. */
const QUICK = 10;

/** A Huffman table for decoding: codes of a length up to `limits` end there. */
interface Table {
  readonly limits: Int32Array;
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
  /** By the next {@link QUICK} bits: 32 times the symbol, and the length of its code; 0: it is longer. */
  readonly quick: Uint16Array;
}

function readTable(reader: MsbReader, count: number): Table {
  const lengths = new Uint8Array(count);
  let length = reader.take(5);
  for (let i = 0; i < count; i++) {
    for (;;) {
      if (length < 1 || length > MAX_LENGTH) fail(`a code of ${length} bits`);
      if (reader.take(1) === 0) break;
      length += reader.take(1) ? -1 : 1;
    }
    lengths[i] = length;
  }
  return makeTable(lengths);
}

function makeTable(lengths: Uint8Array): Table {
  const limits = new Int32Array(MAX_LENGTH + 2).fill(-1);
  const bases = new Int32Array(MAX_LENGTH + 2);
  const symbols = new Uint16Array(lengths.length);
  const quick = new Uint16Array(1 << QUICK);
  let code = 0;
  let at = 0;
  for (let bits = 1; bits <= MAX_LENGTH; bits++, code <<= 1) {
    bases[bits] = at - code;
    for (let i = 0; i < lengths.length; i++) {
      if (lengths[i] !== bits) continue;
      symbols[at++] = i;
      if (bits <= QUICK) quick.fill((i << 5) | bits, code << (QUICK - bits), (code + 1) << (QUICK - bits));
      code++;
    }
    if (code > 1 << bits) fail("a Huffman code with too many symbols");
    limits[bits] = code - 1;
  }
  return { limits, bases, symbols, quick };
}

function readSelectors(reader: MsbReader, tables: number): Uint8Array {
  const count = reader.take(15);
  if (count === 0) fail("no selectors");
  const order = Uint8Array.from({ length: tables }, (_, i) => i);
  const selectors = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const index = reader.unaryOnes();
    if (index >= tables) fail(`a selector of table ${index} of ${tables}`);
    const table = order[index];
    order.copyWithin(1, 0, index);
    order[0] = table;
    selectors[i] = table;
  }
  return selectors;
}

/** Symbols of a block: each group by the table that is selected for it. */
class SymbolReader {
  readonly #reader: MsbReader;
  readonly #tables: readonly Table[];
  readonly #selectors: Uint8Array;
  #group = 0;
  #left = 0;
  #table: Table;

  constructor(reader: MsbReader, alphabet: number) {
    const tableCount = reader.take(3);
    if (tableCount < 2 || tableCount > 6) fail(`${tableCount} Huffman tables, not 2 to 6`);
    this.#reader = reader;
    this.#selectors = readSelectors(reader, tableCount);
    this.#tables = Array.from({ length: tableCount }, () => readTable(reader, alphabet));
    this.#table = this.#tables[0];
  }

  next(): number {
    if (this.#left-- === 0) {
      if (this.#group >= this.#selectors.length) fail("more symbols than selectors");
      if (this.#reader.overrun) fail("input ends within a block");
      this.#table = this.#tables[this.#selectors[this.#group++]];
      this.#left = GROUP - 1;
    }
    return readSymbol(this.#reader, this.#table);
  }
}

/** The sorted bytes of a block, in the low 8 bits of `sorted`, and how often each occurs; gives their number. */
function readSymbols(reader: MsbReader, sorted: Uint32Array, counts: Uint32Array): number {
  const front = Uint8Array.from(readAlphabet(reader));
  const end = front.length + 1;
  const symbols = new SymbolReader(reader, end + 1);
  let length = 0;
  let run = 0;
  let weight = 1;
  for (;;) {
    const symbol = symbols.next();
    if (symbol < 2) {
      run += weight << symbol;
      weight *= 2;
      if (run > sorted.length - length) fail("a block larger than its limit");
      continue;
    }
    if (run > 0) {
      sorted.fill(front[0], length, length + run);
      counts[front[0]] += run;
      length += run;
      run = 0;
      weight = 1;
    }
    if (symbol === end) break;
    if (length >= sorted.length) fail("a block larger than its limit");
    const byte = front[symbol - 1];
    for (let i = symbol - 1; i > 0; i--) front[i] = front[i - 1];
    front[0] = byte;
    sorted[length++] = byte;
    counts[byte]++;
  }
  if (reader.overrun) fail("input ends within a block");
  return length;
}

function readSymbol(reader: MsbReader, { limits, bases, symbols, quick }: Table): number {
  const word = reader.peek();
  const found = quick[word >>> (32 - QUICK)];
  if (found !== 0) {
    reader.position += found & 31;
    return found >>> 5;
  }
  for (let bits = QUICK + 1; bits <= MAX_LENGTH; bits++) {
    const code = word >>> (32 - bits);
    if (code > limits[bits]) continue;
    reader.position += bits;
    return symbols[code + bases[bits]];
  }
  return fail("an invalid code");
}

/** Undoes the sort: puts the row that follows each into the upper 24 bits of `sorted`. */
function unsort(sorted: Uint32Array, length: number, counts: Uint32Array): void {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte];
    counts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) sorted[counts[sorted[i] & 0xff]++] |= i << 8;
}

/** Undoes the first run-length coding: four equal bytes are followed by the count of more. */
function unrun(sorted: Uint32Array, length: number, origin: number, output: Output): void {
  let row = sorted[origin] >>> 8;
  let equal = 0;
  let before = -1;
  let bytes = output.bytes;
  let at = output.length;
  for (let i = 0; i < length; i++) {
    const word = sorted[row];
    row = word >>> 8;
    const byte = word & 0xff;
    if (equal === 4) {
      bytes = output.reserve(at + byte);
      bytes.fill(before, at, at + byte);
      at += byte;
      equal = 0;
      before = -1;
      continue;
    }
    equal = byte === before ? equal + 1 : 1;
    before = byte;
    if (at === bytes.length) bytes = output.reserve(at + 1);
    bytes[at++] = byte;
  }
  output.length = at;
}

export function fail(reason: string): never {
  throw new CodecError("bzip2", reason);
}
