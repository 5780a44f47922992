/** Writing of the sequences section (RFC 8878, section 3.1.1.3.2). */
import { BitWriter } from "./bit-writer.ts";
import {
  accuracyLog,
  buildEncodingTable,
  EncodingState,
  type EncodingTable,
  normalize,
  writeDistribution,
} from "./fse-encode.ts";
import { type CodeKind, LITERALS, MATCHES, OFFSETS } from "./tables.ts";

/** The sequences of a block: literals before a match, its length, and its offset as coded (1 to 3: a recent one). */
export interface Sequences {
  count: number;
  readonly literalLengths: Uint32Array;
  readonly matchLengths: Uint32Array;
  readonly offsets: Uint32Array;
}

/** Room for the sequences of a block of `bytes`. */
export function newSequences(bytes: number): Sequences {
  const most = Math.ceil(bytes / 3) + 1;
  return {
    count: 0,
    literalLengths: new Uint32Array(most),
    matchLengths: new Uint32Array(most),
    offsets: new Uint32Array(most),
  };
}

/** Values below this have their code in a table. */
const SMALL = 128;

const smallCodes = new Map<CodeKind, Uint8Array>();

/** The codes of values below {@link SMALL}. */
function smallCodesOf(kind: CodeKind): Uint8Array {
  let codes = smallCodes.get(kind);
  if (codes) return codes;
  codes = new Uint8Array(SMALL);
  for (let value = 0, code = 0; value < SMALL; value++) {
    while (code + 1 < kind.baselines.length && kind.baselines[code + 1] <= value) code++;
    codes[value] = code;
  }
  smallCodes.set(kind, codes);
  return codes;
}

/** The code of each value; from {@link SMALL} on baselines are powers of 2, those of matches with 3 added. */
function codesOf(kind: CodeKind, values: Uint32Array, count: number): Uint8Array {
  const small = smallCodesOf(kind);
  const first = kind === MATCHES ? MATCHES.baselines[0] : 0;
  const large = small[SMALL - 1] - (31 - Math.clz32(SMALL - 1 - first));
  const codes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const value = values[i];
    codes[i] = value < SMALL ? small[value] : large + 31 - Math.clz32(value - first);
  }
  return codes;
}

/** How one kind of code is written: 0 predefined, 1 one symbol, 2 described; and the table to code by. */
interface Choice {
  readonly mode: number;
  readonly table: EncodingTable;
  readonly counts: Int16Array;
}

const SINGLE: EncodingTable = {
  log: 0,
  states: Uint16Array.of(1),
  deltaBits: new Int32Array(64).fill(-1),
  deltaState: new Int32Array(64).fill(-1),
};

const defaults = new Map<CodeKind, EncodingTable>();

function defaultTable(kind: CodeKind): EncodingTable {
  let table = defaults.get(kind);
  if (!table) defaults.set(kind, (table = buildEncodingTable(kind.defaultCounts, kind.defaultLog)));
  return table;
}

function choose(kind: CodeKind, codes: Uint8Array): Choice {
  const frequencies = new Uint32Array(kind.baselines.length);
  for (const code of codes) frequencies[code]++;
  let alphabet = frequencies.length;
  while (frequencies[alphabet - 1] === 0) alphabet--;
  const used = frequencies.subarray(0, alphabet);
  if (used[codes[0]] === codes.length) return { mode: 1, table: SINGLE, counts: Int16Array.of(codes[0]) };
  const log = accuracyLog(codes.length, alphabet, kind.maxLog);
  const counts = normalize(used, codes.length, log);
  const described = cost(used, counts, log) + 5 * alphabet;
  if (alphabet <= kind.defaultCounts.length && cost(used, kind.defaultCounts, kind.defaultLog) <= described) {
    return { mode: 0, table: defaultTable(kind), counts };
  }
  return { mode: 2, table: buildEncodingTable(counts, log), counts };
}

/** Bits that symbols of these frequencies take by a distribution. */
function cost(frequencies: Uint32Array, counts: Int16Array, log: number): number {
  let bits = 0;
  for (let i = 0; i < frequencies.length; i++) {
    if (frequencies[i]) bits += frequencies[i] * (log - Math.log2(Math.max(1, counts[i])));
  }
  return bits;
}

function writeTable(choice: Choice, output: Uint8Array, at: number): number {
  if (choice.mode === 0) return at;
  if (choice.mode === 1) {
    output[at] = choice.counts[0];
    return at + 1;
  }
  const writer = new BitWriter(output, at);
  writeDistribution(writer, choice.counts, choice.table.log);
  return writer.flush();
}

/** Writes the section; gives the position behind it. */
export function writeSequences(sequences: Sequences, output: Uint8Array, at: number): number {
  const { count, literalLengths, matchLengths, offsets } = sequences;
  if (count < 128) output[at++] = count;
  else if (count < 0x7f00) {
    output[at++] = (count >> 8) + 128;
    output[at++] = count;
  } else {
    output[at++] = 255;
    output[at++] = count - 0x7f00;
    output[at++] = (count - 0x7f00) >> 8;
  }
  if (count === 0) return at;
  const codes = {
    literals: codesOf(LITERALS, literalLengths, count),
    offsets: codesOf(OFFSETS, offsets, count),
    matches: codesOf(MATCHES, matchLengths, count),
  };
  const literals = choose(LITERALS, codes.literals);
  const offsetChoice = choose(OFFSETS, codes.offsets);
  const matches = choose(MATCHES, codes.matches);
  output[at++] = (literals.mode << 6) | (offsetChoice.mode << 4) | (matches.mode << 2);
  for (const choice of [literals, offsetChoice, matches]) at = writeTable(choice, output, at);
  return writeStream(sequences, codes, [literals.table, offsetChoice.table, matches.table], output, at);
}

/** The bit stream: sequences from the last to the first, as decoders read it backwards. */
function writeStream(
  { count, literalLengths, matchLengths, offsets }: Sequences,
  codes: { literals: Uint8Array; offsets: Uint8Array; matches: Uint8Array },
  [literalTable, offsetTable, matchTable]: readonly EncodingTable[],
  output: Uint8Array,
  at: number,
): number {
  const writer = new BitWriter(output, at);
  const last = count - 1;
  const match = new EncodingState(matchTable, codes.matches[last]);
  const offset = new EncodingState(offsetTable, codes.offsets[last]);
  const literal = new EncodingState(literalTable, codes.literals[last]);
  for (let i = last; i >= 0; i--) {
    if (i < last) {
      offset.put(writer, codes.offsets[i]);
      match.put(writer, codes.matches[i]);
      literal.put(writer, codes.literals[i]);
    }
    putExtra(writer, LITERALS, codes.literals[i], literalLengths[i]);
    putExtra(writer, MATCHES, codes.matches[i], matchLengths[i]);
    putExtra(writer, OFFSETS, codes.offsets[i], offsets[i]);
  }
  match.finish(writer);
  offset.finish(writer);
  literal.finish(writer);
  return writer.finish();
}

function putExtra(writer: BitWriter, { baselines, extraBits }: CodeKind, code: number, value: number): void {
  const rest = value - baselines[code];
  const bits = extraBits[code];
  writer.put(rest & 0xffff, Math.min(16, bits));
  if (bits > 16) writer.put(rest >>> 16, bits - 16);
}
