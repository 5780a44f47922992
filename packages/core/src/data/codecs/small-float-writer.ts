/** Numbers into floating-point elements of up to 4 bytes that are laid out as IEEE's are: sign, exponent, mantissa. */
import type { FloatType } from "../../format/datatype/datatype.ts";
import type { Writer } from "./writer.ts";

/** Whether a format is one of these. */
export const isSmallFloat = (t: FloatType): boolean =>
  t.size <= 4 &&
  t.normalization === "implied" &&
  t.exponentSize > 0 &&
  t.mantissaSize > 0 &&
  // All that these can hold, and their last places, is far within float64.
  t.exponentSize <= 8 &&
  Math.abs(t.exponentBias) < 256 &&
  t.exponentPosition === t.mantissaPosition + t.mantissaSize &&
  t.exponentSize + t.mantissaSize < 32;

/** Adding and taking away this rounds to whole numbers, ties to even. */
const ROUNDING = 2 ** 52;
const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);
const HIGH = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

export class SmallFloatWriter implements Writer {
  private readonly order: readonly number[];
  private readonly around: number;
  private readonly source: ArrayLike<number>;
  private readonly sign: number;
  private readonly shift: number;
  /** What the lowest bit of the exponent counts, beside the mantissa. */
  private readonly step: number;
  /** From float64's exponent, as it is stored, to this format's, less the one that stands for subnormal numbers. */
  private readonly bias: number;
  private readonly infinity: number;
  private readonly nan: number;
  /** What the last place is worth at each exponent, from that of subnormal numbers on. */
  private readonly units: Float64Array;

  /** `order`: where byte `k`, counted from the lowest, stands; `around`: the bits that fill up the others. */
  constructor(type: FloatType, order: readonly number[], around: number, source: ArrayLike<number>) {
    const { exponentSize, exponentBias, mantissaSize } = type;
    this.order = order;
    this.around = around;
    this.source = source;
    this.sign = 1 << type.signPosition;
    this.shift = type.mantissaPosition;
    this.step = 2 ** mantissaSize;
    this.bias = exponentBias - 1024;
    this.infinity = (2 ** exponentSize - 1) * this.step;
    this.nan = this.infinity + this.step / 2;
    this.units = Float64Array.from({ length: 2 ** exponentSize }, (_, e) => 2 ** (e + 1 - exponentBias - mantissaSize));
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { source, order, around } = this;
    for (let i = 0; i < count; i++, at += stride) {
      let bits = this.bits(source[index + i]) | around;
      for (let k = 0; k < order.length; k++) {
        target[at + order[k]] = bits;
        bits >>>= 8;
      }
    }
  }

  private bits(value: number): number {
    scratch[0] = value;
    const high = words[HIGH];
    const bits = this.magnitude(Math.abs(value), (high >>> 20) & 0x7ff) << this.shift;
    return high >>> 31 === 1 ? bits | this.sign : bits;
  }

  /** Exponent and mantissa. */
  private magnitude(size: number, stored: number): number {
    if (Number.isNaN(size)) return this.nan;
    // Numbers below the least exponent are counted in its units.
    const exponent = Math.max(stored + this.bias, 0);
    if (exponent >= this.units.length) return this.infinity;
    const mantissa = size / this.units[exponent] + ROUNDING - ROUNDING;
    // A mantissa that was rounded up to the next power carries into the exponent.
    return Math.min(mantissa + exponent * this.step, this.infinity);
  }
}
