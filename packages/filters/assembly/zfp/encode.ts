/** Encoding: blocks to a stream of bits, least significant first. */
import { gather } from "./blocks";
import { CODED, float, maxBits, maxPrecision, minBits, nw, nx, ny, nz, precisionOf, reversible, size } from "./field";
import { blockExponent, fromFloats, isZero, reinterpretAll, scaleExactly } from "./floats";
import { bias, exponentBits, toCoded, usedPrecision } from "./integers";
import { forward } from "./lifting";

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

export function encodeField<T>(input: usize, output: usize): i32 {
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
