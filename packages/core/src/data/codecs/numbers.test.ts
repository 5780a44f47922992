import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, readAs, readElements, readInAllWays } from "../../../test/support/elements.ts";
import type { Datatype, FloatType } from "../../format/datatype/datatype.ts";
import { dtype } from "../dtype/build.ts";
import { floatType, integerType } from "../dtype/standard.ts";
import { FloatDecoder } from "./float.ts";
import { FloatEncoder } from "./float-encoder.ts";
import { floatWriter } from "./float-writer.ts";
import { isSmallFloat } from "./small-float-writer.ts";

const of = (name: string): Datatype => dtype(name).datatype;
const bits = (
  size: number,
  precision: number,
  bitOffset: number,
  signed: boolean,
  order: "le" | "be" = "le",
): Datatype => ({
  ...integerType(size, signed, order),
  precision,
  bitOffset,
});

/** Datatype, bytes, the array they are read into. */
const CASES: readonly [string, Datatype, string, unknown][] = [
  ["i1", of("i1"), "00 7f 80 ff", Int8Array.of(0, 127, -128, -1)],
  ["u1", of("u1"), "00 7f 80 ff", Uint8Array.of(0, 127, 128, 255)],
  ["<i2", of("<i2"), "0100 ff7f 0080", Int16Array.of(1, 32767, -32768)],
  [">i2", of(">i2"), "0001 7fff 8000", Int16Array.of(1, 32767, -32768)],
  [">u2", of(">u2"), "0001 7fff 8000", Uint16Array.of(1, 32767, 32768)],
  ["<i4", of("<i4"), "01000000 00000080", Int32Array.of(1, -(2 ** 31))],
  [">u4", of(">u4"), "00000001 80000000", Uint32Array.of(1, 2 ** 31)],
  ["<i8", of("<i8"), "0100000000000000 0000000000000080", BigInt64Array.of(1n, -(2n ** 63n))],
  [">i8", of(">i8"), "0000000000000001 8000000000000000", BigInt64Array.of(1n, -(2n ** 63n))],
  [">u8", of(">u8"), "0000000000000001 8000000000000000", BigUint64Array.of(1n, 2n ** 63n)],
  ["<f4", of("<f4"), "0000803f 000080ff", Float32Array.of(1, -Infinity)],
  [">f8", of(">f8"), "3ff8000000000000 8000000000000000", Float64Array.of(1.5, -0)],
  ["<f2", of("<f2"), "003c 01fc 00fc 0100 ff7b", Float32Array.of(1, NaN, -Infinity, 2 ** -24, 65504)],
  [">f2", of(">f2"), "3c00 8001", Float32Array.of(1, -(2 ** -24))],
  ["bfloat16", of("bfloat16"), "803f 0100 807f", Float32Array.of(1, 2 ** -133, Infinity)],
  [">bfloat16", of(">bfloat16"), "3f80", Float32Array.of(1)],
  ["e4m3", of("float8_e4m3"), "38 01 77 78 79 b8", Float32Array.of(1, 2 ** -9, 240, Infinity, NaN, -1)],
  ["e5m2", of("float8_e5m2"), "3c 01 7b 7c fe", Float32Array.of(1, 2 ** -16, 57344, Infinity, NaN)],
  ["int24", of("i3"), "010000 ffffff 000080", Int32Array.of(1, -1, -(2 ** 23))],
  [">uint24", of(">u3"), "000001 ffffff", Uint32Array.of(1, 2 ** 24 - 1)],
  ["i5", of("i5"), "ffffffffff 0000000080", BigInt64Array.of(-1n, -(2n ** 39n))],
  [">u7", of(">u7"), "01000000000002", BigUint64Array.of(2n ** 48n + 2n)],
  ["i16", of("i16"), `${"ff".repeat(16)} 01${"00".repeat(14)}80`, [-1n, 1n - 2n ** 127n]],
  [">u12", of(">u12"), "800000000000000000000001", [2n ** 95n + 1n]],
  ["17 bits at 5", bits(4, 17, 5, true), "e0ff3f00 20000000 ffffffff", Int32Array.of(-1, 1, -1)],
  ["17 bits at 5, unsigned", bits(4, 17, 5, false, "be"), "ffffffff 00000020", Uint32Array.of(131071, 1)],
  ["3 bits at 2 of a byte", bits(1, 3, 2, false), "1c e3", Uint8Array.of(7, 0)],
  ["12 bits of 2, big-endian", bits(2, 12, 0, true, "be"), "f800 07ff", Int16Array.of(-2048, 2047)],
  ["59 bits at 2", bits(8, 59, 2, true), "fcffffffffffff1f 0400000000000000", BigInt64Array.of(-1n, 1n)],
  ["20 bits at 40", bits(8, 20, 40, true), "ffffffffff010000 0000000000ffff0f", BigInt64Array.of(1n, -1n)],
  ["32 bits at 32", bits(8, 32, 32, false), "ffffffff01000080", BigUint64Array.of(2n ** 31n + 1n)],
  ["33 bits at 31", bits(8, 33, 31, true), "0000008000000000 00000080ffffffff", BigInt64Array.of(1n, -1n)],
  ["90 bits at 3", bits(12, 90, 3, true, "be"), `1f${"ff".repeat(10)}f8`, [-1n]],
  ["bitfield", dtype.bitfield("u2", { precision: 9, bitOffset: 3 }).datatype, "f80f 0800", Uint16Array.of(511, 1)],
  ["time", { class: "time", size: 4, order: "be", precision: 32 }, "00000102", Uint32Array.of(258)],
  ["time of 8", { class: "time", size: 8, order: "le", precision: 64 }, "0201000000000000", BigUint64Array.of(258n)],
  ["bool", of("bool"), "00 01 02", Uint8Array.of(0, 1, 2)],
  ["enum", dtype.enum({ A: -2 }, ">i2").datatype, "fffe 0005", Int16Array.of(-2, 5)],
  ["datetime64", of(">M8[ns]"), "0000000000000005", BigInt64Array.of(5n)],
  ["c8", of("<c8"), "0000803f 00000040", Float32Array.of(1, 2)],
  [">c16", of(">c16"), "3ff0000000000000 4000000000000000", Float64Array.of(1, 2)],
  ["c4", of("<c4"), "003c 0040", Float32Array.of(1, 2)],
  ["native complex", dtype.complex("f4", { native: true }).datatype, "0000803f 00000040", Float32Array.of(1, 2)],
  [
    "complex with a gap, imaginary part first",
    {
      class: "compound",
      size: 12,
      members: [
        { name: "r", offset: 8, type: floatType("float32") },
        { name: "i", offset: 0, type: floatType("float32") },
      ],
    },
    "00000040 ffffffff 0000803f",
    Float32Array.of(1, 2),
  ],
  ["array", dtype.array(">i2", [2, 2]).datatype, "0001 0002 0003 0004", Int16Array.of(1, 2, 3, 4)],
  [
    "x87",
    of("float80"),
    "0000000000000080ff3f 0000000000000080ff7f 00000000000000c0ff7f",
    Float64Array.of(1, Infinity, NaN),
  ],
  ["x87 in 12", of("float96"), "00000000000000c000c00000", Float64Array.of(-3)],
  ["float128", of(">f16"), `3fff8000${"00".repeat(12)} 7fff${"00".repeat(14)}`, Float64Array.of(1.5, Infinity)],
  ["VAX F", vax(4, 8, 23, 129), "8040 0000 8041 0000 00c1 0000", Float64Array.of(1, 4, -2)],
  ["VAX G", vax(8, 11, 52, 1025), "1040 0000 0000 0000", Float64Array.of(1)],
];

function vax(size: number, exponentSize: number, mantissaSize: number, exponentBias: number): FloatType {
  return {
    ...floatType("float32"),
    size,
    order: "vax",
    precision: size * 8,
    signPosition: size * 8 - 1,
    exponentPosition: mantissaSize,
    exponentSize,
    exponentBias,
    mantissaSize,
  };
}

describe("numbers", () => {
  it.each(CASES)("%s", (_, type, bytes, expected) => {
    readInAllWays(type, hex(bytes), (data) => expect(data).toEqual(expected));
  });

  it.each(CASES)("%s: unwritten elements are zero, filled ones the fill value", (_, type, bytes, expected) => {
    const zeros = readAs<number[]>(type, new Uint8Array(type.size));
    expect(Array.from(zeros).every((value) => Number(value) === 0)).toBe(true);
    const all = hex(bytes);
    const one = all.slice(0, type.size);
    const written = readAs<number[]>(type, all.slice(0, type.size));
    const data = readAs<number[]>(type, new Uint8Array(40 * type.size), { fill: one, way: "filled" });
    const width = written.length;
    expect(data.slice(39 * width, 40 * width)).toEqual(written);
    expect((expected as number[]).slice(0, width)).toEqual(written);
  });

  it("keeps the bits of NaNs", () => {
    const bytes = hex("010080ff 0100c07f a100a07f");
    readInAllWays(of("<f4"), bytes, (data) => {
      const { buffer, byteOffset, byteLength } = data as Float32Array<ArrayBuffer>;
      expect(new Uint8Array(buffer, byteOffset, byteLength)).toEqual(bytes);
    });
    readInAllWays(of(">f8"), hex("7ff4000000000001"), (data) => {
      const { buffer, byteOffset } = data as Float64Array<ArrayBuffer>;
      expect(new BigUint64Array(buffer, byteOffset, 1)[0]).toBe(0x7ff4000000000001n);
    });
  });
});

/** The value of a float by exact integers: sign, then value times 2^1074 * 2^EXTRA, rounded to nearest even. */
function exactValue(type: FloatType, bytes: Uint8Array): number {
  const field = (position: number, size: number): bigint => {
    let all = 0n;
    for (let k = bytes.length - 1; k >= 0; k--) all = (all << 8n) | BigInt(bytes[k]);
    return (all >> BigInt(position)) & ((1n << BigInt(size)) - 1n);
  };
  const { exponentSize, exponentBias, mantissaSize, normalization } = type;
  const sign = field(type.signPosition, 1) === 1n ? -1 : 1;
  const exponent = Number(field(type.exponentPosition, exponentSize));
  let mantissa = field(type.mantissaPosition, mantissaSize);
  if (exponent === 2 ** exponentSize - 1) {
    const counted = normalization === "none" ? mantissa & ((1n << BigInt(mantissaSize - 1)) - 1n) : mantissa;
    return counted === 0n ? sign * Infinity : NaN;
  }
  let unit = exponent - exponentBias - mantissaSize;
  if (normalization !== "implied") unit++;
  else if (exponent === 0) unit++;
  else mantissa |= 1n << BigInt(mantissaSize);
  return sign * ratio(mantissa, unit);
}

/** mantissa * 2^unit, rounded once. */
function ratio(mantissa: bigint, unit: number): number {
  if (mantissa === 0n) return 0;
  const bitsOf = mantissa.toString(2).length;
  const drop = Math.max(bitsOf - 53, -1074 - unit);
  if (drop <= 0) return exactScale(Number(mantissa), unit);
  const half = 1n << BigInt(drop - 1);
  let kept = mantissa >> BigInt(drop);
  const rest = mantissa - (kept << BigInt(drop));
  if (rest > half || (rest === half && kept % 2n === 1n)) kept++;
  return exactScale(Number(kept), unit + drop);
}

/** By halving and doubling: exact, and without powers. */
function exactScale(value: number, power: number): number {
  for (; power > 0 && Number.isFinite(value); power--) value *= 2;
  for (; power < 0 && value !== 0; power++) value /= 2;
  return value;
}

/** Layouts of any bits: sign, exponent, mantissa from the top down after a gap. */
const layouts = fc
  .record({
    exponentSize: fc.integer({ min: 2, max: 17 }),
    mantissaSize: fc.integer({ min: 2, max: 120 }),
    gap: fc.nat(9),
    normalization: fc.constantFrom("implied" as const, "none" as const, "msbset" as const),
    bias: fc.integer({ min: -40, max: 40 }),
  })
  .map(({ exponentSize, mantissaSize, gap, normalization, bias }): FloatType => {
    const precision = 1 + exponentSize + mantissaSize;
    return {
      class: "float",
      size: Math.ceil((precision + gap) / 8),
      order: "le",
      bitOffset: gap,
      precision,
      signPosition: gap + precision - 1,
      exponentPosition: gap + mantissaSize,
      exponentSize,
      exponentBias: Math.max(2 ** (exponentSize - 1) - 1 + bias, 0),
      mantissaPosition: gap,
      mantissaSize,
      normalization,
    };
  });

describe("floats of any layout", () => {
  it("are the nearest float64", () => {
    fc.assert(
      fc.property(
        layouts.chain((type) =>
          fc.tuple(fc.constant(type), fc.uint8Array({ minLength: type.size, maxLength: type.size })),
        ),
        ([type, bytes]) => {
          expect(new FloatDecoder(type).decode(bytes, 0)).toBe(exactValue(type, bytes));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("near the ends of float64, too", () => {
    const wide = { ...floatType("float128") };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 16383 - 1140, max: 16383 - 1010 }),
          fc.integer({ min: 16383 + 1015, max: 16383 + 1030 }),
        ),
        fc.uint8Array({ minLength: 14, maxLength: 14 }),
        (exponent, mantissa) => {
          const bytes = Uint8Array.of(...mantissa, exponent & 0xff, exponent >> 8);
          expect(new FloatDecoder(wide).decode(bytes, 0)).toBe(exactValue(wide, bytes));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("are encoded to the bits that they were decoded from", () => {
    const narrow = layouts.filter((t) => t.normalization === "implied" && t.mantissaSize <= 52 && t.exponentSize <= 11);
    fc.assert(
      fc.property(
        narrow.chain((type) =>
          fc.tuple(fc.constant(type), fc.uint8Array({ minLength: type.size, maxLength: type.size })),
        ),
        ([type, bytes]) => {
          const value = new FloatDecoder(type).decode(bytes, 0);
          fc.pre(Number.isFinite(value) && exactScale(1, -1074) <= Math.abs(value));
          const encoded = new Uint8Array(type.size);
          new FloatEncoder(type).encode(value, encoded);
          expect(new FloatDecoder(type).decode(encoded, 0)).toBe(value);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("are encoded alike by the way that is faster", () => {
    const small = layouts.filter(isSmallFloat);
    const value = fc.oneof(
      fc.double(),
      fc.float(),
      fc.double({ min: -1e-30, max: 1e-30 }),
      fc.integer({ min: -9, max: 9 }).map((k) => k / 2),
      fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE),
    );
    fc.assert(
      fc.property(small, fc.array(value, { minLength: 1, maxLength: 20 }), (type, values) => {
        const bytes = new Uint8Array(values.length * type.size);
        floatWriter(type, values).take(0, values.length, bytes, 0, type.size);
        const expected = values.flatMap((one) => {
          const encoded = new Uint8Array(type.size);
          new FloatEncoder(type).encode(one, encoded);
          return [...encoded];
        });
        expect([...bytes]).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("are encoded to the nearest that there is", () => {
    const half = floatType("float16");
    const decoder = new FloatDecoder(half);
    const table = Array.from({ length: 0x7c00 }, (_, i) => decoder.decode(Uint8Array.of(i & 0xff, i >> 8), 0));
    const encoder = new FloatEncoder(half);
    fc.assert(
      fc.property(
        fc.oneof(fc.float(), fc.double({ min: -70000, max: 70000 }), fc.double({ min: -1e-6, max: 1e-6 })),
        (value) => {
          const bytes = new Uint8Array(2);
          encoder.encode(value, bytes);
          const back = decoder.decode(bytes, 0);
          const beyond = Number.isNaN(value) ? NaN : Math.abs(value) >= 65520 ? Math.sign(value) * Infinity : undefined;
          if (beyond !== undefined) {
            expect(back).toBe(beyond);
            return;
          }
          const distance = Math.abs(back - value);
          const at = (bytes[0] | (bytes[1] << 8)) & 0x7fff;
          for (const neighbour of [at - 1, at + 1]) {
            if (neighbour < 0 || neighbour >= table.length) continue;
            const other = Math.abs(table[neighbour] - Math.abs(value));
            expect(distance < other || (distance === other && at % 2 === 0)).toBe(true);
          }
          expect(Object.is(Math.sign(back), Math.sign(value)) || back === 0).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
    const minus = new Uint8Array(2);
    encoder.encode(-0, minus);
    expect(minus).toEqual(Uint8Array.of(0, 0x80));
  });

  it.each([
    ["float80", "0000000000000080ff3f", 1],
    ["float80", "00000000000000c0ff7f", NaN],
    ["float80", "0000000000000080ff7f", Infinity],
    ["float128", `${"00".repeat(14)}00c0`, -2],
    ["float8_e4m3", "78", Infinity],
  ])("%s encodes as %s", (name, bytes, value) => {
    const type = floatType(name);
    const encoded = new Uint8Array(type.size);
    new FloatEncoder(type).encode(value, encoded);
    expect(encoded).toEqual(hex(bytes));
  });

  it("with exponents beyond numbers are refused by name", () => {
    const type = { ...floatType("float128"), exponentSize: 60, mantissaSize: 60, exponentPosition: 60 };
    expect(() => readElements(type, new Uint8Array(16))).toThrow(expect.objectContaining({ name: "UnsupportedError" }));
    expect(() => readElements({ ...floatType("float32"), size: 2 ** 31 }, new Uint8Array(0))).toThrow(/more bytes/);
    expect(() => readElements({ ...vax(4, 8, 23, 129), size: 5 }, new Uint8Array(5))).toThrow(/VAX/);
  });
});

describe("integers of any bits", () => {
  it("are their bits, with the sign extended", () => {
    const types = fc
      .record({
        size: fc.integer({ min: 1, max: 12 }),
        signed: fc.boolean(),
        order: fc.constantFrom("le" as const, "be" as const),
      })
      .chain(({ size, signed, order }) =>
        fc
          .tuple(fc.integer({ min: 1, max: size * 8 }), fc.uint8Array({ minLength: size, maxLength: size }))
          .chain(([precision, bytes]) =>
            fc.tuple(
              fc.nat(size * 8 - precision).map((offset) => bits(size, precision, offset, signed, order)),
              fc.constant(bytes),
            ),
          ),
      );
    fc.assert(
      fc.property(types, ([type, bytes]) => {
        const t = type as Datatype & { class: "integer" };
        const ordered = t.order === "le" ? bytes : bytes.slice().reverse();
        let value = 0n;
        for (let k = t.size - 1; k >= 0; k--) value = (value << 8n) | BigInt(ordered[k]);
        value >>= BigInt(t.bitOffset);
        value = t.signed ? BigInt.asIntN(t.precision, value) : BigInt.asUintN(t.precision, value);
        const [read] = readElements(type, new Uint8Array(bytes)) as number[] | bigint[];
        expect(BigInt(read)).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });
});
