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
  private readonly type: FloatType;
  private readonly order: readonly number[];
  private readonly around: number;
  private readonly source: ArrayLike<number>;
  /** What an exponent's last place is worth, from that of subnormal numbers on. */
  private readonly units: Float64Array;

  /** `order`: where byte `k`, counted from the lowest, stands; `around`: the bits that fill up the others. */
  constructor(type: FloatType, order: readonly number[], around: number, source: ArrayLike<number>) {
    this.type = type;
    this.order = order;
    this.around = around;
    this.source = source;
    const { exponentSize, exponentBias, mantissaSize } = type;
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
    const { signPosition, mantissaPosition, mantissaSize, exponentSize, exponentBias } = this.type;
    scratch[0] = value;
    const high = words[HIGH];
    const sign = high >>> 31 ? 1 << signPosition : 0;
    const infinity = (2 ** exponentSize - 1) * 2 ** mantissaSize;
    const size = Math.abs(value);
    if (Number.isNaN(size)) return sign | ((infinity + 2 ** Math.max(mantissaSize - 1, 0)) << mantissaPosition);
    // Numbers below the least exponent are counted in its units.
    const exponent = Math.max(((high >>> 20) & 0x7ff) - 1023 + exponentBias - 1, 0);
    if (exponent > 2 ** exponentSize - 2) return sign | (infinity << mantissaPosition);
    const mantissa = size / this.units[exponent] + ROUNDING - ROUNDING;
    // A mantissa that was rounded up to the next power carries into the exponent.
    return sign | (Math.min(mantissa + exponent * 2 ** mantissaSize, infinity) << mantissaPosition);
  }
}
