/**
 * Inflate (RFC 1951) and Adler-32 for whole input and known output: the twin of src/kernels/inflate.ts, compiled to
 * WebAssembly by scripts/build-kernels.ts.
 *
 * Memory behind input and output must have 64 bytes that may be read, and written behind the output.
 */

const ROOT_LITERALS: u32 = 10;
const ROOT_DISTANCES: u32 = 9;
const LITERAL_MASK: u32 = 1023;
const DISTANCE_MASK: u32 = 511;

/** With room for the tables behind the root ones, which no code makes longer. */
const LITERALS: usize = memory.data(4 * 1400);
const DISTANCES: usize = memory.data(4 * 640);
const LITERAL_PAYLOAD: usize = memory.data(4 * 288);
const DISTANCE_PAYLOAD: usize = memory.data(4 * 32);
const PLAIN_PAYLOAD: usize = memory.data(4 * 19);
const LENGTHS: usize = memory.data(320);
const COUNTS: usize = memory.data(4 * 16);
const NEXT: usize = memory.data(4 * 16);
const LONGEST: usize = memory.data(4 * 16);
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/**
 * An entry of a table: the bits of code and extra bits together (6), those of the code alone (from bit 8), a literal or the
 * base of a length or distance (from bit 12), and what it is. A payload lacks the bits of the code.
 */
const VALUE: u32 = 12;
const SUB: u32 = 0x40000000;
const END: u32 = 0x20000000;
const LITERAL: u32 = 0x10000000;
/** A length and a distance: the bits of both codes (from bit 8), the base of the distance (from bit 12), the length less 3. */
const PAIR: u32 = 0x80000000;
const PAIR_LENGTH: u32 = 27;
/** Bytes of input from which on pairs are worth making. */
const PAIRS_FROM: usize = 2048;

/** What went wrong; the messages are in src/kernels/wasm-inflate.ts, in this order. */
const TRUNCATED: i32 = -1;
const TOO_MUCH: i32 = -2;
const BLOCK_TYPE: i32 = -3;
const STORED_LENGTH: i32 = -4;
const BAD_LENGTHS: i32 = -5;
const BAD_CODE: i32 = -6;
const BAD_DISTANCE: i32 = -7;

/** Position in the input, at the end that of the first byte behind the stream. */
let ip: usize = 0;
let inputEnd: usize = 0;
let op: usize = 0;
let outputStart: usize = 0;
let outputEnd: usize = 0;
let hold: u64 = 0;
let bits: u32 = 0;
let ready = false;

/** Where memory is free. */
export function heap(): usize {
  return __heap_base;
}

export function position(): usize {
  return ip;
}

/** Inflates the raw stream `[input, input + inputLength)`; gives the bytes of output, or an error below 0. */
export function inflate(input: usize, inputLength: usize, output: usize, outputLength: usize): i32 {
  if (!ready) makePayloads();
  ip = input;
  inputEnd = input + inputLength;
  op = outputStart = output;
  outputEnd = output + outputLength;
  hold = 0;
  bits = 0;
  let last = false;
  while (!last) {
    last = take(1) != 0;
    const kind = take(2);
    let status: i32 = BLOCK_TYPE;
    if (kind == 0) status = stored();
    else if (kind == 1) {
      fixedLengths();
      status = codes();
    } else if (kind == 2) {
      status = readTables();
      if (status == 0) status = codes();
    }
    if (status < 0) return status;
    if (ip - (bits >> 3) > inputEnd) return TRUNCATED;
  }
  ip -= bits >> 3;
  return <i32>(op - outputStart);
}

function makePayloads(): void {
  ready = true;
  for (let i: u32 = 0; i < 256; i++) store<u32>(LITERAL_PAYLOAD + (i << 2), LITERAL | (i << VALUE));
  store<u32>(LITERAL_PAYLOAD + (256 << 2), END);
  let base: u32 = 3;
  for (let i: u32 = 257; i < 285; i++) {
    const extra: u32 = i < 265 ? 0 : (i - 261) >> 2;
    store<u32>(LITERAL_PAYLOAD + (i << 2), (base << VALUE) | extra);
    base += 1 << extra;
  }
  store<u32>(LITERAL_PAYLOAD + (285 << 2), 258 << VALUE);
  base = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i - 2) >> 1;
    store<u32>(DISTANCE_PAYLOAD + (i << 2), (base << VALUE) | extra);
    base += 1 << extra;
  }
  for (let i: u32 = 0; i < 19; i++) store<u32>(PLAIN_PAYLOAD + (i << 2), i << VALUE);
}

// @ts-ignore: decorator
@inline
function refill(): void {
  hold |= load<u64>(ip) << bits;
  ip += (63 - bits) >> 3;
  bits |= 56;
}

/** The next bits, 16 at most. Input that is past its end shows when the block is done. */
function take(count: u32): u32 {
  if (bits < count) {
    if (ip > inputEnd) ip = inputEnd + 9;
    else refill();
  }
  const value = <u32>hold & ((1 << count) - 1);
  hold >>= count;
  bits -= count;
  return value;
}

function stored(): i32 {
  ip -= bits >> 3;
  hold = 0;
  bits = 0;
  if (ip + 4 > inputEnd) return TRUNCATED;
  const length = <u32>load<u16>(ip);
  if ((length ^ load<u16>(ip + 2)) != 0xffff) return STORED_LENGTH;
  ip += 4;
  if (ip + length > inputEnd) return TRUNCATED;
  if (op + length > outputEnd) return TOO_MUCH;
  memory.copy(op, ip, length);
  ip += length;
  op += length;
  return 0;
}

function fixedLengths(): void {
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  buildTable(LITERALS, ROOT_LITERALS, LENGTHS, 288, LITERAL_PAYLOAD, false);
  memory.fill(LENGTHS, 5, 32);
  buildTable(DISTANCES, ROOT_DISTANCES, LENGTHS, 32, DISTANCE_PAYLOAD, false);
}

function readTables(): i32 {
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const count = take(4) + 4;
  if (literals > 286 || distances > 30) return BAD_LENGTHS;
  memory.fill(LENGTHS, 0, 320);
  for (let i: u32 = 0; i < count; i++) store<u8>(LENGTHS + load<u8>(ORDER + i), take(3));
  if (!buildTable(LITERALS, 7, LENGTHS, 19, PLAIN_PAYLOAD, false)) return BAD_LENGTHS;
  memory.fill(LENGTHS, 0, 320);
  for (let i: u32 = 0; i < literals + distances; ) {
    if (ip > inputEnd + 8) return TRUNCATED;
    if (bits < 15) refill();
    const entry = load<u32>(LITERALS + ((<u32>hold & 127) << 2));
    hold >>= entry & 63;
    bits -= entry & 63;
    const symbol = entry >> VALUE;
    if (symbol < 16) {
      store<u8>(LENGTHS + i++, symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return BAD_LENGTHS;
    const value = symbol == 16 ? load<u8>(LENGTHS + i - 1) : 0;
    const repeat = symbol == 18 ? 11 + take(7) : 3 + take(symbol == 16 ? 2 : 3);
    if (i + repeat > literals + distances) return BAD_LENGTHS;
    memory.fill(LENGTHS + i, value, repeat);
    i += repeat;
  }
  if (load<u8>(LENGTHS + 256) == 0) return BAD_LENGTHS;
  if (!buildTable(LITERALS, ROOT_LITERALS, LENGTHS, literals, LITERAL_PAYLOAD, true)) return BAD_LENGTHS;
  return buildTable(DISTANCES, ROOT_DISTANCES, LENGTHS + literals, distances, DISTANCE_PAYLOAD, true) ? 0 : BAD_LENGTHS;
}

/** Puts the first code of each length into NEXT; tells whether the lengths form a code. */
function firstCodes(lengths: usize, count: u32, sparse: bool): bool {
  memory.fill(COUNTS, 0, 64);
  for (let i: u32 = 0; i < count; i++) {
    const at = COUNTS + (<usize>load<u8>(lengths + i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  const used = count - load<u32>(COUNTS);
  store<u32>(COUNTS, 0);
  let code: u32 = 0;
  let left: i32 = 1;
  for (let length: u32 = 1; length <= 15; length++) {
    code = (code + load<u32>(COUNTS + ((length - 1) << 2))) << 1;
    store<u32>(NEXT + (length << 2), code);
    left = (left << 1) - load<i32>(COUNTS + (length << 2));
    if (left < 0) return false;
  }
  return left == 0 || (sparse && (used == 0 || (used == 1 && load<u32>(COUNTS + 4) == 1)));
}

function reverse(code: u32, length: u32): u32 {
  code = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
  code = ((code & 0x3333) << 2) | ((code >> 2) & 0x3333);
  code = ((code & 0x0f0f) << 4) | ((code >> 4) & 0x0f0f);
  code = ((code & 0x00ff) << 8) | (code >> 8);
  return (code & 0xffff) >> (16 - length);
}

function buildTable(table: usize, rootBits: u32, lengths: usize, count: u32, payload: usize, sparse: bool): bool {
  if (!firstCodes(lengths, count, sparse)) return false;
  const root: u32 = 1 << rootBits;
  memory.fill(table, 0, root << 2);
  memory.copy(LONGEST, NEXT, 64);
  // The length of the longest code behind each root entry.
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length == 0) continue;
    const at = LONGEST + (length << 2);
    const code = reverse(load<u32>(at), length);
    store<u32>(at, load<u32>(at) + 1);
    if (length <= rootBits) continue;
    const entry = table + ((code & (root - 1)) << 2);
    if (load<u32>(entry) < length) store<u32>(entry, length);
  }
  let free = root;
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length == 0) continue;
    const next = NEXT + (length << 2);
    const code = reverse(load<u32>(next), length);
    store<u32>(next, load<u32>(next) + 1);
    const entry = load<u32>(payload + (symbol << 2)) + (length << 8) + length;
    if (length <= rootBits) {
      for (let i = code; i < root; i += 1 << length) store<u32>(table + (i << 2), entry);
      continue;
    }
    const prefix = table + ((code & (root - 1)) << 2);
    let sub = load<u32>(prefix);
    if (sub < SUB) {
      const width = sub - rootBits;
      sub = SUB | (free << 8) | width;
      store<u32>(prefix, sub);
      memory.fill(table + (free << 2), 0, 4 << width);
      free += 1 << width;
    }
    const width = sub & 0xff;
    const at = (sub >> 8) & 0x3fffff;
    for (let i = code >> rootBits; i < 1 << width; i += 1 << (length - rootBits)) store<u32>(table + ((at + i) << 2), entry);
  }
  return true;
}

/** What a root entry leads to: the entry behind it, by the bits behind those of the root. */
// @ts-ignore: decorator
@inline
function behind(table: usize, entry: u32, rest: u64): u32 {
  return load<u32>(table + ((((entry >> 8) & 0x3fffff) + (<u32>rest & ((1 << (entry & 0xff)) - 1))) << 2));
}

/** The extra bits behind the code of an entry. */
// @ts-ignore: decorator
@inline
function extra(word: u64, entry: u32): u32 {
  return (<u32>word & ((1 << entry) - 1)) >> ((entry >> 8) & 15);
}

/**
 * Puts pairs into the table of literals and lengths: where a distance code stands whole in the bits behind that of a length,
 * one entry is made of both. Most of the time of a match is waiting for one table and then for the other. Pairs are of
 * lengths and distances that {@link codes} copies without a loop.
 */
function makePairs(): void {
  for (let i: u32 = 0; i <= LITERAL_MASK; i++) {
    const at = LITERALS + (i << 2);
    const entry = load<u32>(at);
    const used = entry & 63;
    if (entry == 0 || entry >= LITERAL || used >= ROOT_LITERALS) continue;
    const code = load<u32>(DISTANCES + (((i >> used) & DISTANCE_MASK) << 2));
    const width = (code >> 8) & 15;
    if (code >= SUB || used + width > ROOT_LITERALS) continue;
    const length = (entry >> VALUE) + extra(i, entry) - 3;
    const base = code >> VALUE;
    if (length > 13 || base < 9) continue;
    store<u32>(at, PAIR | (length << PAIR_LENGTH) | (base << VALUE) | ((used + width) << 8) | (used + (code & 63)));
  }
}

/** The body of a compressed block. All that changes is in local variables, which the machine keeps in registers. */
function codes(): i32 {
  const limit = inputEnd + 8;
  const start = outputStart;
  const stop = outputEnd;
  let from = ip;
  let to = op;
  let word = hold;
  let left: u64 = bits;
  if (from + PAIRS_FROM < inputEnd) makePairs();
  word |= load<u64>(from) << left;
  from += <usize>((63 - left) >> 3);
  left |= 56;
  // The next entry is looked up before the bits are filled up, which has not to be waited for: all 64 bits are right after that.
  let entry = load<u32>(LITERALS + ((<u32>word & LITERAL_MASK) << 2));
  while (true) {
    if (from > limit) return TRUNCATED;
    if (entry & PAIR) {
      const pair = entry;
      const both = word;
      word >>= pair;
      left -= pair & 63;
      entry = load<u32>(LITERALS + ((<u32>word & LITERAL_MASK) << 2));
      word |= load<u64>(from) << left;
      from += <usize>((63 - left) >> 3);
      left |= 56;
      const distance = ((pair >> VALUE) & 0x7fff) + extra(both, pair);
      const end = to + 3 + ((pair >> PAIR_LENGTH) & 15);
      if (distance > <u32>(to - start)) return BAD_DISTANCE;
      if (end > stop) return TOO_MUCH;
      store<u64>(to, load<u64>(to - distance));
      store<u64>(to + 8, load<u64>(to + 8 - distance));
      to = end;
      continue;
    }
    if (entry >= SUB) entry = behind(LITERALS, entry, word >> ROOT_LITERALS);
    if (entry & LITERAL) {
      // Two more literals fit the bits at hand.
      word >>= entry;
      left -= entry & 63;
      if (to + 3 > stop) {
        if (to >= stop) return TOO_MUCH;
        store<u8>(to++, entry >> VALUE);
        entry = load<u32>(LITERALS + ((<u32>word & LITERAL_MASK) << 2));
      } else {
        store<u8>(to++, entry >> VALUE);
        entry = load<u32>(LITERALS + ((<u32>word & LITERAL_MASK) << 2));
        if (isLiteral(entry)) {
          word >>= entry;
          left -= entry & 63;
          store<u8>(to++, entry >> VALUE);
          entry = load<u32>(LITERALS + ((<u32>word & LITERAL_MASK) << 2));
          if (isLiteral(entry)) {
            word >>= entry;
            left -= entry & 63;
            store<u8>(to++, entry >> VALUE);
            entry = load<u32>(LITERALS + ((<u32>word & LITERAL_MASK) << 2));
          }
        }
      }
      word |= load<u64>(from) << left;
      from += <usize>((63 - left) >> 3);
      left |= 56;
      continue;
    }
    if (entry == 0) return BAD_CODE;
    // The machine takes the low 6 bits as the count of a shift; codes and their extra bits are dropped at once.
    const lengthBits = word;
    word >>= entry;
    left -= entry & 63;
    if (entry & END) break;
    const length = (entry >> VALUE) + extra(lengthBits, entry);
    let code = load<u32>(DISTANCES + ((<u32>word & DISTANCE_MASK) << 2));
    if (code >= SUB) code = behind(DISTANCES, code, word >> ROOT_DISTANCES);
    if (code == 0) return BAD_DISTANCE;
    const distance = (code >> VALUE) + extra(word, code);
    word >>= code;
    left -= code & 63;
    entry = load<u32>(LITERALS + ((<u32>word & LITERAL_MASK) << 2));
    word |= load<u64>(from) << left;
    from += <usize>((63 - left) >> 3);
    left |= 56;
    if (distance > <u32>(to - start)) return BAD_DISTANCE;
    const end = to + length;
    if (end > stop) return TOO_MUCH;
    copy(to, distance, end);
    to = end;
  }
  ip = from;
  op = to;
  hold = word;
  bits = <u32>left;
  return 0;
}

// @ts-ignore: decorator
@inline
function isLiteral(entry: u32): bool {
  return (entry & (PAIR | LITERAL)) == LITERAL;
}

/** Copies to `[to, end)` from `distance` back; may write up to 15 bytes more. */
// @ts-ignore: decorator
@inline
function copy(to: usize, distance: u32, end: usize): void {
  let from = to - distance;
  if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      store<u64>(to + 8, load<u64>(from + 8));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance == 1) {
    const run = i8x16.splat(load<u8>(from));
    do {
      v128.store(to, run);
      to += 16;
    } while (to < end);
  } else if (distance == 4) {
    const run = i32x4.splat(load<u32>(from));
    do {
      v128.store(to, run);
      to += 16;
    } while (to < end);
  } else {
    do store<u8>(to++, load<u8>(from++));
    while (to < end);
  }
}

/** The Adler-32 of `length` bytes: 16 at a time, weighted by their distance to the end of the 16. */
export function adler32(at: usize, length: usize): u32 {
  let a: u32 = 1;
  let b: u32 = 0;
  const high = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const low = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (length >= 16) {
    let left = min<usize>(length, 5552) & ~15;
    length -= left;
    let sums = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    let before = i32x4.splat(0);
    b += a * <u32>left;
    for (; left > 0; left -= 16, at += 16) {
      const bytes = v128.load(at);
      before = i32x4.add(before, sums);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), high));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), low));
    }
    a = (a + total(sums)) % 65521;
    b = <u32>((<u64>b + <u64>total(weighted) + (<u64>total(before) << 4)) % 65521);
  }
  for (; length > 0; length--) {
    a += load<u8>(at++);
    b += a;
  }
  return ((b % 65521) << 16) | (a % 65521);
}

// @ts-ignore: decorator
@inline
function total(lanes: v128): u32 {
  return (
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}
