/**
 * LZ4 blocks, and the transposes by bytes and by bits: the twins of src/kernels/lz4.ts, shuffle.ts and bitshuffle.ts,
 * compiled to WebAssembly by scripts/build-kernels.ts.
 *
 * Behind every input and output there are 64 bytes that may be read, and behind outputs written.
 */

/** Where memory is free. */
export function heap(): usize {
  return __heap_base;
}

const TRUNCATED: i32 = -1;
const TOO_MUCH: i32 = -2;
const BAD_DISTANCE: i32 = -3;

/** Decodes the block `[i, end)` to `[at, limit)`; gives the bytes written, or an error below 0. */
export function lz4Decode(i: usize, end: usize, at: usize, limit: usize): i32 {
  const base = at;
  while (i < end) {
    const token = <u32>load<u8>(i++);
    let length: usize = token >> 4;
    if (length == 15) {
      let more: usize;
      do {
        if (i >= end) return TRUNCATED;
        more = load<u8>(i++);
        length += more;
      } while (more == 255);
    }
    if (length > end - i) return TRUNCATED;
    if (length > limit - at) return TOO_MUCH;
    for (let done: usize = 0; done < length; done += 16) v128.store(at + done, v128.load(i + done));
    at += length;
    i += length;
    if (i == end) return <i32>(at - base);
    if (i + 2 > end) return TRUNCATED;
    const distance = <usize>load<u16>(i);
    i += 2;
    length = (token & 15) + 4;
    if (length == 19) {
      let more: usize;
      do {
        if (i >= end) return TRUNCATED;
        more = load<u8>(i++);
        length += more;
      } while (more == 255);
    }
    if (distance == 0 || distance > at - base) return BAD_DISTANCE;
    if (length > limit - at) return TOO_MUCH;
    copy(at, distance, length);
    at += length;
  }
  return TRUNCATED;
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
  } else if (distance == 4) {
    const run = i32x4.splat(load<u32>(from));
    do {
      v128.store(at, run);
      at += 16;
    } while (at < end);
  } else {
    do store<u8>(at++, load<u8>(from++));
    while (at < end);
  }
}

const HASH_BITS: u32 = 14;
const HASHES: usize = memory.data(4 << 14);

/** By five bytes: matches of four are hardly shorter than what tells them. */
// @ts-ignore: decorator
@inline
function slot(i: usize): usize {
  return HASHES + (<usize>(((load<u64>(i) << 24) * 889523592379) >> (64 - HASH_BITS)) << 2);
}

/** Encodes `[start, end)` to `at`, where there is room for the bound; gives the bytes written. */
export function lz4Encode(start: usize, end: usize, at: usize): i32 {
  const base = at;
  memory.fill(HASHES, 0, 4 << HASH_BITS);
  let anchor = start;
  let misses: u32 = 0;
  for (let i = start; i + 12 <= end; ) {
    const word = load<u32>(i);
    const hash = slot(i);
    let from: usize = load<u32>(hash);
    store<u32>(hash, <u32>i);
    if (from < start || i - from > 0xffff || load<u32>(from) != word) {
      i += 1 + (misses++ >> 6);
      continue;
    }
    misses = 0;
    while (i > anchor && from > start && load<u8>(i - 1) == load<u8>(from - 1)) {
      i--;
      from--;
    }
    const next = i + matchLength(i, from, end - 5);
    at = sequence(anchor, i, at, <u32>(next - i - 4));
    store<u16>(at, <u16>(i - from));
    at = lengthBytes(at + 2, <u32>(next - i - 4));
    i = anchor = next;
    if (i + 12 <= end) store<u32>(slot(i - 2), <u32>(i - 2));
  }
  return <i32>(sequence(anchor, end, at, 0) - base);
}

/** Bytes that are alike from two places on, up to `limit`; the first four are. */
function matchLength(i: usize, from: usize, limit: usize): usize {
  const start = i;
  i += 4;
  from += 4;
  while (i + 8 <= limit) {
    const difference = load<u64>(i) ^ load<u64>(from);
    if (difference != 0) return i + (<usize>ctz(difference) >> 3) - start;
    i += 8;
    from += 8;
  }
  while (i < limit && load<u8>(i) == load<u8>(from)) {
    i++;
    from++;
  }
  return i - start;
}

/** Writes a token and the literals `[from, to)`. */
function sequence(from: usize, to: usize, at: usize, match: u32): usize {
  const count = <u32>(to - from);
  store<u8>(at++, (min<u32>(count, 15) << 4) | min<u32>(match, 15));
  at = lengthBytes(at, count);
  memory.copy(at, from, count);
  return at + count;
}

function lengthBytes(at: usize, length: u32): usize {
  if (length < 15) return at;
  for (length -= 15; length >= 255; length -= 255) store<u8>(at++, 255);
  store<u8>(at++, length);
  return at;
}

/** Undoes a byte shuffle of `count` elements of `width` bytes. */
export function unshuffle(input: usize, output: usize, count: usize, width: usize): void {
  let done: usize = 0;
  if (width == 2) done = unshuffle2(input, output, count);
  else if (width == 4) done = unshuffle4(input, output, count);
  else if (width % 8 == 0) {
    for (let byte: usize = 0; byte < width; byte += 8) done = unshuffle8(input + byte * count, output + byte, count, width);
  }
  for (let byte: usize = 0; byte < width; byte++) {
    const plane = input + byte * count;
    for (let i = done; i < count; i++) store<u8>(output + i * width + byte, load<u8>(plane + i));
  }
}

/** Shuffles the bytes of `count` elements of `width` bytes. */
export function shuffle(input: usize, output: usize, count: usize, width: usize): void {
  let done: usize = 0;
  if (width == 2) done = shuffle2(input, output, count);
  else if (width == 4) done = shuffle4(input, output, count);
  else if (width % 8 == 0) {
    for (let byte: usize = 0; byte < width; byte += 8) done = shuffle8(input + byte, output + byte * count, count, width);
  }
  for (let byte: usize = 0; byte < width; byte++) {
    const plane = output + byte * count;
    for (let i = done; i < count; i++) store<u8>(plane + i, load<u8>(input + i * width + byte));
  }
}

// @ts-ignore: decorator
@inline
function low8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function high8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// @ts-ignore: decorator
@inline
function low16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function high16(a: v128, b: v128): v128 {
  return i16x8.shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// @ts-ignore: decorator
@inline
function even8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}

// @ts-ignore: decorator
@inline
function odd8(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

function unshuffle2(input: usize, output: usize, count: usize): usize {
  const end = count & ~15;
  for (let i: usize = 0; i < end; i += 16) {
    const a = v128.load(input + i);
    const b = v128.load(input + count + i);
    v128.store(output + 2 * i, low8(a, b));
    v128.store(output + 2 * i, high8(a, b), 16);
  }
  return end;
}

function shuffle2(input: usize, output: usize, count: usize): usize {
  const end = count & ~15;
  for (let i: usize = 0; i < end; i += 16) {
    const a = v128.load(input + 2 * i);
    const b = v128.load(input + 2 * i, 16);
    v128.store(output + i, even8(a, b));
    v128.store(output + count + i, odd8(a, b));
  }
  return end;
}

function unshuffle4(input: usize, output: usize, count: usize): usize {
  const end = count & ~15;
  for (let i: usize = 0; i < end; i += 16) {
    const a = v128.load(input + i);
    const b = v128.load(input + count + i);
    const c = v128.load(input + 2 * count + i);
    const d = v128.load(input + 3 * count + i);
    const o = output + 4 * i;
    v128.store(o, low16(low8(a, b), low8(c, d)));
    v128.store(o, high16(low8(a, b), low8(c, d)), 16);
    v128.store(o, low16(high8(a, b), high8(c, d)), 32);
    v128.store(o, high16(high8(a, b), high8(c, d)), 48);
  }
  return end;
}

function shuffle4(input: usize, output: usize, count: usize): usize {
  const end = count & ~15;
  for (let i: usize = 0; i < end; i += 16) {
    const a = v128.load(input + 4 * i);
    const b = v128.load(input + 4 * i, 16);
    const c = v128.load(input + 4 * i, 32);
    const d = v128.load(input + 4 * i, 48);
    const even = even8(a, b);
    const odd = odd8(a, b);
    const even2 = even8(c, d);
    const odd2 = odd8(c, d);
    v128.store(output + i, even8(even, even2));
    v128.store(output + count + i, even8(odd, odd2));
    v128.store(output + 2 * count + i, odd8(even, even2));
    v128.store(output + 3 * count + i, odd8(odd, odd2));
  }
  return end;
}

/** Eight rows of 16 bytes, to be transposed. */
let r0: v128 = i8x16.splat(0);
let r1: v128 = i8x16.splat(0);
let r2: v128 = i8x16.splat(0);
let r3: v128 = i8x16.splat(0);
let r4: v128 = i8x16.splat(0);
let r5: v128 = i8x16.splat(0);
let r6: v128 = i8x16.splat(0);
let r7: v128 = i8x16.splat(0);

/** Loads the rows from addresses `step` apart. */
// @ts-ignore: decorator
@inline
function loadRows(at: usize, step: usize): void {
  r0 = v128.load(at);
  r1 = v128.load(at + step);
  r2 = v128.load(at + 2 * step);
  r3 = v128.load(at + 3 * step);
  r4 = v128.load(at + 4 * step);
  r5 = v128.load(at + 5 * step);
  r6 = v128.load(at + 6 * step);
  r7 = v128.load(at + 7 * step);
}

/** Stores the rows at addresses `step` apart. */
// @ts-ignore: decorator
@inline
function storeRows(at: usize, step: usize): void {
  v128.store(at, r0);
  v128.store(at + step, r1);
  v128.store(at + 2 * step, r2);
  v128.store(at + 3 * step, r3);
  v128.store(at + 4 * step, r4);
  v128.store(at + 5 * step, r5);
  v128.store(at + 6 * step, r6);
  v128.store(at + 7 * step, r7);
}

/** Rows of 16 bytes become 16 columns of 8 bytes, two in each. */
// @ts-ignore: decorator
@inline
function interleave(): void {
  const a = low16(low8(r0, r1), low8(r2, r3));
  const b = high16(low8(r0, r1), low8(r2, r3));
  const c = low16(high8(r0, r1), high8(r2, r3));
  const d = high16(high8(r0, r1), high8(r2, r3));
  const e = low16(low8(r4, r5), low8(r6, r7));
  const f = high16(low8(r4, r5), low8(r6, r7));
  const g = low16(high8(r4, r5), high8(r6, r7));
  const h = high16(high8(r4, r5), high8(r6, r7));
  r0 = i32x4.shuffle(a, e, 0, 4, 1, 5);
  r1 = i32x4.shuffle(a, e, 2, 6, 3, 7);
  r2 = i32x4.shuffle(b, f, 0, 4, 1, 5);
  r3 = i32x4.shuffle(b, f, 2, 6, 3, 7);
  r4 = i32x4.shuffle(c, g, 0, 4, 1, 5);
  r5 = i32x4.shuffle(c, g, 2, 6, 3, 7);
  r6 = i32x4.shuffle(d, h, 0, 4, 1, 5);
  r7 = i32x4.shuffle(d, h, 2, 6, 3, 7);
}

/** Undoes {@link interleave}. */
// @ts-ignore: decorator
@inline
function deinterleave(): void {
  const e0 = even8(r0, r1);
  const e1 = even8(r2, r3);
  const e2 = even8(r4, r5);
  const e3 = even8(r6, r7);
  const o0 = odd8(r0, r1);
  const o1 = odd8(r2, r3);
  const o2 = odd8(r4, r5);
  const o3 = odd8(r6, r7);
  const ee0 = even8(e0, e1);
  const ee1 = even8(e2, e3);
  const eo0 = odd8(e0, e1);
  const eo1 = odd8(e2, e3);
  const oe0 = even8(o0, o1);
  const oe1 = even8(o2, o3);
  const oo0 = odd8(o0, o1);
  const oo1 = odd8(o2, o3);
  r0 = even8(ee0, ee1);
  r4 = odd8(ee0, ee1);
  r2 = even8(eo0, eo1);
  r6 = odd8(eo0, eo1);
  r1 = even8(oe0, oe1);
  r5 = odd8(oe0, oe1);
  r3 = even8(oo0, oo1);
  r7 = odd8(oo0, oo1);
}

function unshuffle8(input: usize, output: usize, count: usize, width: usize): usize {
  const end = count & ~15;
  for (let i: usize = 0; i < end; i += 16) {
    loadRows(input + i, count);
    interleave();
    let o = output + width * i;
    if (width == 8) {
      storeRows(o, 16);
      continue;
    }
    storePair(r0, o, width);
    storePair(r1, (o += 2 * width), width);
    storePair(r2, (o += 2 * width), width);
    storePair(r3, (o += 2 * width), width);
    storePair(r4, (o += 2 * width), width);
    storePair(r5, (o += 2 * width), width);
    storePair(r6, (o += 2 * width), width);
    storePair(r7, o + 2 * width, width);
  }
  return end;
}

// @ts-ignore: decorator
@inline
function storePair(pair: v128, at: usize, width: usize): void {
  v128.store_lane<u64>(at, pair, 0);
  v128.store_lane<u64>(at + width, pair, 1);
}

// @ts-ignore: decorator
@inline
function loadPair(at: usize, width: usize): v128 {
  return v128.load_lane<u64>(at + width, v128.load_zero<u64>(at), 1);
}

function shuffle8(input: usize, output: usize, count: usize, width: usize): usize {
  const end = count & ~15;
  for (let i: usize = 0; i < end; i += 16) {
    let from = input + width * i;
    if (width == 8) loadRows(from, 16);
    else {
      r0 = loadPair(from, width);
      r1 = loadPair((from += 2 * width), width);
      r2 = loadPair((from += 2 * width), width);
      r3 = loadPair((from += 2 * width), width);
      r4 = loadPair((from += 2 * width), width);
      r5 = loadPair((from += 2 * width), width);
      r6 = loadPair((from += 2 * width), width);
      r7 = loadPair(from + 2 * width, width);
    }
    deinterleave();
    storeRows(output + i, count);
  }
  return end;
}

/** Transposes 8 x 8 bits in each byte column of the rows: its own inverse. */
// @ts-ignore: decorator
@inline
function transposeBits(): void {
  let t: v128;
  let mask = i8x16.splat(0x0f);
  t = v128.and(v128.xor(i8x16.shr_u(r0, 4), r4), mask);
  r4 = v128.xor(r4, t);
  r0 = v128.xor(r0, i8x16.shl(t, 4));
  t = v128.and(v128.xor(i8x16.shr_u(r1, 4), r5), mask);
  r5 = v128.xor(r5, t);
  r1 = v128.xor(r1, i8x16.shl(t, 4));
  t = v128.and(v128.xor(i8x16.shr_u(r2, 4), r6), mask);
  r6 = v128.xor(r6, t);
  r2 = v128.xor(r2, i8x16.shl(t, 4));
  t = v128.and(v128.xor(i8x16.shr_u(r3, 4), r7), mask);
  r7 = v128.xor(r7, t);
  r3 = v128.xor(r3, i8x16.shl(t, 4));
  mask = i8x16.splat(0x33);
  t = v128.and(v128.xor(i8x16.shr_u(r0, 2), r2), mask);
  r2 = v128.xor(r2, t);
  r0 = v128.xor(r0, i8x16.shl(t, 2));
  t = v128.and(v128.xor(i8x16.shr_u(r1, 2), r3), mask);
  r3 = v128.xor(r3, t);
  r1 = v128.xor(r1, i8x16.shl(t, 2));
  t = v128.and(v128.xor(i8x16.shr_u(r4, 2), r6), mask);
  r6 = v128.xor(r6, t);
  r4 = v128.xor(r4, i8x16.shl(t, 2));
  t = v128.and(v128.xor(i8x16.shr_u(r5, 2), r7), mask);
  r7 = v128.xor(r7, t);
  r5 = v128.xor(r5, i8x16.shl(t, 2));
  mask = i8x16.splat(0x55);
  t = v128.and(v128.xor(i8x16.shr_u(r0, 1), r1), mask);
  r1 = v128.xor(r1, t);
  r0 = v128.xor(r0, i8x16.shl(t, 1));
  t = v128.and(v128.xor(i8x16.shr_u(r2, 1), r3), mask);
  r3 = v128.xor(r3, t);
  r2 = v128.xor(r2, i8x16.shl(t, 1));
  t = v128.and(v128.xor(i8x16.shr_u(r4, 1), r5), mask);
  r5 = v128.xor(r5, t);
  r4 = v128.xor(r4, i8x16.shl(t, 1));
  t = v128.and(v128.xor(i8x16.shr_u(r6, 1), r7), mask);
  r7 = v128.xor(r7, t);
  r6 = v128.xor(r6, i8x16.shl(t, 1));
}

/** Transposes 8 x 8 bits of a word. */
function transposeWord(x: u64): u64 {
  let t = (x ^ (x >> 7)) & 0x00aa00aa00aa00aa;
  x ^= t ^ (t << 7);
  t = (x ^ (x >> 14)) & 0x0000cccc0000cccc;
  x ^= t ^ (t << 14);
  t = (x ^ (x >> 28)) & 0x00000000f0f0f0f0;
  return x ^ t ^ (t << 28);
}

/**
 * Undoes a bit shuffle of `count` elements of `width` bytes, `count` a multiple of 8; `scratch` has room for them where
 * `width` is not 1.
 */
export function bitunshuffle(input: usize, scratch: usize, output: usize, count: usize, width: usize): void {
  const row = count >> 3;
  const planes = width == 1 ? output : scratch;
  for (let byte: usize = 0; byte < width; byte++) {
    const from = input + byte * count;
    const to = planes + byte * count;
    let g: usize = 0;
    for (; g + 16 <= row; g += 16) {
      loadRows(from + g, row);
      transposeBits();
      interleave();
      storeRows(to + 8 * g, 16);
    }
    for (; g < row; g++) {
      let x: u64 = 0;
      for (let k: usize = 0; k < 8; k++) x |= (<u64>load<u8>(from + k * row + g)) << (8 * k);
      store<u64>(to + 8 * g, transposeWord(x));
    }
  }
  if (width > 1) unshuffle(scratch, output, count, width);
}

/** Shuffles the bits of `count` elements of `width` bytes; see {@link bitunshuffle}. */
export function bitshuffle(input: usize, scratch: usize, output: usize, count: usize, width: usize): void {
  const row = count >> 3;
  const planes = width == 1 ? input : scratch;
  if (width > 1) shuffle(input, scratch, count, width);
  for (let byte: usize = 0; byte < width; byte++) {
    const from = planes + byte * count;
    const to = output + byte * count;
    let g: usize = 0;
    for (; g + 16 <= row; g += 16) {
      loadRows(from + 8 * g, 16);
      deinterleave();
      transposeBits();
      storeRows(to + g, row);
    }
    for (; g < row; g++) {
      const x = transposeWord(load<u64>(from + 8 * g));
      for (let k: usize = 0; k < 8; k++) store<u8>(to + k * row + g, <u8>(x >> (8 * k)));
    }
  }
}

/** Decodes the LZF stream `[i, end)` to `[at, limit)`; gives the bytes written, or an error below 0. */
export function lzfDecode(i: usize, end: usize, at: usize, limit: usize): i32 {
  const base = at;
  while (i < end) {
    const control = <u32>load<u8>(i++);
    if (control < 32) {
      const count: usize = control + 1;
      if (count > end - i) return TRUNCATED;
      if (count > limit - at) return TOO_MUCH;
      v128.store(at, v128.load(i));
      v128.store(at, v128.load(i, 16), 16);
      at += count;
      i += count;
      continue;
    }
    let length: usize = control >> 5;
    if (length == 7) {
      if (i >= end) return TRUNCATED;
      length += load<u8>(i++);
    }
    if (i >= end) return TRUNCATED;
    const distance = <usize>(((control & 31) << 8) | load<u8>(i++)) + 1;
    length += 2;
    if (distance > at - base) return BAD_DISTANCE;
    if (length > limit - at) return TOO_MUCH;
    copy(at, distance, length);
    at += length;
  }
  return <i32>(at - base);
}
