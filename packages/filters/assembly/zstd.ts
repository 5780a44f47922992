/**
 * Decoding of Zstandard frames (RFC 8878) to output of known size: the twin of src/kernels/zstd/decode.ts and what it
 * uses, compiled to WebAssembly by scripts/build-kernels.ts.
 *
 * Behind the input there are 64 bytes that may be read, behind the output 64 that may be written.
 */

/** Where memory is free. */
export function heap(): usize {
  return __heap_base;
}

/** What went wrong; the messages are in src/kernels/wasm-zstd.ts, in this order. */
const TRUNCATED: i32 = -1;
const TOO_MUCH: i32 = -2;
const BAD_HEADER: i32 = -3;
const DICTIONARY: i32 = -4;
const WRONG_SIZE: i32 = -5;
const CHECKSUM: i32 = -6;
const BAD_BLOCK: i32 = -7;
const BAD_LITERALS: i32 = -8;
const BAD_TREE: i32 = -9;
const BAD_TABLE: i32 = -10;
const BAD_SEQUENCES: i32 = -11;
const BAD_OFFSET: i32 = -12;

const MAX_BLOCK: usize = 131072;
const MAX_BITS: u32 = 11;

/** The literals of a block, and room behind them. */
const LITERALS: usize = memory.data(131072 + 64);
/** Entries `symbol << 8 | bits`, by the next bits. */
const HUFFMAN: usize = memory.data(2 << 11);
/** Tables of states, entries `base << 16 | bits << 8 | symbol`: of a frame, and the default ones. */
const LL_TABLE: usize = memory.data(4 << 9);
const OF_TABLE: usize = memory.data(4 << 8);
const ML_TABLE: usize = memory.data(4 << 9);
const LL_DEFAULT: usize = memory.data(4 << 6);
const OF_DEFAULT: usize = memory.data(4 << 5);
const ML_DEFAULT: usize = memory.data(4 << 6);
const WEIGHT_TABLE: usize = memory.data(4 << 6);
const COUNTS: usize = memory.data(2 * 256);
const NEXT: usize = memory.data(2 * 256);
const WEIGHTS: usize = memory.data(256);
const SYMBOLS: usize = memory.data(512);

const LL_BITS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const ML_BITS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3,
  4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const LL_COUNTS: usize = memory.data<i16>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
const OF_COUNTS: usize = memory.data<i16>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
const ML_COUNTS: usize = memory.data<i16>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);
const LL_BASES: usize = memory.data(4 * 36);
const ML_BASES: usize = memory.data(4 * 53);

const LL_CODES: u32 = 36;
const OF_CODES: u32 = 32;
const ML_CODES: u32 = 53;

let ready = false;
let output: usize = 0;
let outputEnd: usize = 0;
let op: usize = 0;
/** Where the frame's output starts: matches reach no further. */
let base: usize = 0;

let huffmanLog: u32 = 0; // 0: no tree yet
let literals: usize = 0;
let literalCount: usize = 0;

/** Tables in use, and their logs; 0: none yet. */
let llTable: usize = 0;
let ofTable: usize = 0;
let mlTable: usize = 0;
let llLog: u32 = 0;
let ofLog: u32 = 0;
let mlLog: u32 = 0;
let recent1: u32 = 1;
let recent2: u32 = 4;
let recent3: u32 = 8;

/** Decodes all frames of `[ip, ip + length)`; gives the bytes of output, or an error below 0. */
export function decode(ip: usize, length: usize, to: usize, room: usize): i32 {
  if (!ready) prepare();
  const end = ip + length;
  output = op = to;
  outputEnd = to + room;
  while (ip < end) {
    if (ip + 4 > end) return BAD_HEADER;
    if ((load<u32>(ip) & 0xfffffff0) == 0x184d2a50) {
      if (ip + 8 > end) return TRUNCATED;
      const skipped: usize = load<u32>(ip + 4);
      if (skipped > end - ip - 8) return TRUNCATED;
      ip += 8 + skipped;
      continue;
    }
    const taken = frame(ip, end);
    if (taken < 0) return taken;
    ip += taken;
  }
  return <i32>(op - output);
}

function prepare(): void {
  ready = true;
  let sum: u32 = 0;
  for (let i: u32 = 0; i < LL_CODES; i++) {
    store<u32>(LL_BASES + (i << 2), sum);
    sum += 1 << load<u8>(LL_BITS + i);
  }
  sum = 3;
  for (let i: u32 = 0; i < ML_CODES; i++) {
    store<u32>(ML_BASES + (i << 2), sum);
    sum += 1 << load<u8>(ML_BITS + i);
  }
  buildTable(LL_DEFAULT, LL_COUNTS, LL_CODES, 6);
  buildTable(OF_DEFAULT, OF_COUNTS, 29, 5);
  buildTable(ML_DEFAULT, ML_COUNTS, ML_CODES, 6);
}

/** One frame; gives the bytes it takes. */
function frame(start: usize, end: usize): i32 {
  let ip = start;
  if (ip + 6 > end || load<u32>(ip) != 0xfd2fb528) return BAD_HEADER;
  const descriptor = <u32>load<u8>(ip + 4);
  const single = (descriptor & 0x20) != 0;
  if (descriptor & 8) return BAD_HEADER;
  ip += single ? 5 : 6;
  const dictionary: usize = (descriptor & 3) == 3 ? 4 : descriptor & 3;
  const flag = descriptor >> 6;
  const width: usize = flag == 0 ? (single ? 1 : 0) : 1 << flag;
  if (dictionary + width > end - ip) return TRUNCATED;
  for (let i: usize = 0; i < dictionary; i++) if (load<u8>(ip + i) != 0) return DICTIONARY;
  ip += dictionary;
  let size: u64 = 0;
  for (let i: usize = 0; i < width; i++) size |= (<u64>load<u8>(ip + i)) << (8 * i);
  if (flag == 1) size += 256;
  ip += width;
  base = op;
  const room = <u64>(outputEnd - op);
  if (width > 0 && size > room) return TOO_MUCH;
  const limit = width > 0 ? op + <usize>size : outputEnd;
  huffmanLog = llLog = ofLog = mlLog = 0;
  llTable = ofTable = mlTable = 0;
  recent1 = 1;
  recent2 = 4;
  recent3 = 8;
  let last = false;
  while (!last) {
    if (ip + 3 > end) return TRUNCATED;
    const head = load<u32>(ip) & 0xffffff;
    ip += 3;
    last = (head & 1) != 0;
    const taken = block((head >> 1) & 3, head >> 3, ip, end, limit);
    if (taken < 0) return taken;
    ip += taken;
  }
  if (width > 0 && op != limit) return WRONG_SIZE;
  if (descriptor & 4) {
    if (ip + 4 > end) return TRUNCATED;
    if (load<u32>(ip) != <u32>xxhash64(base, op - base)) return CHECKSUM;
    ip += 4;
  }
  return <i32>(ip - start);
}

/** One block of a kind; gives the bytes it takes. */
function block(kind: u32, size: usize, ip: usize, end: usize, limit: usize): i32 {
  if (size > MAX_BLOCK || kind == 3) return BAD_BLOCK;
  const stored: usize = kind == 1 ? 1 : size;
  if (stored > end - ip) return TRUNCATED;
  if (kind == 2) {
    const taken = readLiterals(ip, ip + size);
    if (taken < 0) return taken;
    const status = sequences(ip + taken, ip + size, min(limit, op + MAX_BLOCK));
    return status < 0 ? status : <i32>size;
  }
  if (size > limit - op) return TOO_MUCH;
  if (kind == 0) memory.copy(op, ip, size);
  else memory.fill(op, load<u8>(ip), size);
  op += size;
  return <i32>stored;
}

function readLiterals(ip: usize, end: usize): i32 {
  if (ip >= end) return BAD_LITERALS;
  const kind = <u32>load<u8>(ip) & 3;
  const format = (<u32>load<u8>(ip) >> 2) & 3;
  if (kind >= 2) return codedLiterals(ip, end, kind, format);
  const head: usize = format == 1 ? 2 : format == 3 ? 3 : 1;
  if (head > end - ip) return BAD_LITERALS;
  const word = load<u32>(ip);
  literalCount = head == 1 ? (word & 0xff) >> 3 : head == 2 ? (word & 0xffff) >> 4 : (word & 0xffffff) >> 4;
  if (literalCount > MAX_BLOCK) return BAD_LITERALS;
  const stored = kind == 0 ? literalCount : 1;
  if (stored > end - ip - head) return BAD_LITERALS;
  if (kind == 0) literals = ip + head;
  else {
    literals = LITERALS;
    memory.fill(LITERALS, load<u8>(ip + head), literalCount);
  }
  return <i32>(head + stored);
}

function codedLiterals(start: usize, end: usize, kind: u32, format: u32): i32 {
  const head: usize = format < 2 ? 3 : format + 2;
  const width: u32 = format < 2 ? 10 : format == 2 ? 14 : 18;
  if (head > end - start) return BAD_LITERALS;
  const word = load<u64>(start) >> 4;
  literalCount = <usize>(word & ((1 << width) - 1));
  const stored = <usize>((word >> width) & ((1 << width) - 1));
  if (literalCount > MAX_BLOCK || stored > end - start - head) return BAD_LITERALS;
  let ip = start + head;
  const next = ip + stored;
  if (kind == 2) {
    const taken = readTree(ip, next);
    if (taken < 0) return taken;
    ip += taken;
  }
  if (huffmanLog == 0) return BAD_LITERALS;
  literals = LITERALS;
  const status = format == 0 ? decodeStream(ip, next, LITERALS, LITERALS + literalCount) : fourStreams(ip, next);
  return status < 0 ? status : <i32>(next - start);
}

/** The bits of a stream that ends at `end` with its mark; -1 without a mark. */
// @ts-ignore: decorator
@inline
function bitsOf(start: usize, end: usize): i32 {
  if (end <= start) return -1;
  const mark = <u32>load<u8>(end - 1);
  return mark == 0 ? -1 : 8 * <i32>(end - start) - <i32>clz(mark) + 23;
}

/** The bits from a position on that is 0 or more. */
// @ts-ignore: decorator
@inline
function bitsAt(start: usize, position: i32): u64 {
  return load<u64>(start + (position >> 3)) >> (position & 7);
}

/** The word whose highest bits are the next of a stream with `left` bits, 64 or more; 57 are valid. */
// @ts-ignore: decorator
@inline
function topBits(start: usize, left: i32): u64 {
  const bytes = (left + 7) >> 3;
  return load<u64>(start + bytes - 8) << ((bytes << 3) - left);
}

function decodeStream(start: usize, end: usize, at: usize, limit: usize): i32 {
  const left = bitsOf(start, end);
  if (left < 0) return BAD_LITERALS;
  return finishStream(start, left, at, limit);
}

/** Decodes what is left of a stream, exactly. */
function finishStream(start: usize, left: i32, at: usize, limit: usize): i32 {
  const down = <u64>(64 - huffmanLog);
  while (left >= 64 && at + 4 < limit) {
    let word = topBits(start, left);
    for (let i = 0; i < 4; i++) {
      const entry = <u32>load<u16>(HUFFMAN + (<usize>(word >> down) << 1));
      store<u8>(at++, entry >> 8);
      word <<= entry & 0xff;
      left -= entry & 0xff;
    }
  }
  const mask: u64 = (1 << huffmanLog) - 1;
  for (; at < limit; at++) {
    if (left <= 0) return BAD_LITERALS;
    const position = left - <i32>huffmanLog;
    const index = position >= 0 ? bitsAt(start, position) & mask : (load<u64>(start) << -position) & mask;
    const entry = <u32>load<u16>(HUFFMAN + (<usize>index << 1));
    store<u8>(at, entry >> 8);
    left -= entry & 0xff;
  }
  return left == 0 ? 0 : BAD_LITERALS;
}

// @ts-ignore: decorator
@inline
function symbol(word: u64, down: u64): u32 {
  return <u32>load<u16>(HUFFMAN + (<usize>(word >> down) << 1));
}

/** Four streams side by side, five symbols of each at a time. */
function fourStreams(start: usize, end: usize): i32 {
  if (end - start < 10) return BAD_LITERALS;
  const part = (literalCount + 3) >> 2;
  if (part * 3 > literalCount) return BAD_LITERALS;
  const s0 = start + 6;
  const s1 = s0 + load<u16>(start);
  const s2 = s1 + load<u16>(start + 2);
  const s3 = s2 + load<u16>(start + 4);
  if (s3 >= end) return BAD_LITERALS;
  let l0 = bitsOf(s0, s1);
  let l1 = bitsOf(s1, s2);
  let l2 = bitsOf(s2, s3);
  let l3 = bitsOf(s3, end);
  if (l0 < 0 || l1 < 0 || l2 < 0 || l3 < 0) return BAD_LITERALS;
  const down = <u64>(64 - huffmanLog);
  let at: usize = LITERALS;
  const limit: usize = LITERALS + literalCount;
  const last = limit - part * 3; // the last part is the shortest
  while (at + 5 <= last && l0 >= 64 && l1 >= 64 && l2 >= 64 && l3 >= 64) {
    let w0 = topBits(s0, l0);
    let w1 = topBits(s1, l1);
    let w2 = topBits(s2, l2);
    let w3 = topBits(s3, l3);
    for (let i = 0; i < 5; i++) {
      const e0 = symbol(w0, down);
      const e1 = symbol(w1, down);
      const e2 = symbol(w2, down);
      const e3 = symbol(w3, down);
      store<u8>(at, e0 >> 8);
      store<u8>(at + part, e1 >> 8);
      store<u8>(at + 2 * part, e2 >> 8);
      store<u8>(at + 3 * part, e3 >> 8);
      w0 <<= e0 & 0xff;
      w1 <<= e1 & 0xff;
      w2 <<= e2 & 0xff;
      w3 <<= e3 & 0xff;
      l0 -= e0 & 0xff;
      l1 -= e1 & 0xff;
      l2 -= e2 & 0xff;
      l3 -= e3 & 0xff;
      at++;
    }
  }
  let status = finishStream(s0, l0, at, LITERALS + part);
  if (status == 0) status = finishStream(s1, l1, at + part, LITERALS + 2 * part);
  if (status == 0) status = finishStream(s2, l2, at + 2 * part, LITERALS + 3 * part);
  if (status == 0) status = finishStream(s3, l3, at + 3 * part, limit);
  return status;
}

/** Reads a tree description; gives the bytes it takes. */
function readTree(ip: usize, end: usize): i32 {
  if (ip >= end) return BAD_TREE;
  const head: usize = load<u8>(ip);
  let count: usize;
  let taken: usize;
  memory.fill(WEIGHTS, 0, 256);
  if (head < 128) {
    taken = 1 + head;
    if (taken > end - ip) return BAD_TREE;
    const found = readWeights(ip + 1, ip + taken);
    if (found < 0) return found;
    count = found;
  } else {
    count = head - 127;
    taken = 1 + ((count + 1) >> 1);
    if (taken > end - ip) return BAD_TREE;
    for (let i: usize = 0; i < count; i++) {
      const pair = <u32>load<u8>(ip + 1 + (i >> 1));
      store<u8>(WEIGHTS + i, i & 1 ? pair & 15 : pair >> 4);
    }
  }
  const status = buildTree(count);
  return status < 0 ? status : <i32>taken;
}

/** Weights by two interleaved states; gives their number. */
function readWeights(start: usize, end: usize): i32 {
  const taken = readDistribution(start, end, 6, 256);
  if (taken < 0) return BAD_TREE;
  const log = distributionLog;
  if (!buildTable(WEIGHT_TABLE, COUNTS, distributionSymbols, log)) return BAD_TREE;
  const from = start + taken;
  let left = bitsOf(from, end);
  if (left < 2 * <i32>log) return BAD_TREE;
  left -= log;
  let one = <u32>bitsAt(from, left) & ((1 << log) - 1);
  left -= log;
  let two = <u32>bitsAt(from, left) & ((1 << log) - 1);
  let count: i32 = 0;
  while (true) {
    if (count > 253) return BAD_TREE;
    const entry = load<u32>(WEIGHT_TABLE + (one << 2));
    store<u8>(WEIGHTS + count++, entry & 0xff);
    const bits = (entry >> 8) & 0xff;
    left -= bits;
    if (left < 0) {
      store<u8>(WEIGHTS + count++, load<u32>(WEIGHT_TABLE + (two << 2)) & 0xff);
      return count;
    }
    const next = (entry >> 16) + (<u32>bitsAt(from, left) & ((1 << bits) - 1));
    one = two;
    two = next;
  }
}

function buildTree(count: usize): i32 {
  let total: u32 = 0;
  for (let i: usize = 0; i < count; i++) {
    const weight = <u32>load<u8>(WEIGHTS + i);
    if (weight > MAX_BITS) return BAD_TREE;
    if (weight > 0) total += 1 << (weight - 1);
  }
  if (total == 0) return BAD_TREE;
  const log: u32 = 32 - <u32>clz(total);
  const rest: u32 = (1 << log) - total;
  if (log > MAX_BITS || (rest & (rest - 1)) != 0) return BAD_TREE;
  store<u8>(WEIGHTS + count, 32 - <u32>clz(rest));
  let at: usize = HUFFMAN;
  for (let weight: u32 = 1; weight <= log; weight++) {
    for (let i: usize = 0; i <= count; i++) {
      if (load<u8>(WEIGHTS + i) != weight) continue;
      const entry = <u16>((<u32>i << 8) | (log + 1 - weight));
      const next = at + (<usize>2 << (weight - 1));
      for (; at < next; at += 2) store<u16>(at, entry);
    }
  }
  huffmanLog = log;
  return 0;
}

let distributionLog: u32 = 0;
let distributionSymbols: u32 = 0;

/** Reads a distribution into COUNTS; gives the bytes it takes. */
function readDistribution(start: usize, end: usize, maxLog: u32, maxSymbols: u32): i32 {
  if (start >= end) return BAD_TABLE;
  let bit: i32 = 4;
  const limit = 8 * <i32>(end - start);
  const log = (<u32>load<u8>(start) & 15) + 5;
  if (log > maxLog) return BAD_TABLE;
  memory.fill(COUNTS, 0, 512);
  let remaining: i32 = 1 << log;
  let code: u32 = 0;
  while (remaining > 0) {
    if (code >= maxSymbols || bit >= limit) return BAD_TABLE;
    const width = 32 - <i32>clz(remaining + 1);
    const short = (1 << width) - 1 - (remaining + 1);
    const value = <i32>bitsAt(start, bit) & ((1 << width) - 1);
    const low = value & ((1 << (width - 1)) - 1);
    let count: i32;
    if (low < short) {
      count = low - 1;
      bit += width - 1;
    } else {
      count = (value >= 1 << (width - 1) ? value - short : value) - 1;
      bit += width;
    }
    store<i16>(COUNTS + (code++ << 1), <i16>count);
    remaining -= count < 0 ? 1 : count;
    if (count != 0) continue;
    let repeat: u32 = 3;
    while (repeat == 3) {
      if (bit >= limit) return BAD_TABLE;
      repeat = <u32>bitsAt(start, bit) & 3;
      bit += 2;
      code += repeat;
      if (code > maxSymbols) return BAD_TABLE;
    }
  }
  const taken = (bit + 7) >> 3;
  if (remaining < 0 || taken > <i32>(end - start)) return BAD_TABLE;
  distributionLog = log;
  distributionSymbols = code;
  return taken;
}

/** Spreads a distribution over the states; tells whether it fills them. */
function buildTable(table: usize, counts: usize, codes: u32, log: u32): bool {
  const size: u32 = 1 << log;
  let high = size - 1;
  for (let code: u32 = 0; code < codes; code++) {
    const count = load<i16>(counts + (code << 1));
    store<u16>(NEXT + (code << 1), count == -1 ? 1 : count);
    if (count == -1) store<u8>(SYMBOLS + high--, code);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let position: u32 = 0;
  for (let code: u32 = 0; code < codes; code++) {
    const count = <i32>load<i16>(counts + (code << 1));
    for (let i = 0; i < count; i++) {
      store<u8>(SYMBOLS + position, code);
      do position = (position + step) & (size - 1);
      while (position > high);
    }
  }
  if (position != 0) return false;
  for (let state: u32 = 0; state < size; state++) {
    const code = <u32>load<u8>(SYMBOLS + state);
    const next = <u32>load<u16>(NEXT + (code << 1));
    store<u16>(NEXT + (code << 1), next + 1);
    const bits = log - (31 - <u32>clz(next));
    store<u32>(table + (state << 2), (((next << bits) - size) << 16) | (bits << 8) | code);
  }
  return true;
}

let tableUsed: usize = 0;
let tableLog: u32 = 0;

/** Sets `tableUsed` and `tableLog` by a mode; gives the bytes that the description takes. */
function readTable(
  ip: usize,
  end: usize,
  mode: u32,
  codes: u32,
  maxLog: u32,
  table: usize,
  standard: usize,
  standardLog: u32,
): i32 {
  if (mode == 3) return tableUsed == 0 ? BAD_TABLE : 0;
  if (mode == 0) {
    tableUsed = standard;
    tableLog = standardLog;
    return 0;
  }
  tableUsed = table;
  if (mode == 1) {
    if (ip >= end || load<u8>(ip) >= codes) return BAD_TABLE;
    tableLog = 0;
    store<u32>(table, load<u8>(ip));
    return 1;
  }
  const taken = readDistribution(ip, end, maxLog, codes);
  if (taken < 0) return taken;
  tableLog = distributionLog;
  return buildTable(table, COUNTS, distributionSymbols, tableLog) ? taken : BAD_TABLE;
}

function sequences(start: usize, end: usize, limit: usize): i32 {
  let ip = start;
  if (ip >= end) return BAD_SEQUENCES;
  let count = <u32>load<u8>(ip++);
  if (count >= 128) {
    const more: usize = count == 255 ? 2 : 1;
    if (more > end - ip) return BAD_SEQUENCES;
    count = more == 1 ? ((count - 128) << 8) + load<u8>(ip) : 0x7f00 + <u32>load<u16>(ip);
    ip += more;
  }
  if (count == 0) {
    if (ip != end) return BAD_SEQUENCES;
    return lastLiterals(literals, limit);
  }
  if (ip >= end) return BAD_SEQUENCES;
  const modes = <u32>load<u8>(ip++);
  if (modes & 3) return BAD_SEQUENCES;
  tableUsed = llTable;
  tableLog = llLog;
  let taken = readTable(ip, end, modes >> 6, LL_CODES, 9, LL_TABLE, LL_DEFAULT, 6);
  if (taken < 0) return taken;
  ip += taken;
  llTable = tableUsed;
  llLog = tableLog;
  tableUsed = ofTable;
  tableLog = ofLog;
  taken = readTable(ip, end, (modes >> 4) & 3, OF_CODES, 8, OF_TABLE, OF_DEFAULT, 5);
  if (taken < 0) return taken;
  ip += taken;
  ofTable = tableUsed;
  ofLog = tableLog;
  tableUsed = mlTable;
  tableLog = mlLog;
  taken = readTable(ip, end, (modes >> 2) & 3, ML_CODES, 9, ML_TABLE, ML_DEFAULT, 6);
  if (taken < 0) return taken;
  ip += taken;
  mlTable = tableUsed;
  mlLog = tableLog;
  return execute(ip, end, count, limit);
}

function lastLiterals(from: usize, limit: usize): i32 {
  const count = literals + literalCount - from;
  if (count > limit - op) return TOO_MUCH;
  memory.copy(op, from, count);
  op += count;
  return 0;
}

/** The sequences themselves. */
function execute(start: usize, end: usize, count: u32, limit: usize): i32 {
  let left = bitsOf(start, end);
  if (left < <i32>(llLog + ofLog + mlLog)) return BAD_SEQUENCES;
  left -= llLog;
  let ll = <u32>bitsAt(start, left) & ((1 << llLog) - 1);
  left -= ofLog;
  let os = <u32>bitsAt(start, left) & ((1 << ofLog) - 1);
  left -= mlLog;
  let ml = <u32>bitsAt(start, left) & ((1 << mlLog) - 1);
  let from = literals;
  const lastLiteral = literals + literalCount;
  let at = op;
  while (true) {
    const ofEntry = load<u32>(ofTable + (os << 2));
    const llEntry = load<u32>(llTable + (ll << 2));
    const mlEntry = load<u32>(mlTable + (ml << 2));
    const ofCode = ofEntry & 0xff;
    const llBits = <u32>load<u8>(LL_BITS + (llEntry & 0xff));
    const mlBits = <u32>load<u8>(ML_BITS + (mlEntry & 0xff));
    left -= ofCode;
    let offset = (<u32>1 << ofCode) + (<u32>bitsAt(start, max(left, 0)) & <u32>((<u64>1 << ofCode) - 1));
    left -= mlBits + llBits;
    if (left < 0) return BAD_SEQUENCES;
    const extra = <u32>bitsAt(start, left);
    const matchLength: usize = load<u32>(ML_BASES + ((mlEntry & 0xff) << 2)) + ((extra >> llBits) & ((1 << mlBits) - 1));
    const literalLength: usize = load<u32>(LL_BASES + ((llEntry & 0xff) << 2)) + (extra & ((1 << llBits) - 1));
    if (offset > 3) {
      offset -= 3;
      recent3 = recent2;
      recent2 = recent1;
      recent1 = offset;
    } else {
      if (literalLength == 0) offset++;
      if (offset == 1) offset = recent1;
      else {
        const found = offset == 2 ? recent2 : offset == 3 ? recent3 : recent1 - 1;
        if (offset != 2) recent3 = recent2;
        recent2 = recent1;
        offset = recent1 = found;
      }
    }
    if (literalLength > lastLiteral - from) return BAD_SEQUENCES;
    if (literalLength + matchLength > limit - at) return TOO_MUCH;
    for (let done: usize = 0; done < literalLength; done += 16) v128.store(at + done, v128.load(from + done));
    at += literalLength;
    from += literalLength;
    if (offset == 0 || offset > <u32>(at - base)) return BAD_OFFSET;
    copy(at, offset, matchLength);
    at += matchLength;
    if (--count == 0) break;
    const nl = (llEntry >> 8) & 0xff;
    const nm = (mlEntry >> 8) & 0xff;
    const no = (ofEntry >> 8) & 0xff;
    left -= nl + nm + no;
    if (left < 0) return BAD_SEQUENCES;
    const states = bitsAt(start, left);
    os = (ofEntry >> 16) + (<u32>states & ((1 << no) - 1));
    ml = (mlEntry >> 16) + (<u32>(states >> no) & ((1 << nm) - 1));
    ll = (llEntry >> 16) + (<u32>(states >> (no + nm)) & ((1 << nl) - 1));
  }
  if (left != 0) return BAD_SEQUENCES;
  op = at;
  return lastLiterals(from, limit);
}

/** Copies `length` bytes from `distance` back; may write up to 15 bytes more. */
// @ts-ignore: decorator
@inline
function copy(at: usize, distance: usize, length: usize): void {
  const end = at + length;
  let from = at - distance;
  if (distance >= 16) {
    do {
      v128.store(at, v128.load(from));
      at += 16;
      from += 16;
    } while (at < end);
  } else if (distance >= 8) {
    do {
      store<u64>(at, load<u64>(from));
      at += 8;
      from += 8;
    } while (at < end);
  } else if (distance == 1) {
    const run = i8x16.splat(load<u8>(from));
    do {
      v128.store(at, run);
      at += 16;
    } while (at < end);
  } else {
    do store<u8>(at++, load<u8>(from++));
    while (at < end);
  }
}

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const P3: u64 = 0x165667b19e3779f9;
const P4: u64 = 0x85ebca77c2b2ae63;
const P5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function round(lane: u64, word: u64): u64 {
  return rotl(lane + word * P2, 31) * P1;
}

// @ts-ignore: decorator
@inline
function merge(hash: u64, lane: u64): u64 {
  return (hash ^ round(0, lane)) * P1 + P4;
}

/** XXH64 with seed 0. */
function xxhash64(at: usize, length: usize): u64 {
  const end = at + length;
  let hash: u64 = P5;
  if (length >= 32) {
    let a: u64 = P1 + P2;
    let b: u64 = P2;
    let c: u64 = 0;
    let d: u64 = 0 - P1;
    for (; at + 32 <= end; at += 32) {
      a = round(a, load<u64>(at));
      b = round(b, load<u64>(at + 8));
      c = round(c, load<u64>(at + 16));
      d = round(d, load<u64>(at + 24));
    }
    hash = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18);
    hash = merge(merge(merge(merge(hash, a), b), c), d);
  }
  hash += length;
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ round(0, load<u64>(at)), 27) * P1 + P4;
  if (at + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(at) * P1), 23) * P2 + P3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl(hash ^ (<u64>load<u8>(at) * P5), 11) * P1;
  hash = (hash ^ (hash >> 33)) * P2;
  hash = (hash ^ (hash >> 29)) * P3;
  return hash ^ (hash >> 32);
}
