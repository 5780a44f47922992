/** Embedded coding of zfp: bit planes from the most significant one down, each as known bits and then runs of zeros. */
import type { ZfpReader, ZfpWriter } from "./bits.ts";
import type { IntegerBlock } from "./block.ts";

/**
 * Reads the coded coefficients of a block: planes down to `maxPrecision`, while bits are left of `maxBits`.
 *
 * @returns how many bits were read
 */
export function decodePlanes(reader: ZfpReader, block: IntegerBlock, maxBits: number, maxPrecision: number): number {
  const { width, codedLow, codedHigh } = block;
  const size = codedLow.length;
  codedLow.fill(0);
  codedHigh.fill(0);
  const last = Math.max(0, width - maxPrecision);
  let left = maxBits;
  let known = 0;
  for (let k = width - 1; k >= last && left > 0; k--) {
    const plane = k >= 32 ? codedHigh : codedLow;
    const bit = 1 << (k & 31);
    const count = Math.min(known, left);
    left -= count;
    for (let i = 0; i < count; i += 32) {
      let word = reader.take(Math.min(32, count - i));
      while (word !== 0) {
        const lowest = 31 - Math.clz32(word & -word);
        plane[i + lowest] |= bit;
        word &= word - 1;
      }
    }
    while (known < size && left > 0) {
      left--;
      if (reader.take(1) === 0) break;
      // The next one bit is searched; at the last coefficient it is implied.
      while (known < size - 1 && left > 0) {
        left--;
        if (reader.take(1) === 1) break;
        known++;
      }
      plane[known++] |= bit;
    }
  }
  return maxBits - left;
}

/**
 * Writes the coded coefficients of a block; see {@link decodePlanes}.
 *
 * @returns how many bits were written
 */
export function encodePlanes(writer: ZfpWriter, block: IntegerBlock, maxBits: number, maxPrecision: number): number {
  const { width, codedLow, codedHigh } = block;
  const size = codedLow.length;
  const last = Math.max(0, width - maxPrecision);
  let left = maxBits;
  let known = 0;
  for (let k = width - 1; k >= last && left > 0; k--) {
    const plane = k >= 32 ? codedHigh : codedLow;
    const shift = k & 31;
    const count = Math.min(known, left);
    left -= count;
    for (let i = 0; i < count; i++) writer.put((plane[i] >>> shift) & 1, 1);
    let ones = 0;
    for (let i = known; i < size; i++) ones += (plane[i] >>> shift) & 1;
    while (known < size && left > 0) {
      left--;
      writer.put(ones > 0 ? 1 : 0, 1);
      if (ones === 0) break;
      ones--;
      while (known < size - 1 && left > 0) {
        left--;
        const bit = (plane[known] >>> shift) & 1;
        writer.put(bit, 1);
        if (bit) break;
        known++;
      }
      known++;
    }
  }
  return maxBits - left;
}
