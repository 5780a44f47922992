/**
 * Decoding of szip's bit stream: the twin of src/codecs/szip/decode.ts, compiled to WebAssembly by
 * scripts/build-kernels.ts.
 *
 * Behind the input there are 64 bytes of zeros, behind the output 64 bytes and before that room for a scanline of words.
 */

/** Where memory is free. */
export function heap(): usize {
  return __heap_base;
}

/** What went wrong; the messages are in src/kernels/wasm-szip.ts, in this order. */
const TRUNCATED: i32 = -1;
const BAD_RUN: i32 = -2;
const BAD_PAIR: i32 = -3;

const SEGMENT: u32 = 64;
const TO_SEGMENT_END: u32 = 5;
const MAX_EXTENSION: u32 = 90;

let input: usize = 0;
let position: usize = 0;
let bitsEnd: usize = 0;

/** 57 bits or more from the position on, highest first. */
// @ts-ignore: decorator
@inline
function peek(): u64 {
  return bswap<u64>(load<u64>(input + (position >> 3))) << (position & 7);
}

// @ts-ignore: decorator
@inline
function take(count: u32): u32 {
  if (count == 0) return 0;
  const value = <u32>(peek() >> (64 - count));
  position += count;
  return value;
}

/** Zero bits before the next one bit, which is taken too; a large number at the end of the input. */
// @ts-ignore: decorator
@inline
function unary(): u32 {
  const word = peek() >> 7; // 57 bits
  if (word != 0) {
    const zeros = <u32>clz(word) - 7;
    position += zeros + 1;
    return zeros;
  }
  return longUnary();
}

function longUnary(): u32 {
  let zeros: u32 = 0;
  while (position < bitsEnd) {
    const word = peek() >> 7;
    if (word != 0) {
      const more = <u32>clz(word) - 7;
      position += more + 1;
      return zeros + more;
    }
    zeros += 57;
    position += 57;
  }
  position = bitsEnd + 1;
  return 0x7fffffff;
}

/**
 * Decodes `count` samples of `bytes` bytes to `output`; `line` has room for the words of a scanline with its padding.
 * Gives 0, or an error below.
 */
export function decode(
  from: usize,
  length: usize,
  line: usize,
  output: usize,
  count: u32,
  block: u32,
  scanline: u32,
  bits: u32,
  bytes: u32,
  predict: bool,
  bigEndian: bool,
): i32 {
  input = from;
  position = 0;
  bitsEnd = 8 * length;
  const blocks = (scanline + block - 1) / block;
  const max: u32 = (1 << bits) - 1;
  for (let first: u32 = 0; first < count; first += scanline) {
    const status = decodeLine(line, blocks, block, bits, predict);
    if (status < 0) return status;
    if (position > bitsEnd) return TRUNCATED;
    const samples = min(scanline, count - first);
    if (predict) unpredict(line, samples, max);
    emit(line, samples, output + first * bytes, bytes, bigEndian);
  }
  return 0;
}

function decodeLine(line: usize, blocks: u32, block: u32, bits: u32, predict: bool): i32 {
  const idBits: u32 = bits <= 8 ? 3 : bits <= 16 ? 4 : 5;
  const raw: u32 = (1 << idBits) - 1;
  for (let done: u32 = 0; done < blocks; ) {
    if (position > bitsEnd) return TRUNCATED;
    let at = line + ((done * block) << 2);
    const end = at + (block << 2);
    const reference = predict && done == 0;
    const id = take(idBits);
    if (id == 0) {
      const extension = take(1) != 0;
      if (reference) {
        store<u32>(at, take(bits));
        at += 4;
      }
      if (extension) {
        if (!secondExtension(at, end, reference)) return BAD_PAIR;
        done++;
        continue;
      }
      let run = unary() + 1;
      if (run == TO_SEGMENT_END) run = min(blocks - done, SEGMENT - (done % SEGMENT));
      else if (run > TO_SEGMENT_END) run--;
      if (run > blocks - done) return BAD_RUN;
      memory.fill(at, 0, line + (((done + run) * block) << 2) - at);
      done += run;
      continue;
    }
    if (id == raw) {
      for (; at < end; at += 4) store<u32>(at, take(bits));
    } else {
      if (reference) {
        store<u32>(at, take(bits));
        at += 4;
      }
      split(at, end, id - 1);
    }
    done++;
  }
  return 0;
}

function secondExtension(at: usize, end: usize, reference: bool): bool {
  let odd = reference;
  while (at < end) {
    const m = unary();
    if (m > MAX_EXTENSION) return false;
    let sum: u32 = 0;
    while (((sum + 1) * (sum + 2)) / 2 <= m) sum++;
    const second = m - (sum * (sum + 1)) / 2;
    if (!odd) {
      store<u32>(at, sum - second);
      at += 4;
    }
    odd = false;
    store<u32>(at, second);
    at += 4;
  }
  return true;
}

function split(at: usize, end: usize, k: u32): void {
  for (let i = at; i < end; i += 4) store<u32>(i, unary() << k);
  if (k == 0) return;
  for (let i = at; i < end; i += 4) store<u32>(i, load<u32>(i) | take(k));
}

function unpredict(line: usize, samples: u32, max: u32): void {
  let x = <i32>load<u32>(line);
  const top = <i32>max;
  const half = top >> 1;
  const end = line + (samples << 2);
  for (let at = line + 4; at < end; at += 4) {
    const d = load<u32>(at);
    const room = <u32>(x > half ? top - x : x);
    if ((d + 1) >> 1 <= room) x += d & 1 ? -(<i32>((d + 1) >> 1)) : <i32>(d >> 1);
    else x = x > half ? top - <i32>d : <i32>d;
    store<u32>(at, x);
  }
}

function emit(line: usize, samples: u32, output: usize, bytes: u32, bigEndian: bool): void {
  for (let i: u32 = 0; i < samples; i++) {
    const value = load<u32>(line + (i << 2));
    if (bytes == 1) store<u8>(output + i, value);
    else if (bytes == 2) store<u16>(output + (i << 1), bigEndian ? bswap<u16>(<u16>value) : <u16>value);
    else store<u32>(output + (i << 2), bigEndian ? bswap<u32>(value) : value);
  }
}
