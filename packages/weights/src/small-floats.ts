/** Floats of 8 and 16 bits as numbers: by their bits, since JavaScript has no arrays for most of them. */
import type { ElementType } from "./dtypes.ts";

interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** What the highest exponent means: infinities and NaN as in IEEE 754; `"fn"`: only all ones is NaN; `"fnuz"`: only minus zero is. */
  readonly special: "ieee" | "fn" | "fnuz";
}

const FORMATS: Partial<Record<ElementType, FloatFormat>> = {
  float16: { exponentBits: 5, mantissaBits: 10, bias: 15, special: "ieee" },
  bfloat16: { exponentBits: 8, mantissaBits: 7, bias: 127, special: "ieee" },
  float8_e4m3fn: { exponentBits: 4, mantissaBits: 3, bias: 7, special: "fn" },
  float8_e5m2: { exponentBits: 5, mantissaBits: 2, bias: 15, special: "ieee" },
  float8_e4m3fnuz: { exponentBits: 4, mantissaBits: 3, bias: 8, special: "fnuz" },
  float8_e5m2fnuz: { exponentBits: 5, mantissaBits: 2, bias: 16, special: "fnuz" },
};

/** Elements of small floats as a `Float32Array`, which holds each of their values. */
export function widen(bytes: Uint8Array, dtype: ElementType): Float32Array {
  const width = dtype === "float16" || dtype === "bfloat16" ? 2 : 1;
  const table = tableOf(dtype, width);
  const output = new Float32Array(bytes.length / width);
  for (let i = 0; i < output.length; i++)
    output[i] = table[width === 1 ? bytes[i] : bytes[2 * i] | (bytes[2 * i + 1] << 8)];
  return output;
}

const tables = new Map<ElementType, Float32Array>();

/** The value of each pattern of bits. */
function tableOf(dtype: ElementType, width: number): Float32Array {
  let table = tables.get(dtype);
  if (table === undefined) {
    const format = FORMATS[dtype];
    table = Float32Array.from({ length: 2 ** (8 * width) }, (_, bits) =>
      format === undefined ? powerOfTwo(bits) : floatValue(bits, format),
    );
    tables.set(dtype, table);
  }
  return table;
}

/** float8_e8m0fnu: an exponent and nothing else. */
const powerOfTwo = (bits: number): number => (bits === 0xff ? Number.NaN : 2 ** (bits - 127));

function floatValue(bits: number, { exponentBits, mantissaBits, bias, special }: FloatFormat): number {
  const negative = bits >>> (exponentBits + mantissaBits) === 1;
  const sign = negative ? -1 : 1;
  const highest = 2 ** exponentBits - 1;
  const exponent = (bits >>> mantissaBits) & highest;
  const mantissa = bits & (2 ** mantissaBits - 1);
  if (special === "fnuz" && negative && exponent === 0 && mantissa === 0) return Number.NaN;
  if (special === "ieee" && exponent === highest) return mantissa === 0 ? sign * Infinity : Number.NaN;
  if (special === "fn" && exponent === highest && mantissa === 2 ** mantissaBits - 1) return Number.NaN;
  const fraction = mantissa / 2 ** mantissaBits;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias);
  return sign * (1 + fraction) * 2 ** (exponent - bias);
}
