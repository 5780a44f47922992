/** From float64 to floating-point numbers of any layout, rounded to nearest, ties to even. */
import type { FloatType } from "../../format/datatype/datatype.ts";

const scratch = new DataView(new ArrayBuffer(8));

/** Fields of one number in a layout; `mantissa` without an implied bit, up to 2^53, to be shifted up by `shift` bits. */
interface Parts {
  readonly exponent: number;
  readonly mantissa: number;
  readonly shift: number;
}

/** Encodes one element at a time, lowest byte first. */
export class FloatEncoder {
  private readonly type: FloatType;
  private readonly maxExponent: number;
  /** Bits after the point of a normal number. */
  private readonly fraction: number;

  constructor(type: FloatType) {
    this.type = type;
    this.maxExponent = 2 ** type.exponentSize - 1;
    this.fraction = type.normalization === "implied" ? type.mantissaSize : type.mantissaSize - 1;
  }

  /** Writes the bits of `value` to `bytes`, which is `type.size` bytes long and all zeros. */
  encode(value: number, bytes: Uint8Array): void {
    const { signPosition, exponentPosition, exponentSize, mantissaPosition } = this.type;
    scratch.setFloat64(0, value);
    if (scratch.getUint8(0) >= 0x80) setBits(bytes, signPosition, 1, 1);
    const { exponent, mantissa, shift } = this.parts(Math.abs(value));
    setBits(bytes, exponentPosition, exponentSize, exponent);
    setBits(bytes, mantissaPosition + shift, 53, mantissa);
  }

  private parts(value: number): Parts {
    const { mantissaSize, normalization } = this.type;
    const explicit = normalization !== "implied";
    if (Number.isNaN(value)) {
      // The highest bit that tells it from infinity.
      const top = Math.max(normalization === "none" ? mantissaSize - 2 : mantissaSize - 1, 0);
      return { exponent: this.maxExponent, mantissa: normalization === "none" ? 3 : 1, shift: top };
    }
    if (value === Number.POSITIVE_INFINITY) return this.infinity();
    if (value === 0) return { exponent: 0, mantissa: 0, shift: 0 };
    return this.finite(value, explicit);
  }

  private infinity(): Parts {
    const { mantissaSize, normalization } = this.type;
    const leading = normalization === "none" ? 1 : 0;
    return { exponent: this.maxExponent, mantissa: leading, shift: leading * (mantissaSize - 1) };
  }

  private finite(value: number, explicit: boolean): Parts {
    const { exponentBias } = this.type;
    const lowest = explicit ? 0 : 1;
    let exponent = Math.max(exponentOf(value) + exponentBias, lowest);
    // Units of the last place; at most 53 bits are significant, the others are zeros.
    const kept = Math.min(this.fraction, 52);
    let mantissa = roundEven(scale(value, kept - (exponent - exponentBias)));
    if (mantissa >= 2 ** (kept + 1)) {
      mantissa /= 2;
      exponent++;
    }
    if (exponent >= this.maxExponent && this.type.exponentSize > 0) return this.infinity();
    const shift = this.fraction - kept;
    if (explicit) return { exponent: mantissa === 0 ? 0 : exponent, mantissa, shift };
    // Below the leading bit: subnormal.
    if (mantissa < 2 ** kept) return { exponent: 0, mantissa, shift };
    return { exponent, mantissa: mantissa - 2 ** kept, shift };
  }
}

/** The power of two at or below a positive number. */
function exponentOf(value: number): number {
  scratch.setFloat64(0, value);
  const bits = scratch.getUint16(0) >> 4;
  if (bits > 0) return bits - 1023;
  return exponentOf(value * 2 ** 64) - 64;
}

/** `value` times 2 ** `power`; exact, or far below one half. */
function scale(value: number, power: number): number {
  if (power > 1023) return value * 2 ** 1000 * 2 ** (power - 1000);
  return power < -1000 ? value * 2 ** -1000 * 2 ** Math.max(power + 1000, -1074) : value * 2 ** power;
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** Sets up to 53 bits from `position` on to those of `value`. */
function setBits(bytes: Uint8Array, position: number, size: number, value: number): void {
  for (let done = 0; value > 0 && done < size; ) {
    const at = position + done;
    const take = Math.min(8 - (at & 7), size - done);
    const part = value % 2 ** take;
    bytes[at >> 3] |= part << (at & 7);
    value = (value - part) / 2 ** take;
    done += take;
  }
}
