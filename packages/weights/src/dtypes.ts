/** Element types of tensors, by the names that PyTorch and Keras use, and what is known of each. */

/** Name of an element type, as PyTorch and Keras have it. */
export type ElementType =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float16"
  | "float32"
  | "float64"
  | "bfloat16"
  | "complex64"
  | "complex128"
  | "float8_e4m3fn"
  | "float8_e5m2"
  | "float8_e4m3fnuz"
  | "float8_e5m2fnuz"
  | "float8_e8m0fnu"
  | "float6_e2m3"
  | "float6_e3m2"
  | "float4_e2m1"
  | "int4"
  | "uint4";

/** What is known of an element type. */
export interface ElementFacts {
  /** Bits of an element; below 8 they are packed, and a tensor ends on a whole byte. */
  readonly bits: number;
  /** Bytes that change places between byte orders: half an element of complex numbers. */
  readonly unit: number;
}

const facts = (bits: number, unit: number = Math.max(1, bits / 8)): ElementFacts => ({ bits, unit });

/** The facts of every element type, by its name. */
export const ELEMENT_TYPES: Readonly<Record<ElementType, ElementFacts>> = {
  bool: facts(8),
  int8: facts(8),
  uint8: facts(8),
  int16: facts(16),
  uint16: facts(16),
  int32: facts(32),
  uint32: facts(32),
  int64: facts(64),
  uint64: facts(64),
  float16: facts(16),
  float32: facts(32),
  float64: facts(64),
  bfloat16: facts(16),
  complex64: facts(64, 4),
  complex128: facts(128, 8),
  float8_e4m3fn: facts(8),
  float8_e5m2: facts(8),
  float8_e4m3fnuz: facts(8),
  float8_e5m2fnuz: facts(8),
  float8_e8m0fnu: facts(8),
  float6_e2m3: facts(6, 1),
  float6_e3m2: facts(6, 1),
  float4_e2m1: facts(4, 1),
  int4: facts(4, 1),
  uint4: facts(4, 1),
};

/** Whether a text names an element type. */
export const isElementType = (name: string): name is ElementType => Object.hasOwn(ELEMENT_TYPES, name);

/** Elements of a shape; 1 of a scalar. */
export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** Bytes of a tensor, packed, in C order; not a whole number where its bits do not fill its last byte. */
export const bytesOf = (dtype: ElementType, shape: readonly number[]): number =>
  (elementsOf(shape) * ELEMENT_TYPES[dtype].bits) / 8;

/** Reverses the bytes of each unit of a tensor's elements, in place: from one byte order to the other. */
export function swapBytes(bytes: Uint8Array, dtype: ElementType): Uint8Array {
  const { unit } = ELEMENT_TYPES[dtype];
  for (let at = 0; unit > 1 && at + unit <= bytes.length; at += unit) bytes.subarray(at, at + unit).reverse();
  return bytes;
}
