/** The field, the mode, and the places of the block in hand: what decoding and encoding share. */

/** Places of the coefficients in coding order, a byte each; filled in by the caller. */
export const ORDER: usize = memory.data(256);

/** A block's values in place, and its coefficients in coding order. */
export const VALUES: usize = memory.data(2048, 16);
export const CODED: usize = memory.data(2048, 16);

/** Values put by, while it is tried whether others will do. */
export const SPARE: usize = memory.data(2048, 16);

// The field and the mode, as the caller says.
export let dims: u32 = 0;
export let size: u32 = 0;
export let float: bool = false;
export let swapped: bool = false;
export let reversible: bool = false;
export let minBits: u32 = 0;
export let maxBits: u32 = 0;
export let maxPrecision: u32 = 0;
let minExponent: i32 = 0;
export let nx: u32 = 0;
export let ny: u32 = 0;
export let nz: u32 = 0;
export let nw: u32 = 0;

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

/** Bit planes that matter in a block of this exponent. */
export function precisionOf(exponent: i32): u32 {
  return min<u32>(maxPrecision, max<i32>(0, exponent - minExponent + 2 * (<i32>dims + 1)));
}
