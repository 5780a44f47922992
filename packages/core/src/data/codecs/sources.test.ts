import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, readElements } from "../../../test/support/elements.ts";
import { store } from "../../../test/support/stored.ts";
import { asAddress, type Sizes } from "../../bytes/address.ts";
import type { Datatype, IntegerType, StringPadding } from "../../format/datatype/datatype.ts";
import type { AnyData } from "../arrays.ts";
import { dtype } from "../dtype/build.ts";
import { DType } from "../dtype/dtype.ts";
import { complexParts } from "../dtype/meaning.ts";
import { floatType, integerType } from "../dtype/standard.ts";
import { AttributeReference, Reference, RegionReference } from "../reference.ts";
import { makeResult } from "../result.ts";
import { sourceFor } from "../writing/write-value.ts";
import { makeSource } from "./make-source.ts";
import { type ArrayName, makeNumbers, numberCodec } from "./numbers.ts";
import { packTexts } from "./text-encoder.ts";

const of = (name: string): Datatype => dtype(name).datatype;

/** Datatype, data, the bytes of all elements. */
const CASES: readonly [string, Datatype, AnyData, string][] = [
  ["i1", of("i1"), Int8Array.of(1, -1), "01 ff"],
  ["<i2", of("<i2"), Int16Array.of(1, -2), "0100 feff"],
  [">u4", of(">u4"), Uint32Array.of(1, 2 ** 31), "00000001 80000000"],
  [">i8", of(">i8"), BigInt64Array.of(-2n), "fffffffffffffffe"],
  ["<f4", of("<f4"), Float32Array.of(1), "0000803f"],
  [">f8", of(">f8"), Float64Array.of(1.5), "3ff8000000000000"],
  ["<f2", of("<f2"), Float32Array.of(1, 65504, -0), "003c ff7b 0080"],
  [">bfloat16", of(">bfloat16"), Float32Array.of(1), "3f80"],
  ["x87", of("float80"), Float64Array.of(1), "0000000000000080ff3f"],
  ["VAX G", { ...floatType("float64"), order: "vax", exponentBias: 1025 }, Float64Array.of(1), "1040000000000000"],
  ["int24", of(">i3"), Int32Array.of(-2), "fffffe"],
  ["i16", of("i16"), [-1n], "ff".repeat(16)],
  ["17 bits at 5", bits(4, 17, 5, true), Int32Array.of(-1, 1), "e0ff3f00 20000000"],
  ["padded", { ...bits(2, 8, 4, false), lowPad: 1, highPad: 1 }, Uint16Array.of(0, 255), "0ff0 ffff"],
  ["bitfield", dtype.bitfield("u1", { precision: 3, bitOffset: 2 }).datatype, Uint8Array.of(7), "1c"],
  ["time", { class: "time", size: 4, order: "be", precision: 32 }, Uint32Array.of(258), "00000102"],
  ["bool", of("bool"), Uint8Array.of(0, 1), "00 01"],
  ["enum", dtype.enum({ A: -2 }, ">i2").datatype, Int16Array.of(-2), "fffe"],
  ["datetime64", of(">M8[s]"), BigInt64Array.of(5n), "0000000000000005"],
  ["c8", of(">c8"), Float32Array.of(1, 2), "3f800000 40000000"],
  ["array", dtype.array(">u2", [2]).datatype, Uint16Array.of(1, 2, 3, 4), "0001 0002 0003 0004"],
  ["nullpad", text(4, "nullpad"), ["ab", "abcd", ""], "61620000 61626364 00000000"],
  ["nullterm", text(4, "nullterm"), ["ab", "abc"], "61620000 61626300"],
  ["spacepad", text(4, "spacepad"), ["é", ""], "c3a92020 20202020"],
  ["UTF-8", text(4, "nullpad"), ["é€"[0], "𝄞"], "c3a90000 f09d849e"],
  ["opaque", of("V2"), [hex("0102"), hex("0304")], "0102 0304"],
  [
    "reference",
    dtype.reference.datatype,
    [new Reference(asAddress(0x60)), new Reference(null)],
    "6000000000000000 0000000000000000",
  ],
  [
    "compound",
    dtype.compound({ n: ">u2", s: "S1" }).datatype,
    { n: Uint16Array.of(1, 2), s: ["a", "b"] },
    "000161 000262",
  ],
  [
    "compound with gaps",
    { class: "compound", size: 6, members: [{ name: "n", offset: 2, type: of("u1") }] },
    { n: Uint8Array.of(1, 2) },
    "000001000000 000002000000",
  ],
  ["vlen", dtype.vlen("u1").datatype, [hex(""), hex("0102")], `${"00".repeat(16)}02000000 0008000000000000 01000000`],
  ["string", of("string"), ["", "abc"], "00000000 0008000000000000 01000000 03000000 0008000000000000 02000000"],
];

function bits(size: number, precision: number, bitOffset: number, signed: boolean): IntegerType {
  return { ...integerType(size, signed), precision, bitOffset };
}

function text(length: number, padding: StringPadding): Datatype {
  return dtype.string({ length, padding }).datatype;
}

describe("sources", () => {
  it.each(CASES)("%s", (_, type, data, expected) => {
    const count = hex(expected).length / type.size;
    for (const piece of [1, 2, count]) {
      const { bytes, heap } = store(makeSource(type, data), count, piece);
      expect(bytes).toEqual(hex(expected));
      expect(readElements(type, bytes, { heap })).toEqual(data);
    }
  });

  it("hand over memory that is the file's bytes already", () => {
    const numbers = Float64Array.of(1, 2);
    expect(makeSource(of("<f8"), numbers).direct).toEqual(new Uint8Array(numbers.buffer));
    expect(makeSource(of("<c16"), numbers).direct).toEqual(new Uint8Array(numbers.buffer));
    expect(makeSource(of(">f8"), numbers).direct).toBeUndefined();
    expect(makeSource(dtype.compound({ a: "f8" }).datatype, { a: numbers }).direct).toBeUndefined();
  });

  it("keep references of all kinds", () => {
    const address = asAddress(0x5566);
    const points = { kind: "points" as const, version: 1 as const, rank: 2, points: Float64Array.of(1, 2) };
    const region = new RegionReference(address, points);
    const nowhere = new RegionReference(null, { kind: "none" });
    for (const offsets of [2, 4, 8] as const) {
      const sizes: Sizes = { offsets, lengths: 8 };
      const old: Datatype = { class: "reference", kind: "region", size: 12 };
      const stored = store(makeSource(old, [region, nowhere], sizes), 2);
      expect(readElements(old, stored.bytes, { heap: stored.heap, sizes })).toEqual([region, nowhere]);
      const all = [
        new Reference(address),
        new Reference(address, "other.h5"),
        region,
        new AttributeReference(address, "Größe"),
        new Reference(null),
      ];
      const any: Datatype = { class: "reference", kind: "standard", size: 18 };
      const mixed = store(makeSource(any, all, sizes), all.length, 2);
      expect(readElements(any, mixed.bytes, { heap: mixed.heap, sizes })).toEqual(all);
    }
  });

  it.each([
    ["another array", of("f4"), Float64Array.of(1), /cannot be written/],
    ["numbers for text", of("S1"), Float64Array.of(1), /cannot be written/],
    ["what is no text", of("string"), [3 as unknown as string], /found "number"/],
    ["a NUL that would end the text", text(4, "nullterm"), ["a\0b"], /without NUL/],
    ["no ASCII", dtype.string({ length: 4, encoding: "ascii" }).datatype, ["é"], /ASCII/],
    ["no ASCII, of variable length", dtype.string({ encoding: "ascii" }).datatype, ["é"], /ASCII/],
    ["a NUL in text of variable length", of("string"), ["a\0"], /without NUL/],
    ["bytes of another size", of("V2"), [hex("010203")], /wrong number of bytes/],
    ["a value beyond the bits", bits(2, 5, 0, true), Int16Array.of(16), /signed integers of 5 bits/],
    ["a missing member", dtype.compound({ toString: "u1" }).datatype, {}, /lacks a member/],
  ] as [string, Datatype, AnyData, RegExp][])("refuse %s", (_, type, data, message) => {
    const write = (): unknown => store(makeSource(type, data), (data as string[]).length ?? 1);
    expect(write).toThrow(expect.objectContaining({ name: "DTypeError" }));
    expect(write).toThrow(message);
  });

  it.each([
    ["nullpad", "abcdef", "61626364"],
    ["nullterm", "abcdef", "61626300"],
    ["spacepad", "aééé", "61c3a920"],
    ["nullpad", "ab€", "61620000"],
    ["nullpad", "𝄞𝄞", "f09d849e"],
  ] as [StringPadding, string, string][])(
    "cut text that is too long behind a character: %s %s",
    (padding, long, bytes) => {
      expect(store(makeSource(text(4, padding), [long]), 1).bytes).toEqual(hex(bytes));
    },
  );

  it("refuse before anything is taken", () => {
    for (const [type, data] of [
      [of("string"), ["a", "b\0"]],
      [text(4, "nullterm"), ["\0"]],
      [bits(2, 5, 0, true), Int16Array.of(1, -17)],
      [bits(8, 40, 0, false), BigUint64Array.of(2n ** 40n)],
      [of("V2"), [hex("01")]],
    ] as [Datatype, AnyData][]) {
      expect(() => makeSource(type, data)).toThrow(expect.objectContaining({ name: "DTypeError" }));
    }
  });

  it("round floats once", () => {
    // Halfway between two float16 in float64, but not after rounding to float32.
    const value = 1 + 2 ** -11 + 2 ** -40;
    expect(store(makeSource(of("<f2"), Float64Array.of(value)), 1).bytes).toEqual(hex("013c"));
  });

  it("keep bytes that are no text", () => {
    const type = text(3, "nullpad");
    const bytes = Uint8Array.of(0xff, 0xe9, 0x61);
    expect(store(makeSource(type, readElements(type, bytes)), 1).bytes).toEqual(bytes);
  });
});

describe("texts in one piece of memory", () => {
  it("are all there, whatever their characters", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 40 })), (some) => {
        const data = some.map((one) => one.replaceAll("\0", ""));
        const { bytes, starts } = packTexts(data);
        const back = data.map((_, i) =>
          new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(starts[i], starts[i + 1])),
        );
        expect(back).toEqual(data);
      }),
    );
  });
});

const leaves = fc.constantFrom(
  ...[
    "i1",
    ">i2",
    "<u4",
    ">i8",
    "u8",
    "i3",
    ">u7",
    "i16",
    "f2",
    ">f4",
    "<f8",
    "bool",
    "c8",
    ">c16",
    "S5",
    "V3",
    "string",
    "M8[s]",
  ].map(of),
  dtype.enum({ A: 1 }, ">i4").datatype,
  dtype.reference.datatype,
  bits(4, 19, 3, true),
);

const types: fc.Arbitrary<Datatype> = fc.letrec<{ type: Datatype }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaves,
    tie("type").map((base) => dtype.vlen(new DType(base)).datatype),
    fc.tuple(tie("type"), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 })).map(
      ([base, dims]): Datatype => ({
        class: "array",
        base,
        dims,
        size: dims.reduce((product, dim) => product * dim, base.size),
      }),
    ),
    fc.array(fc.tuple(tie("type"), fc.nat(2)), { minLength: 1, maxLength: 3 }).map((some): Datatype => {
      let offset = 0;
      const members = some.map(([type, gap], i) => {
        const member = { name: `m${i}`, offset: offset + gap, type };
        offset += gap + type.size;
        return member;
      });
      return { class: "compound", size: offset, members };
    }),
  ),
})).type;

/** Data of a datatype, from a stream of numbers. */
function dataOf(type: Datatype, count: number, next: () => number): AnyData {
  const codec = numberCodec(type);
  if (codec !== undefined) return numbersOf(type, codec.array, count, next);
  if (complexParts(type) !== undefined) return dataOf(complexParts(type)!.base, count * 2, next);
  const list = <T>(one: () => T): T[] => Array.from({ length: count }, one);
  switch (type.class) {
    case "array":
      return dataOf(
        type.base,
        type.dims.reduce((product, dim) => product * dim, count),
        next,
      );
    case "compound": {
      const record: { [name: string]: AnyData } = Object.create(null);
      for (const { name, type: member } of type.members) record[name] = dataOf(member, count, next);
      return record;
    }
    case "string":
      return list(() => "ab c".slice(0, next() % 5).trimEnd());
    case "opaque":
      return list(() => Uint8Array.from({ length: type.size }, next));
    case "reference":
      return list(() => new Reference(next() % 3 === 0 ? null : asAddress(1 + next())));
    default:
      return (type as { kind: string }).kind === "string"
        ? list(() => "x€yz".slice(0, next() % 5))
        : list(() => dataOf((type as { base: Datatype }).base, next() % 4, next));
  }
}

function numbersOf(type: Datatype, array: ArrayName, count: number, next: () => number): AnyData {
  const data = makeNumbers(array, count) as unknown as { [i: number]: number | bigint };
  const big = array === "bigint" || array.startsWith("Big");
  const most = type.class === "enum" || array === "Uint8Array" ? 2 : 100;
  for (let i = 0; i < count; i++) data[i] = big ? BigInt(next() % most) : next() % most;
  return data as unknown as AnyData;
}

describe("sources and sinks", () => {
  it("are each other's way back, for any datatype", () => {
    fc.assert(
      fc.property(
        types,
        fc.integer({ min: 0, max: 5 }),
        fc.array(fc.nat(255), { minLength: 1, maxLength: 40 }),
        (type, count, numbers) => {
          let at = 0;
          const next = (): number => numbers[at++ % numbers.length];
          const data = dataOf(type, count, next);
          const { bytes, heap } = store(makeSource(type, data), count, 2);
          const back = readElements(type, bytes, { heap });
          expect(back).toEqual(data);
          expect(store(makeSource(type, back), count).bytes).toEqual(bytes);
          const result = makeResult(data, [count], type);
          for (const value of [result, result.toNested()]) {
            expect(store(sourceFor(value, type, [count]), count, 3).bytes).toEqual(bytes);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
