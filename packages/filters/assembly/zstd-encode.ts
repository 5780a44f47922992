/**
 * Encoding of a Zstandard frame (RFC 8878): the twin of src/kernels/zstd/encode.ts and what it uses, compiled to
 * WebAssembly by scripts/build-kernels.ts. Frames need not be the same to the byte.
 *
 * Behind the input there are 64 bytes that may be read.
 */

/** Where memory is free. */
export function heap(): usize {
  return __heap_base;
}

const MAX_BLOCK: u32 = 131072;
const MAX_SEQUENCES: u32 = 43700;
const MAX_CODE_BITS: u32 = 11;
const MIN_MATCH: u32 = 4;
/** Nothing is hashed closer to the end of the input. */
const MARGIN: usize = 8;
const HASH_BITS: u32 = 17;

const HEADS: usize = memory.data(4 << 17);
const LITERALS: usize = memory.data(131072 + 64);
const LITERAL_LENGTHS: usize = memory.data(4 * 43700);
const MATCH_LENGTHS: usize = memory.data(4 * 43700);
const OFFSETS: usize = memory.data(4 * 43700);
const LL_CODES: usize = memory.data(43700);
const ML_CODES: usize = memory.data(43700);
const OF_CODES: usize = memory.data(43700);
const BLOCK: usize = memory.data(2 * 131072 + 2048);

/** Of the literals: frequencies, code lengths, codes, weights; and what building a tree needs. */
const FREQUENCIES: usize = memory.data(4 * 256);
const LENGTHS: usize = memory.data(256);
const CODES: usize = memory.data(2 * 256);
const WEIGHTS: usize = memory.data(256);
const LEAVES: usize = memory.data(2 * 256);
const LEAF_WEIGHTS: usize = memory.data(4 * 256);
const NODES: usize = memory.data(4 * 512);
const PARENTS: usize = memory.data(2 * 512);
const DEPTHS: usize = memory.data(512);

/** Of a distribution: counts, symbols of states. */
const COUNTS: usize = memory.data(2 * 64);
const SPREAD: usize = memory.data(512);
const STARTS: usize = memory.data(4 * 65);

/** Tables to encode by, one after the other: states (u16 x 512), bits (i32 x 64), places (i32 x 64). */
const TABLE: usize = 1024 + 256 + 256;
const LL_TABLE: usize = memory.data(1536);
const OF_TABLE: usize = memory.data(1536);
const ML_TABLE: usize = memory.data(1536);
const WEIGHT_TABLE: usize = memory.data(1536);

const LL_BITS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const ML_BITS: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3,
  4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
]);
const LL_DEFAULT: usize = memory.data<i16>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
const OF_DEFAULT: usize = memory.data<i16>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
const ML_DEFAULT: usize = memory.data<i16>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);
const LL_BASES: usize = memory.data(4 * 36);
const ML_BASES: usize = memory.data(4 * 53);
/** Codes of values below 128. */
const LL_SMALL: usize = memory.data(128);
const ML_SMALL: usize = memory.data(131);

let ready = false;

/** The input, and how hard to look. */
let input: usize = 0;
let inputEnd: usize = 0;
let chain: usize = 0;
let depth: i32 = 0;
let lazy: u32 = 0;
let enough: u32 = 0;
let skip: u32 = 0;
let shift: u32 = 0;
/** Positions below this are in the table. */
let hashed: usize = 0;
let recent1: u32 = 1;
let recent2: u32 = 4;
let recent3: u32 = 8;
let foundLength: u32 = 0;
let foundOffset: u32 = 0;

let sequenceCount: u32 = 0;
let literalCount: u32 = 0;

function prepare(): void {
  ready = true;
  let sum: u32 = 0;
  for (let i: u32 = 0; i < 36; i++) {
    store<u32>(LL_BASES + (i << 2), sum);
    const next = sum + (1 << load<u8>(LL_BITS + i));
    for (; sum < next && sum < 128; sum++) store<u8>(LL_SMALL + sum, i);
    sum = next;
  }
  sum = 3;
  for (let i: u32 = 0; i < 53; i++) {
    store<u32>(ML_BASES + (i << 2), sum);
    const next = sum + (1 << load<u8>(ML_BITS + i));
    for (; sum < next && sum < 131; sum++) store<u8>(ML_SMALL + sum, i);
    sum = next;
  }
}

/**
 * Encodes `[from, from + length)` to `to`, where there is room for the input, 3 bytes a block, and 512. `chains` has 4
 * bytes for each of the input where `tries` is more than 1. Gives the bytes written.
 */
export function encode(
  from: usize,
  length: u32,
  to: usize,
  chains: usize,
  tries: i32,
  laziness: u32,
  satisfied: u32,
  stride: u32,
): u32 {
  if (!ready) prepare();
  input = from;
  inputEnd = from + length;
  chain = chains;
  depth = tries;
  lazy = laziness;
  enough = satisfied;
  skip = stride;
  const bits = min<u32>(HASH_BITS, max<u32>(8, 32 - <u32>clz(length)));
  shift = 32 - bits;
  memory.fill(HEADS, 0, 4 << bits);
  hashed = from;
  recent1 = 1;
  recent2 = 4;
  recent3 = 8;
  let at = writeHeader(to, length);
  if (length == 0) return <u32>(writeBlockHead(at, 0, 0, true) - to);
  for (let start = from; start < inputEnd; start += MAX_BLOCK) {
    const end = min(inputEnd, start + MAX_BLOCK);
    at = writeBlock(start, end, at);
  }
  return <u32>(at - to);
}

function writeHeader(at: usize, size: u32): usize {
  store<u32>(at, 0xfd2fb528);
  const flag: u32 = size < 256 ? 0 : size < 65536 + 256 ? 1 : 2;
  store<u8>(at + 4, (flag << 6) | 0x20);
  if (flag == 0) store<u8>(at + 5, size);
  else if (flag == 1) store<u16>(at + 5, <u16>(size - 256));
  else store<u32>(at + 5, size);
  return at + 5 + (1 << flag);
}

function writeBlockHead(at: usize, kind: u32, size: u32, last: bool): usize {
  const head = (last ? 1 : 0) | (kind << 1) | (size << 3);
  store<u16>(at, <u16>head);
  store<u8>(at + 2, head >> 16);
  return at + 3;
}

function writeBlock(start: usize, end: usize, at: usize): usize {
  const size = <u32>(end - start);
  const last = end == inputEnd;
  if (isRepeated(start, end)) {
    at = writeBlockHead(at, 1, size, last);
    store<u8>(at, load<u8>(start));
    return at + 1;
  }
  if (size >= 16) {
    if (depth > 1) runChained(start, end);
    else runFast(start, end);
    const length = <u32>(writeSequences(writeLiterals(BLOCK)) - BLOCK);
    if (length < size) {
      at = writeBlockHead(at, 2, length, last);
      memory.copy(at, BLOCK, length);
      return at + length;
    }
  }
  at = writeBlockHead(at, 0, size, last);
  memory.copy(at, start, size);
  return at + size;
}

function isRepeated(start: usize, end: usize): bool {
  const first = load<u8>(start);
  for (let i = start + 1; i < end; i++) if (load<u8>(i) != first) return false;
  return end - start > 3;
}

// @ts-ignore: decorator
@inline
function slot(word: u32): usize {
  return HEADS + (((word * 0x9e3779b1) >> shift) << 2);
}

/** By five bytes. */
// @ts-ignore: decorator
@inline
function longSlot(i: usize): usize {
  return HEADS + (<usize>(((load<u64>(i) << 24) * 889523592379) >> (32 + shift)) << 2);
}

/** Bytes that are alike from two places on, up to `limit`; the first four are. */
function matchLength(i: usize, from: usize, limit: usize): u32 {
  const start = i;
  i += 4;
  from += 4;
  while (i + 8 <= limit) {
    const difference = load<u64>(i) ^ load<u64>(from);
    if (difference != 0) return <u32>(i + (<usize>ctz(difference) >> 3) - start);
    i += 8;
    from += 8;
  }
  while (i < limit && load<u8>(i) == load<u8>(from)) {
    i++;
    from++;
  }
  return <u32>(i - start);
}

/** Adds a sequence: literals from `anchor` on, and a match; see #store of the twin. */
function addSequence(anchor: usize, i: usize, length: u32, offset: u32): void {
  const literals = <u32>(i - anchor);
  memory.copy(LITERALS + literalCount, anchor, literals);
  literalCount += literals;
  const n = sequenceCount++ << 2;
  store<u32>(LITERAL_LENGTHS + n, literals);
  store<u32>(MATCH_LENGTHS + n, length);
  const one: u32 = literals > 0 ? 1 : 0;
  if (one && offset == recent1) {
    store<u32>(OFFSETS + n, 1);
    return;
  }
  if (offset == recent2) store<u32>(OFFSETS + n, 1 + one);
  else {
    store<u32>(OFFSETS + n, offset == recent3 ? 2 + one : offset + 3);
    recent3 = recent2;
  }
  recent2 = recent1;
  recent1 = offset;
}

function finishBlock(anchor: usize, end: usize): void {
  memory.copy(LITERALS + literalCount, anchor, end - anchor);
  literalCount += <u32>(end - anchor);
}

/** The last position at which a match may start. */
// @ts-ignore: decorator
@inline
function lastStart(end: usize): usize {
  return inputEnd - input < MARGIN ? input : min(end - 3, inputEnd - MARGIN);
}

function runFast(start: usize, end: usize): void {
  sequenceCount = literalCount = 0;
  const last = lastStart(end);
  let anchor = start;
  for (let i = start; i < last; ) {
    const word = load<u32>(i);
    const hash = longSlot(i);
    let from: usize = load<u32>(hash);
    store<u32>(hash, <u32>i);
    const repeat = i + 1 - recent1;
    if (repeat >= input && i + 1 < last && load<u32>(repeat) == load<u32>(i + 1)) {
      i++;
      from = repeat;
    } else if (from < input || load<u32>(from) != word) {
      i += 1 + ((i - anchor) >> skip);
      continue;
    }
    const length = matchLength(i, from, end);
    addSequence(anchor, i, length, <u32>(i - from));
    i += length;
    anchor = i;
    if (i < last) store<u32>(longSlot(i - 2), <u32>(i - 2));
  }
  finishBlock(anchor, end);
}

// @ts-ignore: decorator
@inline
function bitsOf(offset: u32): i32 {
  return 32 - <i32>clz(offset);
}

function runChained(start: usize, end: usize): void {
  sequenceCount = literalCount = 0;
  const last = lastStart(end);
  let anchor = start;
  for (let i = start; i < last; ) {
    find(i, end, i == anchor);
    let length = foundLength;
    let offset = foundOffset;
    if (length < MIN_MATCH) {
      i += 1 + ((i - anchor) >> skip);
      continue;
    }
    for (let step: u32 = 1; step <= lazy && length < enough && i + step < last; step++) {
      find(i + step, end, false);
      const score = 4 * <i32>foundLength - bitsOf(foundOffset);
      if (score <= 4 * <i32>length + 4 * <i32>step - bitsOf(offset)) continue;
      length = foundLength;
      offset = foundOffset;
      i += step;
      step = 0;
    }
    addSequence(anchor, i, length, offset);
    i += length;
    insert(min(i, last));
    anchor = i;
  }
  finishBlock(anchor, end);
}

function attempt(i: usize, end: usize, word: u32, offset: u32): void {
  if (offset > <u32>(i - input) || load<u32>(i - offset) != word) return;
  const length = matchLength(i, i - offset, end);
  if (length <= foundLength) return;
  foundLength = length;
  foundOffset = offset;
}

function find(i: usize, end: usize, atAnchor: bool): void {
  const word = load<u32>(i);
  foundLength = foundOffset = 0;
  if (!atAnchor) attempt(i, end, word, recent1);
  attempt(i, end, word, recent2);
  attempt(i, end, word, recent3);
  if (foundLength >= enough) return;
  insert(i);
  let from: usize = load<u32>(slot(word));
  let score = 4 * <i32>foundLength - bitsOf(foundOffset);
  for (let left = depth; left > 0 && from >= input; left--, from = load<u32>(chain + ((from - input) << 2))) {
    if (i + foundLength >= end) break;
    if (load<u8>(from + foundLength) != load<u8>(i + foundLength) || from >= i || load<u32>(from) != word) continue;
    const length = matchLength(i, from, end);
    const rating = 4 * <i32>length - bitsOf(<u32>(i - from));
    if (rating <= score) continue;
    score = rating;
    foundLength = length;
    foundOffset = <u32>(i - from);
  }
}

function insert(end: usize): void {
  for (let i = hashed; i < end; i++) {
    const head = slot(load<u32>(i));
    store<u32>(chain + ((i - input) << 2), load<u32>(head));
    store<u32>(head, <u32>i);
  }
  if (end > hashed) hashed = end;
}

/** Bits on their way to memory. */
let at: usize = 0;
let hold: u64 = 0;
let bits: u32 = 0;

// @ts-ignore: decorator
@inline
function put(value: u32, count: u32): void {
  hold |= <u64>value << bits;
  bits += count;
}

/** Writes out whole bytes: before more than 64 bits come together. */
// @ts-ignore: decorator
@inline
function flush(): void {
  store<u64>(at, hold);
  at += bits >> 3;
  hold >>= bits & ~7;
  bits &= 7;
}

function startBits(to: usize): void {
  at = to;
  hold = 0;
  bits = 0;
}

/** Ends with a mark or without; gives the position behind. */
function endBits(mark: bool): usize {
  if (mark) put(1, 1);
  flush();
  if (bits > 0) {
    store<u8>(at++, <u32>hold);
    bits = 0;
  }
  return at;
}

function writeLiterals(to: usize): usize {
  const count = literalCount;
  memory.fill(FREQUENCIES, 0, 1024);
  for (let i: u32 = 0; i < count; i++) {
    const entry = FREQUENCIES + (<usize>load<u8>(LITERALS + i) << 2);
    store<u32>(entry, load<u32>(entry) + 1);
  }
  if (count > 0 && load<u32>(FREQUENCIES + (<usize>load<u8>(LITERALS) << 2)) == count) {
    to = writeLiteralHead(to, 1, count);
    store<u8>(to, load<u8>(LITERALS));
    return to + 1;
  }
  if (count >= 32) {
    const end = writeCoded(to, count);
    if (end != 0 && <u32>(end - to) < count) return end;
  }
  to = writeLiteralHead(to, 0, count);
  memory.copy(to, LITERALS, count);
  return to + count;
}

function writeLiteralHead(to: usize, kind: u32, count: u32): usize {
  if (count < 32) {
    store<u8>(to, kind | (count << 3));
    return to + 1;
  }
  const format: u32 = count < 4096 ? 1 : 3;
  store<u32>(to, kind | (format << 2) | (count << 4));
  return to + (format == 1 ? 2 : 3);
}

/** Huffman coded literals with their tree; 0 when that is not worth it. */
function writeCoded(to: usize, count: u32): usize {
  const width: u32 = count < 1024 ? 10 : count < 16384 ? 14 : 18;
  const head: usize = width == 10 ? 3 : width == 14 ? 4 : 5;
  const last = makeCodes();
  let total: u32 = 0;
  for (let i: u32 = 0; i < 256; i++) total += load<u32>(FREQUENCIES + (i << 2)) * load<u8>(LENGTHS + i);
  if (total > 8 * (count - 16)) return 0;
  let end = writeTree(to + head, last);
  if (end == 0) return 0;
  const single = count < 256;
  if (single) end = writeStream(LITERALS, LITERALS + count, end);
  else {
    const jumps = end;
    end += 6;
    const part = (count + 3) >> 2;
    for (let i: u32 = 0; i < 4; i++) {
      const start = end;
      end = writeStream(LITERALS + i * part, LITERALS + min(count, (i + 1) * part), start);
      if (i < 3) store<u16>(jumps + 2 * i, <u16>(end - start));
    }
  }
  const stored = <u32>(end - to - head);
  if (stored >= 1 << width) return 0;
  const format: u64 = single ? 0 : width == 10 ? 1 : width == 14 ? 2 : 3;
  const value: u64 = 2 | (format << 2) | (<u64>count << 4) | (<u64>stored << (4 + width));
  for (let i: usize = 0; i < head; i++) store<u8>(to + i, <u32>(value >> (8 * i)));
  return end;
}

/** Lengths, codes and weights of the literals; gives the last symbol that occurs. */
function makeCodes(): u32 {
  let n: u32 = 0;
  for (let i: u32 = 0; i < 256; i++) {
    const frequency = load<u32>(FREQUENCIES + (i << 2));
    if (frequency == 0) continue;
    store<u16>(LEAVES + (n << 1), <u16>i);
    store<u32>(LEAF_WEIGHTS + (n++ << 2), frequency);
  }
  while (makeDepths(n) > MAX_CODE_BITS) {
    for (let i: u32 = 0; i < n; i++) {
      const weight = LEAF_WEIGHTS + (i << 2);
      store<u32>(weight, 1 + (load<u32>(weight) >> 1));
    }
  }
  memory.fill(LENGTHS, 0, 256);
  let log: u32 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const length = <u32>load<u8>(DEPTHS + i);
    store<u8>(LENGTHS + load<u16>(LEAVES + (i << 1)), length);
    if (length > log) log = length;
  }
  let code: u32 = 0;
  for (let length = log; length >= 1; length--) {
    for (let i: u32 = 0; i < 256; i++) {
      if (load<u8>(LENGTHS + i) != length) continue;
      store<u16>(CODES + (i << 1), <u16>(code >> (log - length)));
      code += 1 << (log - length);
    }
  }
  let last: u32 = 255;
  while (load<u8>(LENGTHS + last) == 0) last--;
  for (let i: u32 = 0; i < last; i++) {
    const length = <u32>load<u8>(LENGTHS + i);
    store<u8>(WEIGHTS + i, length ? log + 1 - length : 0);
  }
  return last;
}

/** Depths of the Huffman tree over the leaves, sorted by weight in place; gives the largest. */
function makeDepths(n: u32): u32 {
  for (let i: u32 = 1; i < n; i++) {
    const weight = load<u32>(LEAF_WEIGHTS + (i << 2));
    const leaf = load<u16>(LEAVES + (i << 1));
    let k = i;
    for (; k > 0 && load<u32>(LEAF_WEIGHTS + ((k - 1) << 2)) > weight; k--) {
      store<u32>(LEAF_WEIGHTS + (k << 2), load<u32>(LEAF_WEIGHTS + ((k - 1) << 2)));
      store<u16>(LEAVES + (k << 1), load<u16>(LEAVES + ((k - 1) << 1)));
    }
    store<u32>(LEAF_WEIGHTS + (k << 2), weight);
    store<u16>(LEAVES + (k << 1), leaf);
  }
  let leaf: u32 = 0;
  let inner: u32 = n;
  for (let node = n; node < 2 * n - 1; node++) {
    let sum: u32 = 0;
    for (let side = 0; side < 2; side++) {
      const useLeaf =
        leaf < n && (inner >= node || load<u32>(LEAF_WEIGHTS + (leaf << 2)) <= load<u32>(NODES + (inner << 2)));
      const child = useLeaf ? leaf++ : inner++;
      sum += useLeaf ? load<u32>(LEAF_WEIGHTS + (child << 2)) : load<u32>(NODES + (child << 2));
      store<u16>(PARENTS + (child << 1), <u16>node);
    }
    store<u32>(NODES + (node << 2), sum);
  }
  let deepest: u32 = 0;
  store<u8>(DEPTHS + 2 * n - 2, 0);
  for (let node: i32 = 2 * n - 3; node >= 0; node--) {
    const parent = <u32>load<u16>(PARENTS + (<usize>node << 1));
    const level = <u32>load<u8>(DEPTHS + parent) + 1;
    store<u8>(DEPTHS + node, level);
    if (level > deepest) deepest = level;
  }
  return deepest;
}

/** The tree's description; 0 when there is none. */
function writeTree(to: usize, count: u32): usize {
  const compressed = writeWeights(to + 1, count);
  if (compressed != 0) {
    const size = <u32>(compressed - to - 1);
    if (size < 128 && (size < (count + 1) >> 1 || count > 128)) {
      store<u8>(to, size);
      return compressed;
    }
  }
  if (count > 128) return 0;
  store<u8>(to++, 127 + count);
  store<u8>(WEIGHTS + count, 0);
  for (let i: u32 = 0; i < count; i += 2) {
    store<u8>(to++, (<u32>load<u8>(WEIGHTS + i) << 4) | load<u8>(WEIGHTS + i + 1));
  }
  return to;
}

/** Weights by two interleaved states; 0 when they are too few or all alike. */
function writeWeights(to: usize, count: u32): usize {
  if (count < 2) return 0;
  memory.fill(FREQUENCIES, 0, 64);
  for (let i: u32 = 0; i < count; i++) {
    const entry = FREQUENCIES + (<usize>load<u8>(WEIGHTS + i) << 2);
    store<u32>(entry, load<u32>(entry) + 1);
  }
  let alphabet: u32 = 13;
  while (load<u32>(FREQUENCIES + ((alphabet - 1) << 2)) == 0) alphabet--;
  if (load<u32>(FREQUENCIES + (<usize>load<u8>(WEIGHTS) << 2)) == count) return 0;
  const log = accuracyLog(count, alphabet, 6);
  normalize(alphabet, count, log);
  const body = writeDistribution(to, log);
  makeTable(WEIGHT_TABLE, COUNTS, alphabet, log);
  startBits(body);
  let one: u32 = 0;
  let two: u32 = 0;
  for (let i: i32 = count - 1; i >= 0; i--) {
    const weight = <u32>load<u8>(WEIGHTS + i);
    if (i & 1) two = two ? advance(WEIGHT_TABLE, two, weight) : firstState(WEIGHT_TABLE, weight);
    else one = one ? advance(WEIGHT_TABLE, one, weight) : firstState(WEIGHT_TABLE, weight);
    flush();
  }
  put(two & ((1 << log) - 1), log);
  put(one & ((1 << log) - 1), log);
  return endBits(true);
}

function writeStream(from: usize, to: usize, output: usize): usize {
  startBits(output);
  let i = to;
  while (i > from) {
    for (let n = 0; n < 4 && i > from; n++) {
      const byte = <usize>load<u8>(--i);
      put(load<u16>(CODES + (byte << 1)), load<u8>(LENGTHS + byte));
    }
    flush();
  }
  return endBits(true);
}

function accuracyLog(total: u32, alphabet: u32, maxLog: u32): u32 {
  const enoughBits = 32 - <u32>clz(max<u32>(1, alphabet - 1));
  const sensible = 31 - <u32>clz(max<u32>(2, total)) - 1;
  return min(maxLog, max<u32>(5, max(sensible, enoughBits)));
}

/** Frequencies scaled into COUNTS. */
function normalize(alphabet: u32, total: u32, log: u32): void {
  const size: u32 = 1 << log;
  let left: i32 = size;
  for (let i: u32 = 0; i < alphabet; i++) {
    const frequency = load<u32>(FREQUENCIES + (i << 2));
    const count = frequency == 0 ? 0 : max<u32>(1, <u32>((<u64>frequency * size) / total));
    store<i16>(COUNTS + (i << 1), <i16>count);
    left -= count;
  }
  while (left != 0) {
    let largest: u32 = 0;
    for (let i: u32 = 1; i < alphabet; i++) {
      if (load<i16>(COUNTS + (i << 1)) > load<i16>(COUNTS + (largest << 1))) largest = i;
    }
    const change = left > 0 ? left : -1;
    const entry = COUNTS + (largest << 1);
    store<i16>(entry, <i16>(load<i16>(entry) + change));
    left -= change;
  }
}

/** Writes the distribution in COUNTS; gives the position behind. */
function writeDistribution(to: usize, log: u32): usize {
  startBits(to);
  put(log - 5, 4);
  let remaining: i32 = 1 << log;
  for (let i: u32 = 0; remaining > 0; ) {
    const count = <i32>load<i16>(COUNTS + (i++ << 1));
    const width = 32 - <u32>clz(remaining + 1);
    const short = (1 << width) - 1 - (remaining + 1);
    const value = count + 1;
    if (value < short) put(value, width - 1);
    else put(value < 1 << (width - 1) ? value : value + short, width);
    remaining -= count;
    flush();
    if (count != 0) continue;
    let zeros: u32 = 0;
    while (load<i16>(COUNTS + ((i + zeros) << 1)) == 0) zeros++;
    i += zeros;
    for (; zeros >= 3; zeros -= 3) {
      put(3, 2);
      flush();
    }
    put(zeros, 2);
    flush();
  }
  return endBits(false);
}

function makeTable(table: usize, counts: usize, alphabet: u32, log: u32): void {
  const size: u32 = 1 << log;
  let high = size - 1;
  for (let i: u32 = 0; i < alphabet; i++) if (load<i16>(counts + (i << 1)) == -1) store<u8>(SPREAD + high--, i);
  const step = (size >> 1) + (size >> 3) + 3;
  let position: u32 = 0;
  let start: u32 = 0;
  for (let i: u32 = 0; i < alphabet; i++) {
    const signed = <i32>load<i16>(counts + (i << 1));
    for (let k = 0; k < signed; k++) {
      store<u8>(SPREAD + position, i);
      do position = (position + step) & (size - 1);
      while (position > high);
    }
    const count = <u32>(signed < 0 ? 1 : signed);
    const most = count < 2 ? log : log - (31 - <u32>clz(count - 1));
    store<i32>(table + 1024 + (i << 2), (most << 16) - (count < 2 ? size : count << most));
    store<i32>(table + 1280 + (i << 2), start - count);
    store<u32>(STARTS + (i << 2), start);
    start += count;
  }
  for (let state: u32 = 0; state < size; state++) {
    const entry = STARTS + (<usize>load<u8>(SPREAD + state) << 2);
    const place = load<u32>(entry);
    store<u32>(entry, place + 1);
    store<u16>(table + (place << 1), <u16>(size + state));
  }
}

/** The table of one symbol, which takes no bits. */
function makeSingle(table: usize, symbol: u32): void {
  store<u16>(table, 1);
  store<i32>(table + 1024 + (symbol << 2), -1);
  store<i32>(table + 1280 + (symbol << 2), -1);
}

/** The state that the last symbol starts with. */
function firstState(table: usize, symbol: u32): u32 {
  const delta = load<i32>(table + 1024 + (symbol << 2));
  const count = (delta + 0x8000) >> 16;
  const place = (((count << 16) - delta) >> count) + load<i32>(table + 1280 + (symbol << 2));
  return load<u16>(table + (<usize>place << 1));
}

/** Writes the bits of a state and moves to the next. */
// @ts-ignore: decorator
@inline
function advance(table: usize, state: u32, symbol: u32): u32 {
  const count = (<i32>state + load<i32>(table + 1024 + (symbol << 2))) >> 16;
  put(state & ((1 << count) - 1), count);
  const place = <i32>(state >> count) + load<i32>(table + 1280 + (symbol << 2));
  return load<u16>(table + (<usize>place << 1));
}

/** The log of the table that was chosen last. */
let chosenLog: u32 = 0;
let tablesEnd: usize = 0;

/** Chooses how a kind of code is written, writes the table's description at `tablesEnd`; gives the mode. */
function choose(codes: usize, alphabetMax: u32, maxLog: u32, standard: usize, standardSize: u32, standardLog: u32, table: usize): u32 {
  const count = sequenceCount;
  memory.fill(FREQUENCIES, 0, 256);
  for (let i: u32 = 0; i < count; i++) {
    const entry = FREQUENCIES + (<usize>load<u8>(codes + i) << 2);
    store<u32>(entry, load<u32>(entry) + 1);
  }
  let alphabet = alphabetMax;
  while (load<u32>(FREQUENCIES + ((alphabet - 1) << 2)) == 0) alphabet--;
  const first = <u32>load<u8>(codes);
  if (load<u32>(FREQUENCIES + (first << 2)) == count) {
    makeSingle(table, first);
    chosenLog = 0;
    store<u8>(tablesEnd++, first);
    return 1;
  }
  const log = accuracyLog(count, alphabet, maxLog);
  normalize(alphabet, count, log);
  const described = cost(COUNTS, alphabet, log) + <f32>(alphabet * 5);
  if (alphabet <= standardSize && cost(standard, alphabet, standardLog) <= described) {
    makeTable(table, standard, standardSize, standardLog);
    chosenLog = standardLog;
    return 0;
  }
  makeTable(table, COUNTS, alphabet, log);
  chosenLog = log;
  tablesEnd = writeDistribution(tablesEnd, log);
  return 2;
}

/** log2 to about a hundredth: exponent, and a parabola for the mantissa. */
function log2(x: f32): f32 {
  const word = reinterpret<u32>(x);
  const mantissa = reinterpret<f32>((word & 0x7fffff) | 0x3f800000);
  return <f32>(<i32>(word >> 23) - 128) + (-0.344845 * mantissa + 2.024658) * mantissa - 0.674878;
}

/** Bits that the symbols take by a distribution. */
function cost(counts: usize, alphabet: u32, log: u32): f32 {
  let total: f32 = 0;
  for (let i: u32 = 0; i < alphabet; i++) {
    const frequency = load<u32>(FREQUENCIES + (i << 2));
    if (frequency == 0) continue;
    const count = max<i32>(1, load<i16>(counts + (i << 1)));
    total += <f32>frequency * (<f32>log - log2(<f32>count));
  }
  return total;
}

function writeSequences(to: usize): usize {
  const count = sequenceCount;
  if (count < 128) store<u8>(to++, count);
  else if (count < 0x7f00) {
    store<u8>(to++, (count >> 8) + 128);
    store<u8>(to++, count);
  } else {
    store<u8>(to++, 255);
    store<u16>(to, <u16>(count - 0x7f00));
    to += 2;
  }
  if (count == 0) return to;
  for (let i: u32 = 0; i < count; i++) {
    const literals = load<u32>(LITERAL_LENGTHS + (i << 2));
    const match = load<u32>(MATCH_LENGTHS + (i << 2));
    store<u8>(LL_CODES + i, literals < 128 ? load<u8>(LL_SMALL + literals) : 19 + 31 - <u32>clz(literals));
    store<u8>(ML_CODES + i, match < 131 ? load<u8>(ML_SMALL + match) : 36 + 31 - <u32>clz(match - 3));
    store<u8>(OF_CODES + i, 31 - <u32>clz(load<u32>(OFFSETS + (i << 2))));
  }
  const modes = to;
  tablesEnd = to + 1;
  const ll = choose(LL_CODES, 36, 9, LL_DEFAULT, 36, 6, LL_TABLE);
  const llLog = chosenLog;
  const os = choose(OF_CODES, 32, 8, OF_DEFAULT, 29, 5, OF_TABLE);
  const ofLog = chosenLog;
  const ml = choose(ML_CODES, 53, 9, ML_DEFAULT, 53, 6, ML_TABLE);
  store<u8>(modes, (ll << 6) | (os << 4) | (ml << 2));
  return writeSequenceBits(tablesEnd, llLog, ofLog, chosenLog);
}

function writeSequenceBits(to: usize, llLog: u32, ofLog: u32, mlLog: u32): usize {
  startBits(to);
  const last = sequenceCount - 1;
  let match = firstState(ML_TABLE, load<u8>(ML_CODES + last));
  let offset = firstState(OF_TABLE, load<u8>(OF_CODES + last));
  let literal = firstState(LL_TABLE, load<u8>(LL_CODES + last));
  for (let i: i32 = last; i >= 0; i--) {
    const ll = <u32>load<u8>(LL_CODES + i);
    const ml = <u32>load<u8>(ML_CODES + i);
    const os = <u32>load<u8>(OF_CODES + i);
    if (i < <i32>last) {
      offset = advance(OF_TABLE, offset, os);
      match = advance(ML_TABLE, match, ml);
      literal = advance(LL_TABLE, literal, ll);
      flush();
    }
    const n = <usize>i << 2;
    put(load<u32>(LITERAL_LENGTHS + n) - load<u32>(LL_BASES + (ll << 2)), load<u8>(LL_BITS + ll));
    put(load<u32>(MATCH_LENGTHS + n) - load<u32>(ML_BASES + (ml << 2)), load<u8>(ML_BITS + ml));
    flush();
    put(load<u32>(OFFSETS + n) - (1 << os), os);
    flush();
  }
  put(match & ((1 << mlLog) - 1), mlLog);
  put(offset & ((1 << ofLog) - 1), ofLog);
  put(literal & ((1 << llLog) - 1), llLog);
  return endBits(true);
}
