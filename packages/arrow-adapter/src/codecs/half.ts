/** Floats of 16 bits (IEEE 754 binary16) to and from those of 32. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Bits of a float that 16 bits hold; what lies between two of them goes to the even one. */
function halfBits(value: number): number {
  float[0] = value;
  const word = bits[0];
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  const mantissa = word & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200 | (mantissa >>> 13));
  const power = exponent - 112;
  if (power >= 31) return sign | 0x7c00;
  if (power <= 0) {
    if (power < -10) return sign;
    return sign | rounded(mantissa | 0x800000, 14 - power);
  }
  return sign | rounded((power << 23) | mantissa, 13);
}

/** Shifts right to the nearest, ties to even. */
function rounded(value: number, shift: number): number {
  const half = 2 ** (shift - 1);
  const rest = value & (2 ** shift - 1);
  const whole = value >>> shift;
  return rest > half || (rest === half && (whole & 1) === 1) ? whole + 1 : whole;
}

function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** Values as bits. */
export function toHalf(values: Float32Array, count: number): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(count);
  for (let i = 0; i < count; i++) halves[i] = halfBits(values[i]);
  return halves;
}

/** Bits as values. */
export function fromHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halfValue(halves[i]);
  return values;
}
