import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { doubleBits, type FloatType, nearest } from "./canonical-float.ts";

const format = (size: number, exponentSize: number, mantissaSize: number, exponentBias: number): FloatType => ({
  class: "float",
  size,
  order: "le",
  bitOffset: 0,
  precision: 8 * size,
  signPosition: exponentSize + mantissaSize,
  exponentPosition: mantissaSize,
  exponentSize,
  exponentBias,
  mantissaPosition: 0,
  mantissaSize,
  normalization: "implied",
});

const bitsOf = (value: number): bigint => new BigUint64Array(Float64Array.of(value).buffer)[0];

describe("canonical floats", () => {
  it("of 64 bits are themselves", () => {
    const double = format(8, 11, 52, 1023);
    fc.assert(fc.property(fc.double({ noNaN: true }), (x) => doubleBits(double, bitsOf(x)) === bitsOf(x)));
  });

  it("of 32 bits are the same value", () => {
    const single = format(4, 8, 23, 127);
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        return doubleBits(single, BigInt(new Uint32Array(Float32Array.of(x).buffer)[0])) === bitsOf(x);
      }),
    );
  });

  const quad = format(16, 15, 112, 16383);
  it.each([
    ["one", 16383n << 112n, 1],
    ["a tie, to even below", (16383n << 112n) | (1n << 59n), 1],
    ["a tie, to even above", (16383n << 112n) | (3n << 59n), 1 + 2 ** -51],
    ["just above a tie", (16383n << 112n) | (1n << 59n) | 1n, 1 + 2 ** -52],
    ["too large", 30_000n << 112n, Number.POSITIVE_INFINITY],
    ["too small", 1n, 0],
    ["the largest that is rounded down to the smallest", (BigInt(16383 - 1074) << 112n) | 1n, Number.MIN_VALUE],
    ["minus infinity", (1n << 127n) | (0x7fffn << 112n), Number.NEGATIVE_INFINITY],
    ["minus zero", 1n << 127n, -0],
  ])("of 128 bits: %s", (_, bits, value) => {
    expect(doubleBits(quad, bits)).toBe(bitsOf(value));
  });

  it("make one NaN of all", () => {
    expect(doubleBits(quad, (0xffffn << 112n) | 5n)).toBe(0x7ff8000000000000n);
  });

  it("take the top bit of an x87 mantissa as it stands", () => {
    const x87 = { ...format(16, 15, 64, 16383), normalization: "none" as const };
    expect(doubleBits(x87, (16383n << 64n) | (1n << 63n))).toBe(bitsOf(1));
    expect(doubleBits(x87, (0x7fffn << 64n) | (1n << 63n))).toBe(bitsOf(Number.POSITIVE_INFINITY));
    expect(doubleBits(x87, (0x7fffn << 64n) | (3n << 62n))).toBe(0x7ff8000000000000n);
  });

  it("round as the division of numbers does", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }), fc.integer({ min: -1100, max: 900 }), (m, scale) => {
        const half = Math.trunc(scale / 2);
        const exact = Number(m) * 2 ** half;
        // Only where the first product is exact may the second decide.
        fc.pre(exact >= Number.MIN_VALUE * 2 ** 60 && Number.isFinite(exact));
        expect(nearest(m, scale)).toBe(bitsOf(exact * 2 ** (scale - half)));
      }),
    );
  });
});
