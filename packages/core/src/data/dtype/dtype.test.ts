import { describe, expect, expectTypeOf, it } from "vitest";
import { isH5Error } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import type { AnyData, BoolArray, ComplexArray, Item } from "../arrays.ts";
import type { Reference } from "../reference.ts";
import { dtype } from "./build.ts";
import { DType } from "./dtype.ts";
import type { Data } from "./like.ts";
import { floatType, integerType } from "./standard.ts";

/** Name asked for, long name, notation, bytes, order. */
const NAMES: readonly [string, string, string, number, string][] = [
  ["i1", "int8", "|i1", 1, "|"],
  [">i1", "int8", "|i1", 1, "|"],
  ["<i2", "int16", "<i2", 2, "<"],
  [">i8", "int64", ">i8", 8, ">"],
  ["=u4", "uint32", "<u4", 4, "<"],
  ["u3", "uint24", "<u3", 3, "<"],
  ["uint8", "uint8", "|u1", 1, "|"],
  ["int64", "int64", "<i8", 8, "<"],
  ["f2", "float16", "<f2", 2, "<"],
  [">f4", "float32", ">f4", 4, ">"],
  ["float64", "float64", "<f8", 8, "<"],
  ["f16", "float128", "<f16", 16, "<"],
  ["bfloat16", "bfloat16", "bfloat16", 2, "<"],
  [">bfloat16", "bfloat16", ">bfloat16", 2, ">"],
  ["float8_e4m3", "float8_e4m3", "float8_e4m3", 1, "|"],
  ["float8_e5m2", "float8_e5m2", "float8_e5m2", 1, "|"],
  ["c8", "complex64", "<c8", 8, "<"],
  [">c16", "complex128", ">c16", 16, ">"],
  ["complex32", "complex32", "<c4", 4, "<"],
  ["?", "bool", "bool", 1, "|"],
  ["bool", "bool", "bool", 1, "|"],
  ["S20", "S20", "S20", 20, "|"],
  ["|S1", "S1", "S1", 1, "|"],
  ["V5", "opaque", "V5", 5, "|"],
  ["string", "string", "string(utf8)", 16, "|"],
  ["<M8[ns]", "datetime64[ns]", "<M8[ns]", 8, "<"],
  [">M8[25s]", "datetime64[25s]", ">M8[25s]", 8, ">"],
  ["timedelta64[D]", "timedelta64[D]", "<m8[D]", 8, "<"],
  ["m8", "timedelta64", "<m8", 8, "<"],
];

const WRONG = [
  "",
  "f",
  "f3",
  "f5",
  "i0",
  "i17",
  "x4",
  "float",
  "int7",
  "S0",
  "S",
  "S4294967296",
  "M8[parsec]",
  "c3",
  "F4",
  "<<f4",
];

describe("names", () => {
  it.each(NAMES)("%s", (asked, name, notation, size, order) => {
    const type = dtype(asked);
    expect([type.name, type.toString(), type.itemsize, type.byteOrder]).toEqual([name, notation, size, order]);
    expect(type.equals(asked)).toBe(true);
    expect(JSON.stringify(type)).toBe(JSON.stringify(notation));
  });

  it.each(WRONG)("%j is none", (asked) => {
    expect(() => dtype(asked)).toThrow(expect.objectContaining({ name: "DTypeError", found: asked }));
  });

  it.each(NAMES.filter(([asked]) => !["string", "V5", "S20"].includes(asked)))(
    "%s reads back by its long name",
    (asked, name) => {
      if (name === "opaque") return;
      expect(dtype(name).matches(asked)).toBe(true);
    },
  );
});

describe("builders", () => {
  it("strings", () => {
    expect(dtype.string().toString()).toBe("string(utf8)");
    const fixed = dtype.string({ length: 20, encoding: "ascii", padding: "spacepad" });
    expect([fixed.name, fixed.encoding, fixed.length]).toEqual(["S20", "ascii", 20]);
    expect([dtype.string().encoding, dtype.string().length]).toEqual(["utf-8", undefined]);
    expect(() => dtype.string({ length: 0 })).toThrow(/no such size/);
  });

  it("compounds keep names as they are, in their order", () => {
    const type = dtype.compound([
      ["__proto__", "<f8"],
      ["10", "S3"],
      ["9", dtype.array("u1", [2, 3])],
    ]);
    expect([...type.fields!].map(([name, f]) => [name, f.offset, f.dtype.toString()])).toEqual([
      ["__proto__", 0, "<f8"],
      ["10", 8, "S3"],
      ["9", 11, "array(|u1, [2, 3])"],
    ]);
    expect(type.itemsize).toBe(17);
    expect(type.toString()).toBe('compound({ __proto__: <f8, "10": S3, "9": array(|u1, [2, 3]) })');
    expect(() =>
      dtype.compound([
        ["a", "f4"],
        ["a", "f4"],
      ]),
    ).toThrow(/two members/);
    expect(() => dtype.compound({})).toThrow(/no members/);
  });

  it("enumerations", () => {
    const type = dtype.enum({ RED: -1, GREEN: 300 }, ">i2");
    expect(type.members).toEqual(
      new Map([
        ["RED", -1],
        ["GREEN", 300],
      ]),
    );
    expect((type.datatype as Datatype & { class: "enum" }).members[1].value).toEqual(Uint8Array.of(1, 44));
    expect([type.name, type.class, type.base?.name]).toEqual(["int16", "enum", "int16"]);
    expect(type.toString()).toBe("enum({ RED: -1, GREEN: 300 }, >i2)");
    expect(dtype.enum({ A: 2n ** 63n }, "u8").members).toEqual(new Map([["A", 2n ** 63n]]));
    expect(() => dtype.enum({ A: 256 })).toThrow(expect.objectContaining({ name: "DTypeError", found: 256 }));
    expect(() => dtype.enum({ A: 0.5 })).toThrow(/cannot hold/);
    expect(() => dtype.enum({ A: 0 }, "f4")).toThrow(/no integer/);
  });

  it("arrays, sequences, bits", () => {
    const type = dtype.array(dtype.vlen("f4"), [2, 2]);
    expect([type.itemsize, type.shape, type.base?.name, type.base?.base?.name]).toEqual([
      64,
      [2, 2],
      "vlen",
      "float32",
    ]);
    for (const shape of [[], [0], [1.5], new Array(33).fill(1)])
      expect(() => dtype.array("f4", shape)).toThrow(/shape/);
    const odd = dtype.integer({ size: 4, signed: false, precision: 12, bitOffset: 4 });
    expect([odd.name, odd.equals("u4"), odd.matches("u4")]).toEqual(["uint32", false, true]);
    expect(() => dtype.integer({ size: 1, precision: 9 })).toThrow(/outside/);
    expect(dtype.float(floatType("bfloat16")).name).toBe("bfloat16");
    expect(dtype.bitfield("u2").toString()).toBe("bitfield(<u2)");
    expect(dtype.opaque(3, "x").toString()).toBe('opaque(3, "x")');
    expect(dtype.opaque(3, "x").tag).toBe("x");
    expect(dtype("M8[ms]").unit).toBe("ms");
    expect(dtype.complex("f8", { native: true }).name).toBe("complex128");
    expect(dtype.complex().fields).toBeUndefined();
  });
});

const float128x87 = { ...floatType("float80"), size: 16 };
const text: Datatype = { class: "string", size: 4, padding: "spacepad", charset: "utf8" };

/** Stored, asked for, whether it passes. */
const MATCHES: readonly [Datatype | string, string | DType, boolean][] = [
  [">f4", "f4", true],
  ["<f4", ">f4", true],
  ["f4", "f8", false],
  ["f2", "bfloat16", false],
  ["i4", "u4", false],
  [integerType(4, true), "int32", true],
  [{ class: "time", size: 4, order: "le", precision: 32 }, "u4", true],
  [dtype.enum({ A: 1 }, "i4").datatype, "i4", true],
  ["bool", "u1", false],
  ["bool", "bool", true],
  [text, "string", true],
  [text, "S4", true],
  [text, "S5", false],
  ["string", "S4", false],
  ["string", "string", true],
  ["c8", dtype.complex("f4", { native: true }), true],
  ["c8", "c16", false],
  [dtype.compound({ x: ">f4" }).datatype, dtype.compound({ x: "f4" }), true],
  [dtype.compound({ x: "f4" }).datatype, dtype.compound({ y: "f4" }), false],
  [dtype.compound({ x: "f4" }).datatype, dtype.compound({ x: "f4", y: "f4" }), false],
  [dtype.vlen(">i2").datatype, dtype.vlen("i2"), true],
  [dtype.vlen("i2").datatype, "i2", false],
  [dtype.array("f4", [2]).datatype, dtype.array("f4", [2]), true],
  [dtype.array("f4", [2]).datatype, dtype.array("f4", [3]), false],
  [dtype.enum({ A: 1 }, ">i4").datatype, dtype.enum({ A: 1 }, "i4"), true],
  [dtype.enum({ A: 1 }, "i4").datatype, dtype.enum({ A: 2 }, "i4"), false],
  [dtype.opaque(5, "tag").datatype, "V5", true],
  [dtype.opaque(5, "tag").datatype, dtype.opaque(5, "other"), false],
  [float128x87, "f16", true],
  [dtype.reference.datatype, dtype.regionReference, false],
];

describe("comparing", () => {
  it.each(MATCHES)("case %#", (stored, asked, expected) => {
    const type = typeof stored === "string" ? dtype(stored) : new DType(stored);
    expect(type.matches(asked)).toBe(expected);
    expect(type.equals(type)).toBe(true);
    expect(new DType(structuredClone(type.datatype)).equals(type)).toBe(true);
  });
  it("the version of the encoding is no difference, the bits outside are", () => {
    const plain = integerType(4, true);
    expect(new DType(plain).equals(new DType({ ...plain, version: 3 }))).toBe(true);
    expect(new DType(plain).equals(new DType({ ...plain, highPad: 1 }))).toBe(false);
    expect(new DType(plain).equals("<i4")).toBe(true);
    expect(new DType(plain).equals(">i4")).toBe(false);
    expect(new DType(plain).equals("<f4")).toBe(false);
  });
});

describe("types", () => {
  it("follow from names", () => {
    expectTypeOf<Data<"f4">>().toEqualTypeOf<Float32Array<ArrayBuffer>>();
    expectTypeOf<Data<">i8">>().toEqualTypeOf<BigInt64Array<ArrayBuffer>>();
    expectTypeOf<Data<"S20">>().toEqualTypeOf<string[]>();
    expectTypeOf<Data<"string">>().toEqualTypeOf<string[]>();
    expectTypeOf<Data<"bool">>().toEqualTypeOf<BoolArray>();
    expectTypeOf<Data<"<c16">>().toEqualTypeOf<ComplexArray<Float64Array<ArrayBuffer>>>();
    expectTypeOf<Data<"V3">>().toEqualTypeOf<Uint8Array<ArrayBuffer>[]>();
    expectTypeOf<Data<"M8[ns]">>().toEqualTypeOf<BigInt64Array<ArrayBuffer>>();
  });
  it("follow from builders", () => {
    const point = dtype.compound({ x: "f8", label: "S20", at: dtype.vlen("i8"), who: dtype.reference });
    expectTypeOf(point).toEqualTypeOf<
      DType<{
        readonly x: Float64Array<ArrayBuffer>;
        readonly label: string[];
        readonly at: BigInt64Array<ArrayBuffer>[];
        readonly who: Reference[];
      }>
    >();
    expectTypeOf(dtype("u2")).toEqualTypeOf<DType<Uint16Array<ArrayBuffer>>>();
    expectTypeOf(dtype("u2" as string)).toEqualTypeOf<DType<AnyData>>();
    expectTypeOf(dtype.enum({ A: 1 })).toEqualTypeOf<DType<Uint8Array<ArrayBuffer>>>();
    expectTypeOf(dtype.enum({ A: 1 }, "i4")).toEqualTypeOf<DType<Int32Array<ArrayBuffer>>>();
    expectTypeOf<Data<typeof point>["x"]>().toEqualTypeOf<Float64Array<ArrayBuffer>>();
    const wide: DType = point;
    expect(wide.name).toBe("compound");
    // @ts-expect-error: no such name
    expect(() => expectTypeOf<Data<"f5">>()).not.toThrow();
  });
  it("give single items", () => {
    expectTypeOf<Item<Data<"f4">>>().toEqualTypeOf<number>();
    expectTypeOf<Item<Data<"u1">>>().toEqualTypeOf<number>();
    expectTypeOf<Item<Data<"bool">>>().toEqualTypeOf<boolean>();
    expectTypeOf<Item<Data<"i8">>>().toEqualTypeOf<bigint>();
    expectTypeOf<Item<Data<"c8">>>().toEqualTypeOf<{ readonly real: number; readonly imag: number }>();
    expectTypeOf<Item<Data<"S3">>>().toEqualTypeOf<string>();
  });
  it("names the error", () => {
    try {
      dtype("nonsense");
      expect.unreachable();
    } catch (e) {
      expect(isH5Error(e, "DTypeError")).toBe(true);
    }
  });
});
