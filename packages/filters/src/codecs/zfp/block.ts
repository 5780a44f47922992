/**
 * Integer blocks of zfp in arithmetic of 32 and of 64 bits: the lifting transforms and the map to negabinary, in which
 * bit planes are coded.
 */
import { coefficientOrder } from "./order.ts";

/**
 * A block of 4^d integers. Words of 64 bits are kept in two arrays, so that all of it is arithmetic of 32 bits; for
 * blocks of 32 bits `high` is empty.
 */
export interface IntegerBlock {
  /** Bits of an integer: 32 or 64. */
  readonly width: number;
  /** Values, or coefficients in place. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Coefficients in coding order, in negabinary. */
  readonly codedLow: Int32Array;
  readonly codedHigh: Int32Array;
  readonly dims: number;
}

/** A block of `dims` dimensions of integers of `width` bits. */
export function newBlock(dims: number, width: number): IntegerBlock {
  const size = 4 ** dims;
  const wide = width === 64 ? size : 0;
  return {
    width,
    dims,
    low: new Int32Array(size),
    high: new Int32Array(wide),
    codedLow: new Int32Array(size),
    codedHigh: new Int32Array(wide),
  };
}

const NEGABINARY = 0xaaaaaaaa | 0;

/** Coded coefficients to values in place: undoes {@link toCoded}. */
export function fromCoded({ width, dims, low, high, codedLow, codedHigh }: IntegerBlock): void {
  const order = coefficientOrder(dims);
  for (let i = 0; i < order.length; i++) {
    const flipped = codedLow[i] ^ NEGABINARY;
    low[order[i]] = flipped - NEGABINARY;
    if (width === 32) continue;
    const borrow = flipped >>> 0 < NEGABINARY >>> 0 ? 1 : 0;
    high[order[i]] = (codedHigh[i] ^ NEGABINARY) - NEGABINARY - borrow;
  }
}

/** Values in place to coefficients in coding order. */
export function toCoded({ width, dims, low, high, codedLow, codedHigh }: IntegerBlock): void {
  const order = coefficientOrder(dims);
  for (let i = 0; i < order.length; i++) {
    const sum = (low[order[i]] >>> 0) + (NEGABINARY >>> 0);
    codedLow[i] = (sum | 0) ^ NEGABINARY;
    if (width === 32) continue;
    codedHigh[i] = (high[order[i]] + NEGABINARY + (sum > 0xffffffff ? 1 : 0)) ^ NEGABINARY;
  }
}

/** One of the four transforms of a vector of four values, `step` apart from `at`. */
type Lift = (block: IntegerBlock, at: number, step: number) => void;

/** Applies a lift along every line of the block, in the order of the axes given by `axes`. */
function alongAll(block: IntegerBlock, axes: readonly number[], lift: Lift): void {
  const size = block.low.length;
  for (const axis of axes) {
    const step = 4 ** axis;
    for (let at = 0; at < size; at++) if (((at / step) & 3) === 0) lift(block, at, step);
  }
}

const AXES = [[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]];
const AXES_REVERSED = [[0], [1, 0], [2, 1, 0], [3, 2, 1, 0]];

/** The transforms of a block, by direction and by whether they lose nothing. */
export function forwardTransform(block: IntegerBlock, reversible: boolean): void {
  const wide = block.width === 64;
  alongAll(
    block,
    AXES[block.dims - 1],
    reversible ? (wide ? forwardExact64 : forwardExact32) : wide ? forward64 : forward32,
  );
}

/** Undoes {@link forwardTransform}. */
export function inverseTransform(block: IntegerBlock, reversible: boolean): void {
  const wide = block.width === 64;
  const lift = reversible ? (wide ? inverseExact64 : inverseExact32) : wide ? inverse64 : inverse32;
  alongAll(block, AXES_REVERSED[block.dims - 1], lift);
}

function inverse32({ low: p }: IntegerBlock, at: number, step: number): void {
  let x = p[at];
  let y = p[at + step];
  let z = p[at + 2 * step];
  let w = p[at + 3 * step];
  y = (y + (w >> 1)) | 0;
  w = (w - (y >> 1)) | 0;
  y = (y + w) | 0;
  w = ((w << 1) - y) | 0;
  z = (z + x) | 0;
  x = ((x << 1) - z) | 0;
  y = (y + z) | 0;
  z = ((z << 1) - y) | 0;
  w = (w + x) | 0;
  x = ((x << 1) - w) | 0;
  p[at] = x;
  p[at + step] = y;
  p[at + 2 * step] = z;
  p[at + 3 * step] = w;
}

function forward32({ low: p }: IntegerBlock, at: number, step: number): void {
  let x = p[at];
  let y = p[at + step];
  let z = p[at + 2 * step];
  let w = p[at + 3 * step];
  x = ((x + w) | 0) >> 1;
  w = (w - x) | 0;
  z = ((z + y) | 0) >> 1;
  y = (y - z) | 0;
  x = ((x + z) | 0) >> 1;
  z = (z - x) | 0;
  w = ((w + y) | 0) >> 1;
  y = (y - w) | 0;
  w = (w + (y >> 1)) | 0;
  y = (y - (w >> 1)) | 0;
  p[at] = x;
  p[at + step] = y;
  p[at + 2 * step] = z;
  p[at + 3 * step] = w;
}

function inverseExact32({ low: p }: IntegerBlock, at: number, step: number): void {
  const x = p[at];
  let y = p[at + step];
  let z = p[at + 2 * step];
  let w = p[at + 3 * step];
  w += z;
  z += y;
  w += z;
  y += x;
  z += y;
  w += z;
  p[at + step] = y;
  p[at + 2 * step] = z;
  p[at + 3 * step] = w;
}

function forwardExact32({ low: p }: IntegerBlock, at: number, step: number): void {
  const x = p[at];
  let y = p[at + step];
  let z = p[at + 2 * step];
  let w = p[at + 3 * step];
  w -= z;
  z -= y;
  y -= x;
  w -= z;
  z -= y;
  w -= z;
  p[at + step] = y;
  p[at + 2 * step] = z;
  p[at + 3 * step] = w;
}

/** `block[to] += block[from] >> shift` in 64 bits. */
function add({ low, high }: IntegerBlock, to: number, from: number, shift = 0): void {
  const fromLow = shift ? (low[from] >>> 1) | (high[from] << 31) : low[from];
  const fromHigh = shift ? high[from] >> 1 : high[from];
  const sum = (low[to] >>> 0) + (fromLow >>> 0);
  low[to] = sum;
  high[to] += fromHigh + (sum > 0xffffffff ? 1 : 0);
}

/** `block[to] -= block[from] >> shift` in 64 bits. */
function subtract({ low, high }: IntegerBlock, to: number, from: number, shift = 0): void {
  const fromLow = shift ? (low[from] >>> 1) | (high[from] << 31) : low[from];
  const fromHigh = shift ? high[from] >> 1 : high[from];
  const borrow = low[to] >>> 0 < fromLow >>> 0 ? 1 : 0;
  low[to] -= fromLow;
  high[to] -= fromHigh + borrow;
}

function double({ low, high }: IntegerBlock, at: number): void {
  high[at] = (high[at] << 1) | (low[at] >>> 31);
  low[at] <<= 1;
}

function halve({ low, high }: IntegerBlock, at: number): void {
  low[at] = (low[at] >>> 1) | (high[at] << 31);
  high[at] >>= 1;
}

function inverse64(block: IntegerBlock, x: number, step: number): void {
  const [y, z, w] = [x + step, x + 2 * step, x + 3 * step];
  add(block, y, w, 1);
  subtract(block, w, y, 1);
  add(block, y, w);
  double(block, w);
  subtract(block, w, y);
  add(block, z, x);
  double(block, x);
  subtract(block, x, z);
  add(block, y, z);
  double(block, z);
  subtract(block, z, y);
  add(block, w, x);
  double(block, x);
  subtract(block, x, w);
}

function forward64(block: IntegerBlock, x: number, step: number): void {
  const [y, z, w] = [x + step, x + 2 * step, x + 3 * step];
  add(block, x, w);
  halve(block, x);
  subtract(block, w, x);
  add(block, z, y);
  halve(block, z);
  subtract(block, y, z);
  add(block, x, z);
  halve(block, x);
  subtract(block, z, x);
  add(block, w, y);
  halve(block, w);
  subtract(block, y, w);
  add(block, w, y, 1);
  subtract(block, y, w, 1);
}

function inverseExact64(block: IntegerBlock, x: number, step: number): void {
  const [y, z, w] = [x + step, x + 2 * step, x + 3 * step];
  add(block, w, z);
  add(block, z, y);
  add(block, w, z);
  add(block, y, x);
  add(block, z, y);
  add(block, w, z);
}

function forwardExact64(block: IntegerBlock, x: number, step: number): void {
  const [y, z, w] = [x + step, x + 2 * step, x + 3 * step];
  subtract(block, w, z);
  subtract(block, z, y);
  subtract(block, y, x);
  subtract(block, w, z);
  subtract(block, z, y);
  subtract(block, w, z);
}
