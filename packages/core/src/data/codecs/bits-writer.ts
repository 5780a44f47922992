/** Numbers of any bits into elements: the value at its offset, and around it what the datatype fills up with. */
import { DTypeError } from "../../errors.ts";
import { type Bits, writeBits } from "../dtype/bits.ts";
import type { Writer } from "./writer.ts";

/** What stands in the bits below and above the value. */
export interface Padding {
  readonly lowPad?: 0 | 1;
  readonly highPad?: 0 | 1;
}

type Numbers = ArrayLike<number | bigint>;

/** DTypeError where a number does not fit the bits. */
export function checkBits({ precision, signed }: Bits, source: Numbers): void {
  const [min, max] = signed
    ? [-(2n ** BigInt(precision - 1)), 2n ** BigInt(precision - 1) - 1n]
    : [0n, 2n ** BigInt(precision) - 1n];
  const plain = precision <= 32;
  const [low, high] = plain ? [Number(min), Number(max)] : [min, max];
  for (let i = 0; i < source.length; i++) {
    if (source[i] >= low && source[i] <= high) continue;
    throw new DTypeError(`cannot hold the value of element ${i}`, {
      structure: "fixed-point datatype",
      found: source[i],
      allowed: `${signed ? "signed" : "unsigned"} integers of ${precision} bits`,
    });
  }
}

/** A writer of numbers that fit. */
export function bitsWriter(bits: Bits, padding: Padding, source: Numbers): Writer {
  checkBits(bits, source);
  const outside = outsideBits(bits, padding);
  return bits.size <= 4
    ? new BitsWriter(bits, Number(outside), source as ArrayLike<number>)
    : new BigBitsWriter(bits, outside, source);
}

/** Elements of up to 4 bytes. */
class BitsWriter implements Writer {
  private readonly bits: Bits;
  private readonly source: ArrayLike<number>;
  private readonly outside: number;

  constructor(bits: Bits, outside: number, source: ArrayLike<number>) {
    this.bits = bits;
    this.source = source;
    this.outside = outside;
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { size, little, bitOffset, precision } = this.bits;
    const { source, outside } = this;
    const mask = 0xffff_ffff >>> (32 - precision);
    const first = little ? 0 : size - 1;
    const step = little ? 1 : -1;
    for (let i = 0; i < count; i++, at += stride) {
      let word = ((source[index + i] & mask) << bitOffset) | outside;
      for (let k = 0, b = at + first; k < size; k++, b += step) {
        target[b] = word;
        word >>>= 8;
      }
    }
  }
}

/** Elements of any number of bytes. */
class BigBitsWriter implements Writer {
  private readonly bits: Bits;
  private readonly source: Numbers;
  private readonly outside: bigint;

  constructor(bits: Bits, outside: bigint, source: Numbers) {
    this.bits = bits;
    this.source = source;
    this.outside = outside;
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    for (let i = 0; i < count; i++, at += stride) {
      writeBits(target, at, this.bits, BigInt(this.source[index + i]), this.outside);
    }
  }
}

function outsideBits(bits: Bits, padding: Padding): bigint {
  const { size, bitOffset, precision } = bits;
  const low = padding.lowPad === 1 ? (1n << BigInt(bitOffset)) - 1n : 0n;
  const top = BigInt(bitOffset + precision);
  const high = padding.highPad === 1 ? ((1n << BigInt(size * 8)) - 1n) & ~((1n << top) - 1n) : 0n;
  return low | high;
}
