/** Decoding: blocks from a stream of bits, least significant first. */
import { place } from "./blocks";
import {
  CODED,
  float,
  maxBits,
  maxPrecision,
  minBits,
  nw,
  nx,
  ny,
  nz,
  precisionOf,
  reversible,
  size,
  VALUES,
} from "./field";
import { reinterpretAll, toFloats } from "./floats";
import { bias, exponentBits, fromCoded } from "./integers";
import { inverse } from "./lifting";

/** What went wrong. */
const TRUNCATED: i32 = -1;

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

export function decodeField<T>(input: usize, length: usize, output: usize): i32 {
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
