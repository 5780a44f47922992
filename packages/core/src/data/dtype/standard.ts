/** The datatypes that have names: integers of any width, and the floating-point formats in use. */
import type { Datatype, FloatType, IntegerType } from "../../format/datatype/datatype.ts";

/** An integer that fills its bytes. */
export function integerType(size: number, signed: boolean, order: "le" | "be" = "le"): IntegerType {
  return { class: "integer", size, order: size === 1 ? "le" : order, signed, bitOffset: 0, precision: size * 8 };
}

/** Layout of a floating-point format: sign, exponent, mantissa, from the top bit down. */
function format(
  size: number,
  exponentSize: number,
  mantissaSize: number,
  exponentBias: number = 2 ** (exponentSize - 1) - 1,
): FloatType {
  const precision = 1 + exponentSize + mantissaSize;
  return {
    class: "float",
    size,
    order: "le",
    bitOffset: 0,
    precision,
    signPosition: precision - 1,
    exponentPosition: mantissaSize,
    exponentSize,
    exponentBias,
    mantissaPosition: 0,
    mantissaSize,
    normalization: "implied",
  };
}

/** x87's extended format, with the leading bit of the mantissa stored, in as many bytes as compilers give it. */
const extended = (size: number): FloatType => ({ ...format(size, 15, 64), normalization: "none" });

/** Floating-point formats by name. `float96` is x87's in 12 bytes; x87's in 16 bytes has no name of its own. */
export const FLOAT_FORMATS: ReadonlyMap<string, FloatType> = new Map([
  ["float16", format(2, 5, 10)],
  ["float32", format(4, 8, 23)],
  ["float64", format(8, 11, 52)],
  ["float128", format(16, 15, 112)],
  ["float80", extended(10)],
  ["float96", extended(12)],
  ["bfloat16", format(2, 8, 7)],
  ["float8_e4m3", format(1, 4, 3)],
  ["float8_e5m2", format(1, 5, 2)],
  ["float6_e2m3", format(1, 2, 3)],
  ["float6_e3m2", format(1, 3, 2)],
  ["float4_e2m1", format(1, 2, 1)],
]);

/** A floating-point type by its format's name; the name must be one of {@link FLOAT_FORMATS}. */
export function floatType(name: string, order: "le" | "be" = "le"): FloatType {
  const found = FLOAT_FORMATS.get(name)!;
  return found.size === 1 || order === "le" ? found : { ...found, order };
}

/** Whether bits mean the same in both, whatever the order of the bytes. */
export function sameFormat(a: FloatType, b: FloatType): boolean {
  return (
    a.size === b.size &&
    a.bitOffset === b.bitOffset &&
    a.precision === b.precision &&
    a.signPosition === b.signPosition &&
    a.exponentPosition === b.exponentPosition &&
    a.exponentSize === b.exponentSize &&
    a.exponentBias === b.exponentBias &&
    a.mantissaPosition === b.mantissaPosition &&
    a.mantissaSize === b.mantissaSize &&
    a.normalization === b.normalization
  );
}

/** Name of a floating-point type's format, if it has one. */
export function formatName(type: FloatType): string | undefined {
  for (const [name, format] of FLOAT_FORMATS) if (sameFormat(format, type)) return name;
  return undefined;
}

/** h5py's boolean: an enumeration FALSE, TRUE over one byte. */
export const BOOL_TYPE: Datatype = {
  class: "enum",
  size: 1,
  base: integerType(1, true),
  members: [
    { name: "FALSE", value: Uint8Array.of(0) },
    { name: "TRUE", value: Uint8Array.of(1) },
  ],
};

/** Text of variable length, as libhdf5 writes it: over unsigned bytes (16 bytes: length, heap address of 8 bytes, index). */
export function textType(charset: "ascii" | "utf8" = "utf8"): Datatype {
  return {
    class: "vlen",
    kind: "string",
    size: 16,
    padding: "nullterm",
    charset,
    base: integerType(1, false),
  };
}
