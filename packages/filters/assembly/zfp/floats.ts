/** A block's floats as integers relative to the block's exponent, and back. */
import { CODED, size, SPARE, VALUES } from "./field";
import { bias } from "./integers";

/** 2^e, as far as a double goes. */
function power(e: i32): f64 {
  if (e >= -1022) return reinterpret<f64>((<u64>(e + 1023)) << 52);
  return e >= -1074 ? reinterpret<f64>((<u64>1) << (e + 1074)) : 0;
}

/** Integers relative to an exponent become floats, as their bits in place. */
export function toFloats<T>(exponent: i32): void {
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
export function reinterpretAll<T>(): void {
  const magnitude = <T>(sizeof<T>() == 4 ? 0x7fffffff : 0x7fffffffffffffff);
  for (let i: u32 = 0; i < size; i++) {
    const at = VALUES + i * sizeof<T>();
    const bits = load<T>(at);
    if (bits < 0) store<T>(at, bits ^ magnitude);
  }
}

// @ts-ignore: decorator
@inline
function floatAt<T>(at: usize): f64 {
  return sizeof<T>() == 4 ? <f64>load<f32>(at) : load<f64>(at);
}

export function isZero<T>(): bool {
  let all: T = 0;
  for (let i: u32 = 0; i < size; i++) all |= load<T>(VALUES + i * sizeof<T>());
  return all == 0;
}

/** The exponent that the largest float of the block is below; `-bias` when all are 0, or one is not a number. */
export function blockExponent<T>(): i32 {
  let most: f64 = 0;
  for (let i: u32 = 0; i < size; i++) most = max<f64>(most, abs<f64>(floatAt<T>(VALUES + i * sizeof<T>())));
  if (!(most > 0)) return -bias<T>();
  return max<i32>(<i32>(reinterpret<u64>(most) >> 52) - 1022, 1 - bias<T>());
}

/** Floats become integers relative to an exponent, rounded towards 0. */
export function fromFloats<T>(exponent: i32): void {
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

/** Turns floats into integers if they come back bit by bit; else leaves them as they are. */
export function scaleExactly<T>(exponent: i32): bool {
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
