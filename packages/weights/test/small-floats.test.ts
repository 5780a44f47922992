import { describe, expect, it } from "vitest";
import { widen } from "../src/small-floats.ts";

const one = (dtype: Parameters<typeof widen>[1], ...bytes: number[]): number[] => [
  ...widen(Uint8Array.from(bytes), dtype),
];

/** Values by their bits, from the definitions of the types (OCP OFP8, IEEE 754, the "fnuz" types of ONNX). */
const CASES: readonly [Parameters<typeof widen>[1], readonly number[], readonly number[]][] = [
  ["float16", [0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc, 0xff, 0x7b], [1, 2 ** -24, -Infinity, 65504]],
  ["bfloat16", [0x80, 0x3f, 0x80, 0xff, 0x49, 0x40], [1, -Infinity, 3.140625]],
  ["float8_e4m3fn", [0x38, 0x7e, 0xff, 0x01, 0x80], [1, 448, Number.NaN, 2 ** -9, -0]],
  ["float8_e5m2", [0x3c, 0x7b, 0x7c, 0x7f, 0x01], [1, 57344, Infinity, Number.NaN, 2 ** -16]],
  ["float8_e4m3fnuz", [0x40, 0x7f, 0x80, 0x01], [1, 240, Number.NaN, 2 ** -10]],
  ["float8_e5m2fnuz", [0x40, 0x7f, 0x80, 0x01], [1, 57344, Number.NaN, 2 ** -17]],
  ["float8_e8m0fnu", [0x7f, 0x80, 0x00, 0xff], [1, 2, 2 ** -127, Number.NaN]],
];

describe("small floats", () => {
  it.each(CASES)("%s", (dtype, bytes, values) => expect(one(dtype, ...bytes)).toEqual(values));
});
