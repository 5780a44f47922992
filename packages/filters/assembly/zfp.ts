/**
 * Zfp streams, both ways: the twin of src/codecs/zfp/decode.ts and encode.ts, compiled to WebAssembly by
 * scripts/build-kernels.ts. Blocks are integers of 32 bits (`i32`) or 64 (`i64`).
 *
 * Behind the input there are 64 bytes of zeros, and behind the output 8 KB that may be read or written: a block is that
 * long at most.
 */

/** Where memory is free. */
export function heap(): usize {
  return __heap_base;
}

/** What went wrong. */
const TRUNCATED: i32 = -1;

/** Places of the coefficients in coding order, a byte each; filled in by the caller. */
const ORDER: usize = memory.data(256);
/** A block's values in place, and its coefficients in coding order. */
const VALUES: usize = memory.data(2048, 16);
const CODED: usize = memory.data(2048, 16);
/** Values put by, while it is tried whether others will do. */
const SPARE: usize = memory.data(2048, 16);

export function order(): usize {
  return ORDER;
}

// The field and the mode, as the caller says.
let dims: u32 = 0;
let size: u32 = 0;
let float: bool = false;
let swapped: bool = false;
let reversible: bool = false;
let minBits: u32 = 0;
let maxBits: u32 = 0;
let maxPrecision: u32 = 0;
let minExponent: i32 = 0;
let nx: u32 = 0;
let ny: u32 = 0;
let nz: u32 = 0;
let nw: u32 = 0;

/** Shape of the field, fastest dimension first; dimensions that it lacks are 1. */
export function field(dimensions: u32, x: u32, y: u32, z: u32, w: u32, isFloat: bool, isSwapped: bool): void {
  dims = dimensions;
  size = 1 << (2 * dimensions);
  nx = x;
  ny = y;
  nz = z;
  nw = w;
  float = isFloat;
  swapped = isSwapped;
}

/** How bits are spent on a block. */
export function mode(least: u32, most: u32, precision: u32, exponent: i32, exact: bool): void {
  minBits = least;
  maxBits = most;
  maxPrecision = precision;
  minExponent = exponent;
  reversible = exact;
}

// Bits, least significant first.

let bitsFrom: usize = 0;
let position: usize = 0;

/** 57 bits or more from the position on. */
// @ts-ignore: decorator
@inline
function peek(): u64 {
  return load<u64>(bitsFrom + (position >> 3)) >> (position & 7);
}

/** The next `count` bits, up to 56. */
// @ts-ignore: decorator
@inline
function take(count: u32): u32 {
  const value = <u32>(peek() & (((<u64>1) << count) - 1));
  position += count;
  return value;
}

let writeAt: usize = 0;
let hold: u64 = 0;
let held: u32 = 0;

/** Writes the low `count` bits of `value`, up to 32; the others are zero. */
// @ts-ignore: decorator
@inline
function put(value: u64, count: u32): void {
  hold |= value << held;
  held += count;
  if (held >= 32) {
    store<u32>(writeAt, <u32>hold);
    writeAt += 4;
    hold >>= 32;
    held -= 32;
  }
}

/** Bits written since address `start`. */
// @ts-ignore: decorator
@inline
function written(start: usize): usize {
  return ((writeAt - start) << 3) + held;
}

// What depends on the width of an integer.

// @ts-ignore: decorator
@inline
function exponentBits<T>(): u32 {
  return sizeof<T>() == 4 ? 8 : 11;
}

// @ts-ignore: decorator
@inline
function bias<T>(): i32 {
  return sizeof<T>() == 4 ? 127 : 1023;
}

// @ts-ignore: decorator
@inline
function negabinary<T>(): T {
  return <T>(sizeof<T>() == 4 ? 0xaaaaaaaa : 0xaaaaaaaaaaaaaaaa);
}

/** 2^e, as far as a double goes. */
function power(e: i32): f64 {
  if (e >= -1022) return reinterpret<f64>((<u64>(e + 1023)) << 52);
  return e >= -1074 ? reinterpret<f64>((<u64>1) << (e + 1074)) : 0;
}

// Decoding.

/** Decodes `length` bytes at `input` to the field at `output`; gives 0, or an error below 0. */
export function decode32(input: usize, length: usize, output: usize): i32 {
  return decodeField<i32>(input, length, output);
}

export function decode64(input: usize, length: usize, output: usize): i32 {
  return decodeField<i64>(input, length, output);
}

function decodeField<T>(input: usize, length: usize, output: usize): i32 {
  bitsFrom = input;
  position = 0;
  const end = length << 3;
  for (let w: u32 = 0; w < nw; w += 4) {
    for (let z: u32 = 0; z < nz; z += 4) {
      for (let y: u32 = 0; y < ny; y += 4) {
        for (let x: u32 = 0; x < nx; x += 4) {
          decodeBlock<T>();
          if (position > end) return TRUNCATED;
          place<T>(output, x, y, z, w);
        }
      }
    }
  }
  return 0;
}

function decodeBlock<T>(): void {
  const start = position;
  if (reversible) decodeExact<T>();
  else if (!float) decodeIntegers<T>(maxBits, maxPrecision);
  else if (take(1) == 0) memory.fill(VALUES, 0, size * sizeof<T>());
  else {
    const exponent = <i32>take(exponentBits<T>()) - bias<T>();
    decodeIntegers<T>(maxBits - 1 - exponentBits<T>(), precisionOf(exponent));
    toFloats<T>(exponent);
  }
  position = max(position, start + minBits);
}

/** Bit planes that matter in a block of this exponent. */
function precisionOf(exponent: i32): u32 {
  return min<u32>(maxPrecision, max<i32>(0, exponent - minExponent + 2 * (<i32>dims + 1)));
}

// @ts-ignore: decorator
@inline
function decodeIntegers<T>(bits: i32, precision: u32): void {
  decodePlanes<T>(bits, precision);
  fromCoded<T>();
  inverse<T>(false);
}

function decodeExact<T>(): void {
  const start = position;
  if (float && take(1) == 0) {
    memory.fill(VALUES, 0, size * sizeof<T>());
    return;
  }
  const scaled = float && take(1) == 0;
  const exponent = scaled ? <i32>take(exponentBits<T>()) - bias<T>() : 0;
  const precision = take(sizeof<T>() == 8 ? 6 : 5) + 1;
  decodePlanes<T>(maxBits - <u32>(position - start), precision);
  fromCoded<T>();
  inverse<T>(true);
  if (scaled) toFloats<T>(exponent);
  else if (float) reinterpretAll<T>();
}

/** Reads coefficients: planes down to `precision`, while bits are left of `bits`. */
function decodePlanes<T>(bits: i32, precision: u32): void {
  const width: i32 = 8 * sizeof<T>();
  memory.fill(CODED, 0, size * sizeof<T>());
  const last = max<i32>(0, width - <i32>precision);
  let left = bits;
  let known: i32 = 0;
  const count = <i32>size;
  for (let k = width - 1; k >= last && left > 0; k--) {
    const bit = (<T>1) << <T>k;
    const read = min(known, left);
    left -= read;
    for (let i = 0; i < read; i += 32) deposit<T>(take(min(32, read - i)), i, bit);
    while (known < count && left > 0) {
      left--;
      if (take(1) == 0) break;
      let room = min(count - 1 - known, left);
      while (room > 0) {
        const step = min(room, 48);
        const zeros = <i32>ctz(peek() | ((<u64>1) << step));
        if (zeros < step) {
          position += zeros + 1;
          left -= zeros + 1;
          known += zeros;
          break;
        }
        position += step;
        left -= step;
        known += step;
        room -= step;
      }
      const at = CODED + known * sizeof<T>();
      store<T>(at, load<T>(at) | bit);
      known++;
    }
  }
}

/** Adds a bit to the coefficients from `first` on that have a one bit in `word`. */
// @ts-ignore: decorator
@inline
function deposit<T>(word: u32, first: i32, bit: T): void {
  while (word != 0) {
    const at = CODED + (first + ctz(word)) * sizeof<T>();
    store<T>(at, load<T>(at) | bit);
    word &= word - 1;
  }
}

function fromCoded<T>(): void {
  const nega = negabinary<T>();
  for (let i: u32 = 0; i < size; i++) {
    const value = (load<T>(CODED + i * sizeof<T>()) ^ nega) - nega;
    store<T>(VALUES + load<u8>(ORDER + i) * sizeof<T>(), value);
  }
}

/** Integers relative to an exponent become floats, as their bits in place. */
function toFloats<T>(exponent: i32): void {
  if (sizeof<T>() == 4) {
    const scale = <f32>power(exponent - 30);
    for (let at = VALUES, end = VALUES + (size << 2); at < end; at += 16) {
      v128.store(at, f32x4.mul(f32x4.splat(scale), f32x4.convert_i32x4_s(v128.load(at))));
    }
  } else {
    const scale = power(exponent - 62);
    for (let at = VALUES, end = VALUES + (size << 3); at < end; at += 8) store<f64>(at, scale * <f64>load<i64>(at));
  }
}

/** The way between floats' bits, sign and magnitude, and integers in two's complement; its own inverse. */
function reinterpretAll<T>(): void {
  const magnitude = <T>(sizeof<T>() == 4 ? 0x7fffffff : 0x7fffffffffffffff);
  for (let i: u32 = 0; i < size; i++) {
    const at = VALUES + i * sizeof<T>();
    const bits = load<T>(at);
    if (bits < 0) store<T>(at, bits ^ magnitude);
  }
}

// The lifting transforms, along each axis.

function inverse<T>(exact: bool): void {
  for (let axis: i32 = <i32>dims - 1; axis >= 0; axis--) {
    const step: u32 = 1 << (2 * axis);
    for (let from: u32 = 0; from < size; from += 4 * step) {
      const at = VALUES + from * sizeof<T>();
      if (sizeof<T>() == 4 && step >= 4) {
        for (let i: u32 = 0; i < step; i += 4) {
          if (exact) inverseExactRows(at + (i << 2), step << 2);
          else inverseRows(at + (i << 2), step << 2);
        }
      } else {
        for (let i: u32 = 0; i < step; i++) {
          const line = at + i * sizeof<T>();
          if (exact) inverseExact<T>(line, step * sizeof<T>());
          else inverseLine<T>(line, step * sizeof<T>());
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function inverseLine<T>(at: usize, step: usize): void {
  let x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  y += w >> 1;
  w -= y >> 1;
  y += w;
  w = (w << 1) - y;
  z += x;
  x = (x << 1) - z;
  y += z;
  z = (z << 1) - y;
  w += x;
  x = (x << 1) - w;
  store<T>(at, x);
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}

/** Four lines side by side. */
// @ts-ignore: decorator
@inline
function inverseRows(at: usize, step: usize): void {
  let x = v128.load(at);
  let y = v128.load(at + step);
  let z = v128.load(at + 2 * step);
  let w = v128.load(at + 3 * step);
  y = i32x4.add(y, i32x4.shr_s(w, 1));
  w = i32x4.sub(w, i32x4.shr_s(y, 1));
  y = i32x4.add(y, w);
  w = i32x4.sub(i32x4.shl(w, 1), y);
  z = i32x4.add(z, x);
  x = i32x4.sub(i32x4.shl(x, 1), z);
  y = i32x4.add(y, z);
  z = i32x4.sub(i32x4.shl(z, 1), y);
  w = i32x4.add(w, x);
  x = i32x4.sub(i32x4.shl(x, 1), w);
  v128.store(at, x);
  v128.store(at + step, y);
  v128.store(at + 2 * step, z);
  v128.store(at + 3 * step, w);
}

// @ts-ignore: decorator
@inline
function inverseExact<T>(at: usize, step: usize): void {
  const x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  w += z;
  z += y;
  w += z;
  y += x;
  z += y;
  w += z;
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}

// @ts-ignore: decorator
@inline
function inverseExactRows(at: usize, step: usize): void {
  const x = v128.load(at);
  let y = v128.load(at + step);
  let z = v128.load(at + 2 * step);
  let w = v128.load(at + 3 * step);
  w = i32x4.add(w, z);
  z = i32x4.add(z, y);
  w = i32x4.add(w, z);
  y = i32x4.add(y, x);
  z = i32x4.add(z, y);
  w = i32x4.add(w, z);
  v128.store(at + step, y);
  v128.store(at + 2 * step, z);
  v128.store(at + 3 * step, w);
}

function forward<T>(exact: bool): void {
  for (let axis: u32 = 0; axis < dims; axis++) {
    const step: u32 = 1 << (2 * axis);
    for (let from: u32 = 0; from < size; from += 4 * step) {
      for (let i: u32 = 0; i < step; i++) {
        const line = VALUES + (from + i) * sizeof<T>();
        if (exact) forwardExact<T>(line, step * sizeof<T>());
        else forwardLine<T>(line, step * sizeof<T>());
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function forwardLine<T>(at: usize, step: usize): void {
  let x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  x = (x + w) >> 1;
  w -= x;
  z = (z + y) >> 1;
  y -= z;
  x = (x + z) >> 1;
  z -= x;
  w = (w + y) >> 1;
  y -= w;
  w += y >> 1;
  y -= w >> 1;
  store<T>(at, x);
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}

// @ts-ignore: decorator
@inline
function forwardExact<T>(at: usize, step: usize): void {
  const x = load<T>(at);
  let y = load<T>(at + step);
  let z = load<T>(at + 2 * step);
  let w = load<T>(at + 3 * step);
  w -= z;
  z -= y;
  y -= x;
  w -= z;
  z -= y;
  w -= z;
  store<T>(at + step, y);
  store<T>(at + 2 * step, z);
  store<T>(at + 3 * step, w);
}

// The way between the field and a block.

function place<T>(output: usize, x: u32, y: u32, z: u32, w: u32): void {
  const sx = min<u32>(4, nx - x);
  const sy = min<u32>(4, ny - y);
  const sz = min<u32>(4, nz - z);
  const sw = min<u32>(4, nw - w);
  for (let l: u32 = 0; l < sw; l++) {
    for (let k: u32 = 0; k < sz; k++) {
      for (let j: u32 = 0; j < sy; j++) {
        const row: usize = nx * (y + j + ny * (z + k + nz * (w + l))) + x;
        copyRow<T>(output + row * sizeof<T>(), VALUES + (4 * (j + 4 * (k + 4 * l))) * sizeof<T>(), sx);
      }
    }
  }
}

function gather<T>(input: usize, x: u32, y: u32, z: u32, w: u32): void {
  const sx = min<u32>(4, nx - x);
  const sy = min<u32>(4, ny - y);
  const sz = min<u32>(4, nz - z);
  const sw = min<u32>(4, nw - w);
  for (let l: u32 = 0; l < sw; l++) {
    for (let k: u32 = 0; k < sz; k++) {
      for (let j: u32 = 0; j < sy; j++) {
        const row: usize = nx * (y + j + ny * (z + k + nz * (w + l))) + x;
        copyRow<T>(VALUES + (4 * (j + 4 * (k + 4 * l))) * sizeof<T>(), input + row * sizeof<T>(), sx);
      }
    }
  }
  if (sx < 4) pad<T>(0, sx);
  if (sy < 4 && dims > 1) pad<T>(1, sy);
  if (sz < 4 && dims > 2) pad<T>(2, sz);
  if (sw < 4 && dims > 3) pad<T>(3, sw);
}

// @ts-ignore: decorator
@inline
function copyRow<T>(to: usize, from: usize, count: u32): void {
  if (swapped) {
    for (let i: u32 = 0; i < count; i++) store<T>(to + i * sizeof<T>(), bswap<T>(load<T>(from + i * sizeof<T>())));
    return;
  }
  if (sizeof<T>() == 4 && count == 4) {
    v128.store(to, v128.load(from));
    return;
  }
  for (let i: u32 = 0; i < count; i++) store<T>(to + i * sizeof<T>(), load<T>(from + i * sizeof<T>()));
}

/** Fills lines that reach over the field's edge: 1 to 3 values are continued by the 1st, 2nd and 1st. */
function pad<T>(axis: u32, count: u32): void {
  const step: usize = (1 << (2 * axis)) * sizeof<T>();
  for (let i: u32 = 0; i < size; i++) {
    if (((i >> (2 * axis)) & 3) != 0) continue;
    const at = VALUES + i * sizeof<T>();
    if (count < 2) store<T>(at + step, load<T>(at));
    if (count < 3) store<T>(at + 2 * step, load<T>(at + step));
    store<T>(at + 3 * step, load<T>(at));
  }
}

// Encoding.

/** Encodes the field at `input` to `output`; gives the bytes written, a multiple of 8. */
export function encode32(input: usize, output: usize): i32 {
  return encodeField<i32>(input, output);
}

export function encode64(input: usize, output: usize): i32 {
  return encodeField<i64>(input, output);
}

function encodeField<T>(input: usize, output: usize): i32 {
  writeAt = output;
  hold = 0;
  held = 0;
  for (let w: u32 = 0; w < nw; w += 4) {
    for (let z: u32 = 0; z < nz; z += 4) {
      for (let y: u32 = 0; y < ny; y += 4) {
        for (let x: u32 = 0; x < nx; x += 4) {
          gather<T>(input, x, y, z, w);
          encodeBlock<T>(output);
        }
      }
    }
  }
  const length = ((written(output) + 63) >> 6) << 3;
  put(0, 32);
  put(0, 32);
  put(0, 32);
  return <i32>length;
}

function encodeBlock<T>(output: usize): void {
  const start = written(output);
  if (reversible) encodeExact<T>(output);
  else if (!float) encodeIntegers<T>(maxBits, maxPrecision);
  else {
    const exponent = blockExponent<T>();
    const precision = precisionOf(exponent);
    if (precision == 0 || exponent == -bias<T>()) put(0, 1);
    else {
      putExponent<T>(exponent, 1);
      fromFloats<T>(exponent);
      encodeIntegers<T>(maxBits - 1 - exponentBits<T>(), precision);
    }
  }
  while (written(output) < start + minBits) put(0, min<u32>(32, <u32>(start + minBits - written(output))));
}

/** A one bit, or two, and the exponent. */
// @ts-ignore: decorator
@inline
function putExponent<T>(exponent: i32, before: u32): void {
  put(1, before);
  put((exponent + bias<T>()) & ((1 << exponentBits<T>()) - 1), exponentBits<T>());
}

// @ts-ignore: decorator
@inline
function encodeIntegers<T>(bits: i32, precision: u32): void {
  forward<T>(false);
  toCoded<T>();
  encodePlanes<T>(bits, precision);
}

function encodeExact<T>(output: usize): void {
  const start = written(output);
  if (float) {
    const exponent = blockExponent<T>();
    if (isZero<T>()) {
      put(0, 1);
      return;
    }
    if (scaleExactly<T>(exponent)) putExponent<T>(exponent, 2);
    else {
      put(3, 2);
      reinterpretAll<T>();
    }
  }
  forward<T>(true);
  toCoded<T>();
  const precision = max<u32>(1, min<u32>(maxPrecision, usedPrecision<T>()));
  put(precision - 1, sizeof<T>() == 8 ? 6 : 5);
  encodePlanes<T>(maxBits - <u32>(written(output) - start), precision);
}

function isZero<T>(): bool {
  let all: T = 0;
  for (let i: u32 = 0; i < size; i++) all |= load<T>(VALUES + i * sizeof<T>());
  return all == 0;
}

/** Turns floats into integers if they come back bit by bit; else leaves them as they are. */
function scaleExactly<T>(exponent: i32): bool {
  if (exponent <= -bias<T>() || exponent > bias<T>() + 1) return false;
  const bytes = size * sizeof<T>();
  memory.copy(SPARE, VALUES, bytes);
  fromFloats<T>(exponent);
  memory.copy(CODED, VALUES, bytes);
  toFloats<T>(exponent);
  const exact = memory.compare(SPARE, VALUES, bytes) == 0;
  memory.copy(VALUES, exact ? CODED : SPARE, bytes);
  return exact;
}

function usedPrecision<T>(): u32 {
  let all: T = 0;
  for (let i: u32 = 0; i < size; i++) all |= load<T>(CODED + i * sizeof<T>());
  return all == 0 ? 0 : 8 * sizeof<T>() - <u32>ctz<T>(all);
}

// @ts-ignore: decorator
@inline
function floatAt<T>(at: usize): f64 {
  return sizeof<T>() == 4 ? <f64>load<f32>(at) : load<f64>(at);
}

/** The exponent that the largest float of the block is below; `-bias` when all are 0, or one is not a number. */
function blockExponent<T>(): i32 {
  let most: f64 = 0;
  for (let i: u32 = 0; i < size; i++) most = max<f64>(most, abs<f64>(floatAt<T>(VALUES + i * sizeof<T>())));
  if (!(most > 0)) return -bias<T>();
  return max<i32>(<i32>(reinterpret<u64>(most) >> 52) - 1022, 1 - bias<T>());
}

/** Floats become integers relative to an exponent, rounded towards 0. */
function fromFloats<T>(exponent: i32): void {
  const shift = <i32>(8 * sizeof<T>()) - 2 - exponent;
  // In two steps: one factor may be out of a double's range.
  const one = power(shift >> 1);
  const two = power(shift - (shift >> 1));
  for (let i: u32 = 0; i < size; i++) {
    const at = VALUES + i * sizeof<T>();
    const value = floatAt<T>(at) * one * two;
    store<T>(at, abs(value) < 4611686018427387904.0 ? <T>(<i64>value) : 0);
  }
}

function toCoded<T>(): void {
  const nega = negabinary<T>();
  for (let i: u32 = 0; i < size; i++) {
    const value = load<T>(VALUES + load<u8>(ORDER + i) * sizeof<T>());
    store<T>(CODED + i * sizeof<T>(), (value + nega) ^ nega);
  }
}

/** Writes coefficients; see `decodePlanes`. */
function encodePlanes<T>(bits: i32, precision: u32): void {
  const width: i32 = 8 * sizeof<T>();
  const last = max<i32>(0, width - <i32>precision);
  let known: i32 = 0;
  let left = bits;
  for (let k = width - 1; k >= last && left > 0; k--) {
    if (size <= 64) known = encodePlane<T>(k, known, left);
    else known = encodeLongPlane<T>(k, known, left);
    left = remaining;
  }
}

/** Bits that are left after a plane. */
let remaining: i32 = 0;

/** A plane of up to 64 coefficients, as one word; gives how many are known after it. */
function encodePlane<T>(k: i32, known: i32, left: i32): i32 {
  let plane = planeOf<T>(k);
  const count = min(known, left);
  left -= count;
  put(plane & 0xffffffff & (((<u64>1) << min(32, count)) - 1), min(32, count));
  if (count > 32) put((plane >> 32) & (((<u64>1) << (count - 32)) - 1), count - 32);
  plane = count == 64 ? 0 : plane >> count;
  const all = <i32>size;
  while (known < all && left > 0) {
    left--;
    put(<u64>(plane != 0), 1);
    if (plane == 0) break;
    const zeros = <i32>ctz(plane);
    const room = all - 1 - known;
    // The one bit behind the last zero that there can be is implied.
    const emitted = min(zeros < room ? zeros + 1 : zeros, left);
    if (emitted > 32) {
      put(0, 32);
      put(zeros < emitted ? (<u64>1) << (zeros - 32) : 0, emitted - 32);
    } else put(zeros < emitted ? (<u64>1) << zeros : 0, emitted);
    left -= emitted;
    known += zeros + 1;
    plane = zeros == 63 ? 0 : plane >> (zeros + 1);
  }
  remaining = left;
  return known;
}

/** Bit `k` of all coefficients. */
// @ts-ignore: decorator
@inline
function planeOf<T>(k: i32): u64 {
  let plane: u64 = 0;
  if (sizeof<T>() == 4) {
    for (let i: u32 = 0; i < size; i += 4) {
      plane |= (<u64>i32x4.bitmask(i32x4.shl(v128.load(CODED + (i << 2)), 31 - k))) << i;
    }
  } else {
    for (let i: u32 = 0; i < size; i += 2) {
      plane |= (<u64>i64x2.bitmask(i64x2.shl(v128.load(CODED + (i << 3)), 63 - k))) << i;
    }
  }
  return plane;
}

// @ts-ignore: decorator
@inline
function bitOf<T>(i: i32, k: i32): u64 {
  return <u64>((load<T>(CODED + i * sizeof<T>()) >> <T>k) & 1);
}

/** A plane of 256 coefficients, bit by bit. */
function encodeLongPlane<T>(k: i32, known: i32, left: i32): i32 {
  const all = <i32>size;
  const count = min(known, left);
  left -= count;
  for (let i = 0; i < count; i++) put(bitOf<T>(i, k), 1);
  let ones: i32 = 0;
  for (let i = known; i < all; i++) ones += <i32>bitOf<T>(i, k);
  while (known < all && left > 0) {
    left--;
    put(<u64>(ones > 0), 1);
    if (ones == 0) break;
    ones--;
    while (known < all - 1 && left > 0) {
      left--;
      const bit = bitOf<T>(known, k);
      put(bit, 1);
      if (bit != 0) break;
      known++;
    }
    known++;
  }
  remaining = left;
  return known;
}
