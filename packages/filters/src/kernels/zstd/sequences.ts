/** The sequences section of a zstd block (RFC 8878, sections 3.1.1.3.2 and 3.1.1.4), decoded and executed in one go. */
import { fail } from "./bits.ts";
import { buildFseTable, type FseTable, readDistribution, singleSymbolTable } from "./fse.ts";
import type { Literals } from "./literals.ts";
import { type CodeKind, LITERALS, MATCHES, OFFSETS } from "./tables.ts";

/** What the sequences of a block leave to the next. */
export interface SequenceState {
  literals: FseTable | undefined;
  offsets: FseTable | undefined;
  matches: FseTable | undefined;
  /** The three last offsets, the latest first. */
  readonly recent: [number, number, number];
}

/** A state at the start of a frame. */
export function newSequenceState(): SequenceState {
  return { literals: undefined, offsets: undefined, matches: undefined, recent: [1, 4, 8] };
}

const defaults = new Map<CodeKind, FseTable>();

function defaultTable(kind: CodeKind): FseTable {
  let table = defaults.get(kind);
  if (!table) defaults.set(kind, (table = buildFseTable(kind.defaultCounts, kind.defaultLog)));
  return table;
}

/**
 * Decodes the section `input[position, end)` and writes literals and matches to `output[at, limit)`; matches reach back
 * to `base` at most. `input` has 4 bytes behind `end`.
 *
 * @returns the position in `output` behind the block
 */
export function executeSequences(
  input: Uint8Array,
  position: number,
  end: number,
  literals: Literals,
  state: SequenceState,
  output: Uint8Array,
  base: number,
  at: number,
  limit: number,
): number {
  let count = position < end ? input[position++] : fail("input ends before the sequences");
  if (count >= 128) {
    const bytes = count === 255 ? 2 : 1;
    if (position + bytes > end) fail("input ends within the number of sequences");
    count =
      bytes === 1 ? ((count - 128) << 8) + input[position] : 0x7f00 + input[position] + (input[position + 1] << 8);
    position += bytes;
  }
  if (count === 0) {
    if (position !== end) fail("bytes behind a block without sequences");
    return copyLiterals(literals, 0, literals.count, output, at, limit);
  }
  if (position >= end) fail("input ends before the modes of the sequences");
  const modes = input[position++];
  if (modes & 3) fail("reserved bits in the modes of the sequences");
  [state.literals, position] = readTable(input, position, end, modes >> 6, LITERALS, state.literals);
  [state.offsets, position] = readTable(input, position, end, (modes >> 4) & 3, OFFSETS, state.offsets);
  [state.matches, position] = readTable(input, position, end, (modes >> 2) & 3, MATCHES, state.matches);
  return run(input, position, end, count, literals, state, output, base, at, limit);
}

/** The table of one kind of code, by its mode: predefined, one symbol, described, or as before. */
function readTable(
  input: Uint8Array,
  position: number,
  end: number,
  mode: number,
  kind: CodeKind,
  before: FseTable | undefined,
): [FseTable, number] {
  if (mode === 0) return [defaultTable(kind), position];
  if (mode === 3) return [before ?? fail("a table that repeats one before the first"), position];
  const symbols = kind.extraBits.length;
  if (mode === 1) {
    if (position >= end) fail("input ends within the tables");
    if (input[position] >= symbols) fail(`code ${input[position]}, not below ${symbols}`);
    return [singleSymbolTable(input[position]), position + 1];
  }
  const distribution = readDistribution(input, position, end, kind.maxLog, symbols);
  return [buildFseTable(distribution.counts, distribution.log), distribution.end];
}

function copyLiterals(
  literals: Literals,
  from: number,
  count: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  if (at + count > limit) fail("more output than expected");
  output.set(literals.bytes.subarray(literals.start + from, literals.start + from + count), at);
  return at + count;
}

/** The sequences themselves: the hot loop, with bits and states in local variables. */
function run(
  input: Uint8Array,
  start: number,
  end: number,
  count: number,
  literals: Literals,
  state: SequenceState,
  output: Uint8Array,
  base: number,
  at: number,
  limit: number,
): number {
  if (end <= start || input[end - 1] === 0) fail("a bit stream without its end mark");
  let left = 8 * (end - start) - Math.clz32(input[end - 1]) + 23;
  const view = new DataView(input.buffer, input.byteOffset + start);
  const need = (bits: number): number => {
    // At most 25 bits; before the start there are none.
    left -= bits;
    if (left < 0) fail("input ends within the sequences");
    return (view.getUint32(left >> 3, true) >>> (left & 7)) & ((1 << bits) - 1);
  };
  const { symbols: llSymbols, bits: llBits, bases: llBases, log: llLog } = state.literals as FseTable;
  const { symbols: ofSymbols, bits: ofBits, bases: ofBases, log: ofLog } = state.offsets as FseTable;
  const { symbols: mlSymbols, bits: mlBits, bases: mlBases, log: mlLog } = state.matches as FseTable;
  const { baselines: llBaselines, extraBits: llExtra } = LITERALS;
  const { baselines: mlBaselines, extraBits: mlExtra } = MATCHES;
  let ll = need(llLog);
  let of = need(ofLog);
  let ml = need(mlLog);
  let [recent1, recent2, recent3] = state.recent;
  const bytes = literals.bytes;
  let from = literals.start;
  const last = literals.start + literals.count;
  for (let n = 0; n < count; n++) {
    const offsetCode = ofSymbols[of];
    const llCode = llSymbols[ll];
    const mlCode = mlSymbols[ml];
    let offset: number;
    if (offsetCode > 24) {
      const high = need(offsetCode - 16);
      offset = 2 ** offsetCode + high * 65536 + need(16);
    } else offset = (1 << offsetCode) + need(offsetCode);
    const matchLength = mlBaselines[mlCode] + (mlExtra[mlCode] ? need(mlExtra[mlCode]) : 0);
    const literalLength = llBaselines[llCode] + (llExtra[llCode] ? need(llExtra[llCode]) : 0);
    if (n + 1 < count) {
      ll = llBases[ll] + need(llBits[ll]);
      ml = mlBases[ml] + need(mlBits[ml]);
      of = ofBases[of] + need(ofBits[of]);
    }
    if (offset > 3) {
      offset -= 3;
      recent3 = recent2;
      recent2 = recent1;
      recent1 = offset;
    } else {
      if (literalLength === 0) offset++;
      if (offset === 2) {
        offset = recent2;
        recent2 = recent1;
        recent1 = offset;
      } else if (offset > 2) {
        offset = offset === 3 ? recent3 : recent1 - 1;
        if (offset === 0) fail("offset 0");
        recent3 = recent2;
        recent2 = recent1;
        recent1 = offset;
      } else offset = recent1;
    }
    const literalEnd = from + literalLength;
    if (literalEnd > last) fail("sequences use more literals than there are");
    if (at + literalLength + matchLength > limit) fail("more output than expected");
    if (literalLength > 32) {
      output.set(bytes.subarray(from, literalEnd), at);
      at += literalLength;
      from = literalEnd;
    } else while (from < literalEnd) output[at++] = bytes[from++];
    if (offset > at - base) fail("a match from before the output");
    const next = at + matchLength;
    if (matchLength > 24 && offset >= matchLength) {
      output.copyWithin(at, at - offset, at - offset + matchLength);
      at = next;
    } else if (offset === 1) {
      output.fill(output[at - 1], at, next);
      at = next;
    } else for (let source = at - offset; at < next; ) output[at++] = output[source++];
  }
  if (left !== 0) fail("bits behind the last sequence");
  state.recent[0] = recent1;
  state.recent[1] = recent2;
  state.recent[2] = recent3;
  return copyLiterals(literals, from - literals.start, last - from, output, at, limit);
}
