/** Floating-point numbers of any format as the bits of the nearest float64. */
import type { FileDatatype } from "h5ts";

export type FloatType = Extract<FileDatatype, { class: "float" }>;

const NAN = 0x7ff8000000000000n;
const INFINITY = 0x7ff0000000000000n;
/** Weight of the last bit of the smallest float64. */
const LEAST = -1074;

const field = (bits: bigint, at: number, size: number): bigint => BigInt.asUintN(size, bits >> BigInt(at));

/** `bits` hold one element as an unsigned number. */
export function doubleBits(type: FloatType, bits: bigint): bigint {
  const sign = field(bits, type.signPosition, 1) << 63n;
  const exponent = Number(field(bits, type.exponentPosition, type.exponentSize));
  const mantissa = field(bits, type.mantissaPosition, type.mantissaSize);
  const { exponentSize, mantissaSize, normalization } = type;
  if (exponentSize > 0 && exponent === 2 ** exponentSize - 1) {
    // The top bit of an explicit mantissa tells nothing here (x87).
    const rest = normalization === "none" ? field(mantissa, 0, mantissaSize - 1) : mantissa;
    return rest === 0n ? sign | INFINITY : NAN;
  }
  const hidden = normalization === "implied" && exponent > 0 ? 1n << BigInt(mantissaSize) : 0n;
  const first = normalization === "implied" ? mantissaSize : mantissaSize - 1;
  const scale = (normalization === "implied" ? Math.max(exponent, 1) : exponent) - type.exponentBias - first;
  return sign | nearest(hidden | mantissa, scale);
}

/** The bits of the float64 nearest to `mantissa * 2 ** scale`, ties to even. */
export function nearest(mantissa: bigint, scale: number): bigint {
  if (mantissa === 0n) return 0n;
  const top = mantissa.toString(2).length - 1 + scale;
  if (top > 1023) return INFINITY;
  const last = Math.max(top - 52, LEAST);
  const shift = last - scale;
  // Far below half of the smallest number.
  if (shift > 20_000) return 0n;
  const units = shift <= 0 ? mantissa << BigInt(-shift) : rounded(mantissa, BigInt(shift));
  // A carry out of the mantissa is one into the exponent, as it should be.
  return (BigInt(last - LEAST) << 52n) + units;
}

function rounded(mantissa: bigint, shift: bigint): bigint {
  const units = mantissa >> shift;
  const rest = mantissa - (units << shift);
  const half = 1n << (shift - 1n);
  return rest > half || (rest === half && (units & 1n) === 1n) ? units + 1n : units;
}
