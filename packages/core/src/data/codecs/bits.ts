/** Numbers of any bits: significant ones at an offset, elements of any number of bytes in any order. */
import { HOST_LITTLE } from "../../bytes/swap.ts";
import { type Bits, readBits } from "../dtype/bits.ts";
import { type Reader, ViewReader } from "./reader.ts";

/** Elements of up to 4 bytes. */
export class BitsReader implements Reader {
  private readonly bits: Bits;
  private readonly target: { [index: number]: number };

  constructor(bits: Bits, target: { [index: number]: number }) {
    this.bits = bits;
    this.target = target;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { size, little, signed, bitOffset, precision } = this.bits;
    const { target } = this;
    const first = little ? size - 1 : 0;
    const step = little ? -1 : 1;
    // Shifts count modulo 32: the value is brought to the top, then down again with its sign.
    const up = 32 - precision - bitOffset;
    const down = 32 - precision;
    for (let i = 0; i < count; i++, at += stride) {
      let word = 0;
      for (let k = 0, b = at + first; k < size; k++, b += step) word = (word << 8) | source[b];
      word <<= up;
      target[index + i] = signed ? word >> down : word >>> down;
    }
  }
}

/** Elements of 5 to 8 bytes, into the words of 64-bit integers. */
export class WideBitsReader extends ViewReader {
  private readonly bits: Bits;
  private readonly words: Int32Array;

  constructor(bits: Bits, target: BigInt64Array | BigUint64Array) {
    super();
    this.bits = bits;
    this.words = new Int32Array(target.buffer, target.byteOffset, target.length * 2);
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { size, little, signed, bitOffset, precision } = this.bits;
    const { words } = this;
    const low = HOST_LITTLE ? 0 : 1;
    for (let i = 0, k = index * 2; i < count; i++, k += 2, at += stride) {
      const lo = assemble(source, little ? at : at + size - 4, 4, little);
      const hi = assemble(source, little ? at + 4 : at, size - 4, little);
      const shifted =
        bitOffset >= 32
          ? hi >>> (bitOffset - 32)
          : bitOffset === 0
            ? lo
            : (lo >>> bitOffset) | (hi << (32 - bitOffset));
      const rest = bitOffset >= 32 ? 0 : hi >>> bitOffset;
      words[k + low] = precision < 32 ? extend(shifted, precision, signed) : shifted;
      words[k + 1 - low] =
        precision > 32 ? extend(rest, precision - 32, signed) : signed ? extend(shifted, precision, true) >> 31 : 0;
    }
  }
}

/** The lowest `precision` bits (1 to 32) with their sign or zeros above. */
function extend(word: number, precision: number, signed: boolean): number {
  const rest = 32 - precision;
  return signed ? (word << rest) >> rest : (word << rest) >>> rest;
}

function assemble(source: Uint8Array, at: number, count: number, little: boolean): number {
  let word = 0;
  for (let k = 0; k < count; k++) word = (word << 8) | source[little ? at + count - 1 - k : at + k];
  return word;
}

/** Elements of more than 8 bytes, as bigint. */
export class BigBitsReader implements Reader {
  private readonly bits: Bits;
  private readonly target: bigint[];

  constructor(bits: Bits, target: bigint[]) {
    this.bits = bits;
    this.target = target;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    for (let i = 0; i < count; i++, at += stride) this.target[index + i] = readBits(source, at, this.bits);
  }
}
