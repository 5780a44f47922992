/** Values of a zfp block: their common exponent, and the way between floats and integers. */
import type { IntegerBlock } from "./block.ts";

/** What differs between the four types. */
export interface ValueKind {
  readonly float: boolean;
  /** Bits of a value: 32 or 64. */
  readonly width: number;
  /** Bits and bias of a float's exponent. */
  readonly exponentBits: number;
  readonly bias: number;
}

/** The kind of each type of zfp. */
export const KINDS: Readonly<Record<string, ValueKind>> = {
  int32: { float: false, width: 32, exponentBits: 0, bias: 0 },
  int64: { float: false, width: 64, exponentBits: 0, bias: 0 },
  float32: { float: true, width: 32, exponentBits: 8, bias: 127 },
  float64: { float: true, width: 64, exponentBits: 11, bias: 1023 },
};

const scratch = new DataView(new ArrayBuffer(8));

/** Integers relative to an exponent become floats, as their bits in place. */
export function integersToFloats(block: IntegerBlock, exponent: number): void {
  const { low, high, width } = block;
  const scale = 2 ** (exponent - (width - 2));
  if (width === 32) {
    const single = Math.fround(scale);
    for (let i = 0; i < low.length; i++) {
      scratch.setFloat32(0, single * Math.fround(low[i]));
      low[i] = scratch.getInt32(0);
    }
    return;
  }
  for (let i = 0; i < low.length; i++) {
    scratch.setFloat64(0, scale * (high[i] * 2 ** 32 + (low[i] >>> 0)));
    high[i] = scratch.getInt32(0);
    low[i] = scratch.getInt32(4);
  }
}

/** Floats, as their bits in place, become integers relative to an exponent, rounded towards 0. */
export function floatsToIntegers(block: IntegerBlock, exponent: number): void {
  const { low, high, width } = block;
  // In two steps: one factor may be out of a double's range.
  const shift = width - 2 - exponent;
  const [one, two] = [2 ** Math.floor(shift / 2), 2 ** (shift - Math.floor(shift / 2))];
  for (let i = 0; i < low.length; i++) {
    const value = Math.trunc(floatAt(block, i) * one * two);
    low[i] = value % 2 ** 32;
    if (width === 64) high[i] = Math.floor(value / 2 ** 32);
  }
}

/** The float whose bits are at a place of the block. */
export function floatAt({ low, high, width }: IntegerBlock, i: number): number {
  if (width === 32) {
    scratch.setInt32(0, low[i]);
    return scratch.getFloat32(0);
  }
  scratch.setInt32(0, high[i]);
  scratch.setInt32(4, low[i]);
  return scratch.getFloat64(0);
}

/** The exponent that the largest float of the block is below: 2^(e-1) <= |x| < 2^e; `-bias` when all are 0. */
export function blockExponent(block: IntegerBlock, bias: number): number {
  let max = 0;
  for (let i = 0; i < block.low.length; i++) max = Math.max(max, Math.abs(floatAt(block, i)));
  if (!(max > 0)) return -bias;
  scratch.setFloat64(0, max);
  return Math.max((scratch.getInt32(0) >>> 20) - 1022, 1 - bias);
}

/** The way between floats' bits, sign and magnitude, and integers in two's complement; its own inverse. */
export function reinterpret({ low, high, width }: IntegerBlock): void {
  for (let i = 0; i < low.length; i++) {
    if (width === 32) {
      if (low[i] < 0) low[i] ^= 0x7fffffff;
    } else if (high[i] < 0) {
      high[i] ^= 0x7fffffff;
      low[i] = ~low[i];
    }
  }
}
