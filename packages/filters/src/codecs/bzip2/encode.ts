/** Encoding of bzip2 streams. */
import { codeLengths } from "../../kernels/code-lengths.ts";
import { MsbWriter } from "../../kernels/msb-bits.ts";
import { bzip2Crc, combineCrc } from "./crc.ts";
import { BLOCK_MARK, END_MARK, GROUP } from "./decode.ts";
import { sortRotations } from "./sort.ts";

/** Bytes of a block that the format leaves free at its end. */
const SLACK = 19;
/** Rounds of fitting tables to the groups that chose them. */
const ROUNDS = 4;
/** Longest code, as bzip2's own encoder makes them. */
const LONGEST = 17;

/** Encodes `input` in blocks of `level` times 100 KB. */
export function bzip2Encode(input: Uint8Array, level: number): Uint8Array {
  const writer = new MsbWriter(input.length >> 1);
  writer.put(0x425a68, 24); // "BZh"
  writer.put(48 + level, 8);
  const block = new Uint8Array(level * 100_000 - SLACK);
  let crc = 0;
  for (let at = 0; at < input.length; ) {
    const { next, length } = runLengths(input, at, block);
    const blockCrc = bzip2Crc(input, at, next);
    crc = combineCrc(crc, blockCrc);
    writer.put(BLOCK_MARK[0], 24);
    writer.put(BLOCK_MARK[1], 24);
    writer.put(blockCrc, 32);
    encodeBlock(writer, block.subarray(0, length));
    at = next;
  }
  writer.put(END_MARK[0], 24);
  writer.put(END_MARK[1], 24);
  writer.put(crc, 32);
  return writer.finish();
}

/** The first run-length coding: four equal bytes are followed by the count of more, up to 251. */
function runLengths(input: Uint8Array, at: number, block: Uint8Array): { next: number; length: number } {
  let length = 0;
  while (at < input.length && length + 5 <= block.length) {
    const byte = input[at];
    let run = 1;
    while (run < 255 && at + run < input.length && input[at + run] === byte) run++;
    for (let i = 0; i < Math.min(4, run); i++) block[length++] = byte;
    if (run >= 4) block[length++] = run - 4;
    at += run;
  }
  return { next: at, length };
}

function encodeBlock(writer: MsbWriter, block: Uint8Array): void {
  const { last, origin } = sortRotations(block);
  writer.put(0, 1);
  writer.put(origin, 24);
  const used = new Uint8Array(256);
  for (let i = 0; i < last.length; i++) used[last[i]] = 1;
  writeAlphabet(writer, used);
  const alphabet = Uint8Array.from(Array.from(used.keys()).filter((byte) => used[byte]));
  const symbols = moveToFront(last, alphabet);
  writeSymbols(writer, symbols, alphabet.length + 2);
}

function writeAlphabet(writer: MsbWriter, used: Uint8Array): void {
  const groups = Array.from({ length: 16 }, (_, i) => used.subarray(16 * i, 16 * i + 16));
  for (const group of groups) writer.put(group.some((x) => x) ? 1 : 0, 1);
  for (const group of groups) if (group.some((x) => x)) for (const bit of group) writer.put(bit, 1);
}

/** Moved to front, with runs of the front byte as numbers in base 2 of the digits 1 (symbol 0) and 2 (symbol 1). */
function moveToFront(bytes: Uint8Array, front: Uint8Array): Uint16Array {
  const symbols = new Uint16Array(bytes.length + 1);
  const end = front.length + 1;
  let length = 0;
  let run = 0;
  const flush = (): void => {
    for (; run > 0; run = (run - 1) >> 1) symbols[length++] = run & 1 ? 0 : 1;
  };
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === front[0]) {
      run++;
      continue;
    }
    if (run > 0) flush();
    // Each moves to where the one before it stood, up to the byte itself.
    let index = 0;
    for (let next = front[0]; next !== byte; ) {
      const moved = next;
      next = front[++index];
      front[index] = moved;
    }
    front[0] = byte;
    symbols[length++] = index + 1;
  }
  flush();
  symbols[length++] = end;
  return symbols.subarray(0, length);
}

function writeSymbols(writer: MsbWriter, symbols: Uint16Array, alphabet: number): void {
  const groups = Math.ceil(symbols.length / GROUP);
  const count =
    symbols.length < 200 ? 2 : symbols.length < 600 ? 3 : symbols.length < 1200 ? 4 : symbols.length < 2400 ? 5 : 6;
  const selectors = new Uint8Array(groups);
  let tables = firstTables(symbols, alphabet, count);
  for (let round = 0; round < ROUNDS; round++) {
    const frequencies = tables.map(() => new Uint32Array(alphabet));
    for (let group = 0; group < groups; group++) {
      const [from, to] = [group * GROUP, Math.min(symbols.length, (group + 1) * GROUP)];
      selectors[group] = cheapest(symbols, from, to, tables);
      const counts = frequencies[selectors[group]];
      for (let i = from; i < to; i++) counts[symbols[i]]++;
    }
    // Every symbol of the alphabet has a code in every table.
    tables = frequencies.map((table) =>
      codeLengths(
        table.map((count) => Math.max(1, count)),
        LONGEST,
      ),
    );
  }
  writer.put(count, 3);
  writer.put(groups, 15);
  writeSelectors(writer, selectors, count);
  for (const lengths of tables) writeLengths(writer, lengths);
  const codes = tables.map(codesOf);
  for (let group = 0; group < groups; group++) {
    const [code, lengths] = [codes[selectors[group]], tables[selectors[group]]];
    const to = Math.min(symbols.length, (group + 1) * GROUP);
    for (let i = group * GROUP; i < to; i++) writer.put(code[symbols[i]], lengths[symbols[i]]);
  }
}

/** Tables to start with: each is cheap for a range of symbols that makes up its share. */
function firstTables(symbols: Uint16Array, alphabet: number, count: number): Uint8Array[] {
  const frequencies = new Uint32Array(alphabet);
  for (let i = 0; i < symbols.length; i++) frequencies[symbols[i]]++;
  let from = 0;
  let left = symbols.length;
  return Array.from({ length: count }, (_, table) => {
    const share = left / (count - table);
    let to = from;
    for (let sum = 0; to < alphabet && (sum === 0 || sum + frequencies[to] <= share); to++) {
      sum += frequencies[to];
      left -= frequencies[to];
    }
    const [start, end] = [from, table === count - 1 ? alphabet : to];
    from = to;
    return Uint8Array.from({ length: alphabet }, (_, symbol) => (symbol >= start && symbol < end ? 0 : 15));
  });
}

/** The table that takes the fewest bits for these symbols. */
function cheapest(symbols: Uint16Array, from: number, to: number, tables: readonly Uint8Array[]): number {
  let best = 0;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let table = 0; table < tables.length; table++) {
    const lengths = tables[table];
    let cost = 0;
    for (let i = from; i < to; i++) cost += lengths[symbols[i]];
    if (cost < bestCost) [best, bestCost] = [table, cost];
  }
  return best;
}

function writeSelectors(writer: MsbWriter, selectors: Uint8Array, count: number): void {
  const order = Array.from({ length: count }, (_, i) => i);
  for (const selector of selectors) {
    const index = order.indexOf(selector);
    order.splice(index, 1);
    order.unshift(selector);
    for (let i = 0; i < index; i++) writer.put(1, 1);
    writer.put(0, 1);
  }
}

/** Code lengths, each as steps up (10) or down (11) from the one before. */
function writeLengths(writer: MsbWriter, lengths: Uint8Array): void {
  let length = lengths[0];
  writer.put(length, 5);
  for (const next of lengths) {
    for (; length < next; length++) writer.put(2, 2);
    for (; length > next; length--) writer.put(3, 2);
    writer.put(0, 1);
  }
}

/** The canonical codes of these lengths. */
function codesOf(lengths: Uint8Array): Int32Array {
  const codes = new Int32Array(lengths.length);
  let code = 0;
  for (let bits = 1; bits <= LONGEST; bits++, code <<= 1) {
    for (let i = 0; i < lengths.length; i++) if (lengths[i] === bits) codes[i] = code++;
  }
  return codes;
}
