import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  complete,
  type Heap,
  hex,
  LIMITS,
  readAs,
  readElements,
  readInAllWays,
} from "../../../test/support/elements.ts";
import { asAddress, DEFAULT_SIZES, type Sizes } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { decodeText, encodeText } from "../../bytes/text.ts";
import type { Datatype, StringPadding } from "../../format/datatype/datatype.ts";
import { dataspaceSelection, type StoredSelection } from "../../format/selection/dataspace-selection.ts";
import { dtype } from "../dtype/build.ts";
import { AttributeReference, Reference, RegionReference } from "../reference.ts";
import { makeSink } from "./make-sink.ts";

const of = (name: string): Datatype => dtype(name).datatype;
const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value) as Uint8Array<ArrayBuffer>;

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Elements of variable length over a heap that is made on the way. */
class Heaps {
  readonly heap: Map<string, Uint8Array> = new Map();
  private readonly offsets: 2 | 4 | 8;
  private next = 0;

  constructor(offsets: 2 | 4 | 8 = 8) {
    this.offsets = offsets;
  }

  /** Address and index of a new object. */
  id(object: Uint8Array): Uint8Array<ArrayBuffer> {
    const address = 0x1000 + 0x200 * Math.floor(this.next / 3);
    const index = 1 + (this.next++ % 3);
    this.heap.set(`${address}:${index}`, object);
    const id = new Uint8Array(this.offsets + 4);
    const view = new DataView(id.buffer);
    if (this.offsets === 2) view.setUint16(0, address, true);
    else view.setUint32(0, address, true);
    view.setUint32(this.offsets, index, true);
    return id;
  }

  /** The element that refers to an object of `count` parts. */
  element(count: number, object: Uint8Array): Uint8Array<ArrayBuffer> {
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, count, true);
    return joined(head, count === 0 ? new Uint8Array(this.offsets + 4) : this.id(object));
  }
}

const fixed = (length: number, padding: StringPadding): Datatype => dtype.string({ length, padding }).datatype;

describe("strings of fixed size", () => {
  it.each([
    ["nullterm", ["ab\0c", "abcd", "\0\0\0\0", "a  \0"], ["ab", "abcd", "", "a  "]],
    ["nullpad", ["ab\0c", "abcd", "\0\0\0\0", "a \0\0"], ["ab\0c", "abcd", "", "a "]],
    ["spacepad", ["ab c", "abcd", "    ", "a\0  "], ["ab c", "abcd", "", "a\0"]],
  ] as const)("%s", (padding, fields, expected) => {
    readInAllWays(fixed(4, padding), text(fields.join("")), (data) => expect(data).toEqual(expected));
  });

  it("are the text of their bytes, in blocks or not, ASCII or not", () => {
    const size = 7;
    const strings = fc.array(
      fc.string({ unit: "grapheme", maxLength: 5 }).map((s) => text(s).slice(0, size)),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(strings, fc.nat(3), (bytes, zoom) => {
        const some = bytes.flatMap((one) => new Array(1 + 2000 * (zoom === 0 ? 1 : 0)).fill(one) as Uint8Array[]);
        const all = new Uint8Array(some.length * size);
        some.forEach((one, i) => {
          all.set(one, i * size);
        });
        const expected = some.map((one) => decodeText(one).replace(/\0+$/, ""));
        expect(readElements(fixed(size, "nullpad"), all)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("keep bytes that are not UTF-8", () => {
    const bytes = Uint8Array.of(0x63, 0xe9, 0xff, 0x61, 0x62, 0x63);
    const data = readAs<string[]>(fixed(3, "nullterm"), bytes);
    expect(joined(...data.map((one) => encodeText(one)))).toEqual(bytes);
    expect(data[1]).toBe("abc");
  });

  it("as bytes are further axes", () => {
    readInAllWays(fixed(3, "spacepad"), text("a  bcd"), (data) => expect(data).toEqual(text("a  bcd")), {
      view: { as: "bytes" },
    });
  });
});

describe("strings of variable length", () => {
  const type = dtype.string().datatype;

  it.each([2, 4, 8] as const)("with addresses of %i bytes", (offsets) => {
    const heaps = new Heaps(offsets);
    const words = ["", "a", "Größe", "x".repeat(3000), "nul\0inside", "\ud83d\ude00"];
    const bytes = joined(...words.map((word) => heaps.element(text(word).length, text(word))));
    const expected = words.map((word) => word.replace(/\0.*/, ""));
    const sizes: Sizes = { offsets, lengths: 8 };
    const sized: Datatype = { ...(type as Datatype & { class: "vlen" }), size: 8 + offsets };
    readInAllWays(sized, bytes, (data) => expect(data).toEqual(expected), { heap: heaps.heap, sizes });
    const views = words.map((word) => text(word));
    readInAllWays(sized, bytes, (data) => expect(data).toEqual(views), {
      heap: heaps.heap,
      sizes,
      view: { as: "bytes" },
    });
  });

  it("many of them", () => {
    const heaps = new Heaps();
    const words = Array.from({ length: 30_000 }, (_, i) => (i % 7 === 0 ? "" : `${"é".repeat(i % 3)}word ${i}`));
    const bytes = joined(...words.map((word) => heaps.element(text(word).length, text(word))));
    expect(readElements(type, bytes, { heap: heaps.heap })).toEqual(words);
  });

  it("may use less of their object than there is, not more", () => {
    const heaps = new Heaps();
    expect(readElements(type, heaps.element(2, text("abc")), { heap: heaps.heap })).toEqual(["ab"]);
    expect(() => readElements(type, heaps.element(4, text("abc")), { heap: heaps.heap })).toThrow(
      expect.objectContaining({ name: "FormatError", found: "3 bytes" }),
    );
  });

  it("are bounded before anything is fetched", () => {
    const heaps = new Heaps();
    const bytes = joined(heaps.element(60, text("x")), heaps.element(60, text("x")));
    const limits = { ...LIMITS, vlenElementBytes: 59 };
    expect(() => readElements(type, bytes, { limits })).toThrow(/limits\.vlenElementBytes/);
    expect(() => readElements(type, bytes, { limits: { ...LIMITS, vlenBytes: 119 } })).toThrow(/limits\.vlenBytes/);
  });
});

describe("sequences", () => {
  it("are arrays of their base type", () => {
    const heaps = new Heaps();
    const bytes = joined(heaps.element(2, hex("0001 0002")), heaps.element(0, hex("")), heaps.element(1, hex("0003")));
    const type = dtype.vlen(">i2").datatype;
    const expected = [Int16Array.of(1, 2), Int16Array.of(), Int16Array.of(3)];
    readInAllWays(type, bytes, (data) => expect(data).toEqual(expected), { heap: heaps.heap });
    const floats = expected.map((one) => Float64Array.from(one));
    const as = dtype.vlen("f8").datatype;
    readInAllWays(type, bytes, (data) => expect(data).toEqual(floats), { heap: heaps.heap, view: { as } });
    const raw = [hex("00010002"), hex(""), hex("0003")];
    readInAllWays(type, bytes, (data) => expect(data).toEqual(raw), { heap: heaps.heap, view: { as: "bytes" } });
  });

  it("nest", () => {
    const heaps = new Heaps();
    const inner = (...values: string[]): Uint8Array =>
      heaps.element(values.length, joined(...values.map((v) => heaps.element(v.length, text(v)))));
    const outer = heaps.element(2, joined(inner("a", "", "bc"), inner()));
    const type = dtype.vlen(dtype.vlen("string")).datatype;
    expect(readElements(type, joined(outer, heaps.element(0, hex(""))), { heap: heaps.heap })).toEqual([
      [["a", "", "bc"], []],
      [],
    ]);
    const sink = makeSink(type, 1, { limits: LIMITS });
    sink.put(outer, 0, 16, 0, 1);
    expect(complete(sink, heaps.heap)).toBe(3);
  });

  it("of compounds, arrays, complex numbers, references and opaques", () => {
    const heaps = new Heaps();
    const pair = dtype.compound({ n: "u1", s: "S2", v: dtype.array("u1", [2]), z: "c8", o: "V1", r: dtype.reference });
    const row = (n: number): Uint8Array =>
      joined(
        Uint8Array.of(n, 65 + n, 0, n, n + 1),
        new Uint8Array(Float32Array.of(n, -n).buffer),
        Uint8Array.of(9),
        Uint8Array.of(n, 0, 0, 0, 0, 0, 0, 0),
      );
    const bytes = joined(heaps.element(2, joined(row(1), row(2))), heaps.element(1, row(3)));
    const data = readAs<{ [name: string]: unknown }[]>(dtype.vlen(pair).datatype, bytes, { heap: heaps.heap });
    const expected = (...numbers: number[]): unknown => ({
      __proto__: null,
      n: Uint8Array.from(numbers),
      s: numbers.map((n) => String.fromCharCode(65 + n)),
      v: Uint8Array.from(numbers.flatMap((n) => [n, n + 1])),
      z: Float32Array.from(numbers.flatMap((n) => [n, -n])),
      o: numbers.map(() => Uint8Array.of(9)),
      r: numbers.map((n) => new Reference(asAddress(n))),
    });
    expect(data).toEqual([expected(1, 2), expected(3)]);
  });

  it("longer than their objects are refused", () => {
    const heaps = new Heaps();
    const bytes = heaps.element(3, hex("0001 0002"));
    expect(() => readElements(dtype.vlen("i2").datatype, bytes, { heap: heaps.heap })).toThrow(/sequence/);
  });

  it("are bounded", () => {
    const bytes = joined(hex("ffffffff"), hex("0010000000000000 01000000"));
    expect(() => readElements(dtype.vlen("f8").datatype, bytes)).toThrow(
      expect.objectContaining({ name: "LimitError" }),
    );
  });
});

describe("compounds", () => {
  const type = dtype.compound([
    ["a", ">i4"],
    ["__proto__", "S3"],
    ["in", dtype.compound({ x: "f4", y: "u1" })],
  ]).datatype;
  const bytes = joined(
    hex("00000001"),
    text("abc"),
    hex("0000803f 07"),
    hex("00000002"),
    text("d\0\0"),
    hex("00000040 08"),
  );
  const columns = (): { [name: string]: unknown } => {
    const record = Object.create(null);
    record.a = Int32Array.of(1, 2);
    Object.defineProperty(record, "__proto__", {
      value: ["abc", "d"],
      enumerable: true,
      writable: true,
      configurable: true,
    });
    record.in = Object.assign(Object.create(null), { x: Float32Array.of(1, 2), y: Uint8Array.of(7, 8) });
    return record;
  };

  it("are columns without a prototype", () => {
    readInAllWays(type, bytes, (data) => {
      expect(data).toEqual(columns());
      expect(Object.getPrototypeOf(data)).toBeNull();
      expect(Object.keys(data as object)).toEqual(["a", "__proto__", "in"]);
    });
  });

  it("give some fields, or one", () => {
    const some = readAs<{ [name: string]: unknown }>(type, bytes, { view: { fields: ["in", "a"] } });
    expect(Object.keys(some)).toEqual(["in", "a"]);
    expect(some.a).toEqual(Int32Array.of(1, 2));
    expect(readElements(type, bytes, { view: { fields: "__proto__" } })).toEqual(["abc", "d"]);
  });

  it.each([
    [["b"], /no member of that name/],
    [["a", "a"], /twice/],
    [[], /no member/],
  ])("refuse the fields %j", (fields, message) => {
    expect(() => readElements(type, bytes, { view: { fields } })).toThrow(message);
    expect(() => readElements(of("f4"), hex("00000000"), { view: { fields: "a" } })).toThrow(/no members/);
  });

  it("convert by the names of members", () => {
    const as = dtype.compound({ in: dtype.compound({ y: "f8" }), a: "i8" }).datatype;
    const data = readElements(type, bytes, { view: { as } });
    expect(data).toEqual({
      __proto__: null,
      in: { __proto__: null, y: Float64Array.of(7, 8) },
      a: BigInt64Array.of(1n, 2n),
    });
  });

  it("as bytes are their bytes, or columns of bytes where heap objects are in them", () => {
    expect(readElements(type, bytes, { view: { as: "bytes" } })).toEqual(bytes);
    const heaps = new Heaps();
    const mixed = dtype.compound({ n: ">u2", s: "string" }).datatype;
    const row = joined(hex("0102"), heaps.element(2, text("hi")));
    const data = readElements(mixed, row, { heap: heaps.heap, view: { as: "bytes" } });
    expect(data).toEqual({ __proto__: null, n: hex("0102"), s: [text("hi")] });
  });

  it("of many rows go through in blocks", () => {
    const rows = 20_000;
    const many = new Uint8Array(rows * 9);
    const view = new DataView(many.buffer);
    for (let i = 0; i < rows; i++) {
      view.setUint8(i * 9, i % 256);
      view.setFloat64(i * 9 + 1, i / 3, true);
    }
    const data = readAs<{ n: Uint8Array; x: Float64Array }>(dtype.compound({ n: "u1", x: "f8" }).datatype, many);
    expect(data.x).toEqual(Float64Array.from({ length: rows }, (_, i) => i / 3));
    expect(data.n).toEqual(Uint8Array.from({ length: rows }, (_, i) => i % 256));
  });

  it("with two members of one name are refused", () => {
    const twice: Datatype = {
      class: "compound",
      size: 2,
      members: [0, 1].map((offset) => ({ name: "x", offset, type: of("u1") })),
    };
    expect(() => readElements(twice, hex("0102"))).toThrow(/two members/);
  });
});

describe("opaque elements", () => {
  it("are views of their bytes", () => {
    readInAllWays(of("V3"), hex("010203 040506"), (data) => expect(data).toEqual([hex("010203"), hex("040506")]));
  });
});

const selections: readonly StoredSelection[] = [
  { kind: "all" },
  { kind: "points", version: 1, rank: 2, points: Float64Array.of(1, 2, 3, 4) },
  { kind: "blocks", version: 1, rank: 1, corners: Float64Array.of(2, 5) },
];

describe("references", () => {
  it.each([2, 4, 8] as const)("to objects, by addresses of %i bytes", (addressSize) => {
    // Of old files the elements are longer than an address.
    for (const size of [addressSize, 8]) {
      const type: Datatype = { class: "reference", kind: "object", size };
      const bytes = new Uint8Array(size * 3);
      bytes[0] = 0x60;
      bytes.fill(0xff, 2 * size, 2 * size + addressSize);
      const expected = [new Reference(asAddress(0x60)), new Reference(null), new Reference(null)];
      readInAllWays(type, bytes, (data) => expect(data).toEqual(expected), {
        sizes: { offsets: addressSize, lengths: 8 },
      });
    }
    const beyond = hex("2000000000000080");
    expect(() => readElements(dtype.reference.datatype, beyond)).toThrow(/beyond 2\^53/);
    const sizes: Sizes = { ...DEFAULT_SIZES, regions: [{ start: 2n ** 63n, at: 2 ** 50 }] };
    expect(readElements(dtype.reference.datatype, beyond, { sizes })).toEqual([new Reference(asAddress(2 ** 50 + 32))]);
    expect(() => readElements(of("string"), joined(hex("01000000"), new Uint8Array(12).fill(0xff)))).toThrow(
      /undefined address/,
    );
  });

  it.each(selections)("to regions: $kind", (selection) => {
    for (const [addressSize, unused] of [
      [2, 6],
      [4, 0],
      [8, 0],
    ] as const) {
      const heaps = new Heaps(addressSize);
      const encoder = new Encoder({ offsets: addressSize, lengths: 8 });
      encoder.address(asAddress(0x320));
      dataspaceSelection(encoder, selection);
      const size = addressSize + 4 + unused;
      const bytes = joined(heaps.id(encoder.finish().slice()), new Uint8Array(unused), new Uint8Array(size));
      readInAllWays(
        { class: "reference", kind: "region", size },
        bytes,
        (data) => {
          const [first, second] = data as unknown as RegionReference[];
          expect(first.address).toBe(0x320);
          expect(first.selection).toMatchObject(selection);
          expect([second.isNull, second.selection]).toEqual([true, { kind: "none" }]);
        },
        { heap: heaps.heap, sizes: { offsets: addressSize, lengths: 8 } },
      );
    }
  });

  it("of HDF5 1.12: to objects, regions and attributes, here and in other files", () => {
    const heaps = new Heaps();
    const blob = (write: (e: Encoder) => void): Uint8Array => {
      const encoder = new Encoder();
      encoder.u8(8);
      encoder.uint(0x5566, 8);
      write(encoder);
      return encoder.finish().slice();
    };
    const name = (e: Encoder, value: string): void => {
      e.u16(value.length);
      e.text(value, value.length);
    };
    const region = blob((e) => {
      const inside = new Encoder();
      dataspaceSelection(inside, selections[1]);
      e.u32(inside.position);
      e.u32(2);
      dataspaceSelection(e, selections[1]);
    });
    const element = (type: number, flags: number, object: Uint8Array): Uint8Array =>
      joined(Uint8Array.of(type, flags), Uint8Array.of(object.length, 0, 0, 0), heaps.id(object));
    const bytes = joined(
      joined(Uint8Array.of(2, 0, 8), hex("6655000000000000"), new Uint8Array(7)),
      element(3, 0, region),
      element(
        4,
        0,
        blob((e) => name(e, "units")),
      ),
      element(
        2,
        1,
        blob((e) => name(e, "other.h5")),
      ),
      new Uint8Array(18),
    );
    const type: Datatype = { class: "reference", kind: "standard", size: 18 };
    const address = asAddress(0x5566);
    readInAllWays(
      type,
      bytes,
      (data) => {
        const [object, part, attribute, external, nothing] = data as unknown as Reference[];
        expect(object).toEqual(new Reference(address));
        expect(part).toBeInstanceOf(RegionReference);
        expect((part as RegionReference).selection).toMatchObject(selections[1]);
        expect(attribute).toEqual(new AttributeReference(address, "units"));
        expect(external).toEqual(new Reference(address, "other.h5"));
        expect(nothing.isNull).toBe(true);
      },
      { heap: heaps.heap },
    );
    expect(() => readElements(type, joined(Uint8Array.of(7), new Uint8Array(17)))).toThrow(/unknown type/);
    expect(() => readElements(type, joined(Uint8Array.of(2, 0, 9), new Uint8Array(15)))).toThrow(/token/);
    const cut = element(3, 0, region.slice(0, 30));
    expect(() => readElements(type, cut, { heap: heaps.heap })).toThrow(
      expect.objectContaining({ name: "FormatError" }),
    );
  });

  it.each([
    { class: "reference", kind: "object", size: 7 },
    { class: "reference", kind: "region", size: 11 },
    { class: "reference", kind: "standard", size: 17 },
    { class: "vlen", kind: "sequence", size: 15, padding: "nullterm", charset: "ascii", base: of("u1") },
    { class: "vlen", kind: "string", size: 0, padding: "nullterm", charset: "ascii", base: of("S1") },
  ] as Datatype[])("of a wrong size: $class $kind $size", (type) => {
    expect(() => readElements(type, new Uint8Array(type.size))).toThrow(/wrong size/);
  });
});

/** Stored type, bytes, view, what is read. */
const VIEWS: readonly [string, Datatype, string, Datatype | "number" | "bytes", unknown][] = [
  ["i2 as f8", of("<i2"), "feff", of("f8"), Float64Array.of(-2)],
  ["i2 as i8", of(">i2"), "fffe", of("i8"), BigInt64Array.of(-2n)],
  ["f8 as i4, towards zero", of("<f8"), "000000000000f8bf 9a9999999999fd3f", of("i4"), Int32Array.of(-1, 1)],
  ["f8 as f4", of(">f8"), "3fb999999999999a", of("f4"), Float32Array.of(0.1)],
  ["f8 as f2", of(">f8"), "3fb999999999999a", of("f2"), Float32Array.of(0.0999755859375)],
  ["f4 as bool", of(">f4"), "00000000 3f800000 7fc00000", of("bool"), Uint8Array.of(0, 1, 1)],
  ["i8 as number", of("<i8"), "feffffffffffffff 0500000000000000", "number", Float64Array.of(-2, 5)],
  [">u8 as number", of(">u8"), "001fffffffffffff", "number", Float64Array.of(2 ** 53 - 1)],
  ["i8 as f8, rounded", of(">i8"), "7fffffffffffffff 8000000000000000", of("f8"), Float64Array.of(2 ** 63, -(2 ** 63))],
  ["u8 as f8", of("<u8"), "ffffffffffffffff", of("f8"), Float64Array.of(2 ** 64)],
  ["i8 as u1", of("<i8"), "ff00000000000000", of("u1"), Uint8Array.of(255)],
  ["u8 as i8", of("<u8"), "ffffffffffffff7f", of("i8"), BigInt64Array.of(2n ** 63n - 1n)],
  ["i8 as f4", of("<i8"), "0100000001000000", of("f4"), Float32Array.of(2 ** 32)],
  ["i16 as i4", of("i16"), `ff${"ff".repeat(15)}`, of("i4"), Int32Array.of(-1)],
  ["i16 as number", of("i16"), `05${"00".repeat(15)}`, "number", Float64Array.of(5)],
  ["u1 as i16", of("u1"), "ff", of("i16"), [255n]],
  ["i5 as number", of("i5"), "ffffffffff", "number", Float64Array.of(-1)],
  ["f4 as number", of("<f4"), "0000803f", "number", Float32Array.of(1)],
  ["f2 as f2", of("<f2"), "003c", of("f2"), Float32Array.of(1)],
  ["enum as its integers", dtype.enum({ A: 1 }, "i2").datatype, "0100", of("i4"), Int32Array.of(1)],
  ["datetime64 as i8", of("<M8[s]"), "0700000000000000", of("i8"), BigInt64Array.of(7n)],
  ["datetime64 as number", of(">M8[s]"), "0000000000000007", "number", Float64Array.of(7)],
  ["i8 as datetime64", of("<i8"), "0700000000000000", of("M8[ms]"), BigInt64Array.of(7n)],
  ["c8 as c16", of("<c8"), "0000803f 00000040", of("c16"), Float64Array.of(1, 2)],
  ["c16 as number", of("<c16"), `${"00".repeat(16)}`, "number", Float64Array.of(0, 0)],
  ["array as base", dtype.array("u1", [2]).datatype, "0102", of("f4"), Float32Array.of(1, 2)],
  ["array as array", dtype.array("u1", [2]).datatype, "0102", dtype.array("f4", [2]).datatype, Float32Array.of(1, 2)],
  ["array as number", dtype.array("i8", [1]).datatype, "0100000000000000", "number", Float64Array.of(1)],
  ["S2 as string", of("S2"), "6100", of("string"), ["a"]],
  [
    "compound as number",
    dtype.compound({ i: "i8", s: "S1" }).datatype,
    "0200000000000000 61",
    "number",
    { __proto__: null, i: Float64Array.of(2), s: ["a"] },
  ],
  ["f4 as bytes", of(">f4"), "3f800000", "bytes", hex("3f800000")],
  ["reference as bytes", dtype.reference.datatype, "0102030405060708", "bytes", hex("0102030405060708")],
];

/** Stored type, bytes, view: refused, with the value found. */
const REFUSED: readonly [string, Datatype, string, Datatype | "number", unknown][] = [
  ["i8 beyond numbers", of("<i8"), "0000000000002000", "number", 2n ** 53n],
  ["negative ones", of(">i8"), "ffdfffffffffffff", "number", -(2n ** 53n) - 1n],
  ["u8 beyond numbers", of("<u8"), "ffffffffffffffff", "number", 2n ** 64n - 1n],
  ["i16 beyond numbers", of("i16"), `${"00".repeat(15)}01`, "number", 2n ** 120n],
  ["i2 as u1", of("<i2"), "ffff", of("u1"), -1],
  ["u8 as i8", of("<u8"), "0000000000000080", of("i8"), 2n ** 63n],
  ["i8 as i4", of("<i8"), "0000008000000000", of("i4"), 2n ** 31n],
  ["f8 as i4", of(">f8"), "41e0000000000000", of("i4"), 2 ** 31],
  ["f8 as i8", of(">f8"), "43e0000000000000", of("i8"), 2n ** 63n],
  ["NaN as i1", of(">f4"), "7fc00000", of("i1"), NaN],
  ["text as numbers", of("S2"), "3132", of("i4"), "int32"],
  ["text as number", of("S2"), "3132", "number", "number"],
  ["numbers as text", of("u1"), "31", of("S1"), "S1"],
  ["text as other text", of("S2"), "3132", of("S1"), "S1"],
  ["complex as real", of("c8"), "0000803f 00000040", of("f4"), "float32"],
  ["real as complex", of("f4"), "0000803f", of("c8"), "complex64"],
  ["seconds as milliseconds", of("M8[s]"), "0700000000000000", of("M8[ms]"), "datetime64[ms]"],
  ["other shapes", dtype.array("u1", [2]).datatype, "0102", dtype.array("u1", [1, 2]).datatype, "array"],
  ["compounds as numbers", dtype.compound({ a: "u1" }).datatype, "01", of("u1"), "uint8"],
  ["numbers as compounds", of("u1"), "01", dtype.compound({ a: "u1" }).datatype, "compound"],
  ["opaque as references", of("V8"), "0102030405060708", dtype.reference.datatype, "reference"],
];

describe("views", () => {
  it.each(VIEWS)("%s", (_, type, bytes, as, expected) => {
    readInAllWays(type, hex(bytes), (data) => expect(data).toEqual(expected), { view: { as } });
  });

  it.each(REFUSED)("refuse %s", (_, type, bytes, as, found) => {
    expect(() => readElements(type, hex(bytes), { view: { as } })).toThrow(
      expect.objectContaining({ name: "DTypeError", found }),
    );
  });

  it("name the element that cannot be held", () => {
    const many = new Uint8Array(3000).fill(1);
    many[2500] = 200;
    expect(() => readElements(of("u1"), many, { view: { as: of("i1") } })).toThrow(
      /element 2500.*found 200.*-128 to 127/,
    );
  });

  it("give arrays of the caller's kind", () => {
    class Halves {
      static readonly BYTES_PER_ELEMENT = 2;
      readonly bits: Uint16Array;
      constructor(buffer: ArrayBuffer, byteOffset: number, length: number) {
        this.bits = new Uint16Array(buffer, byteOffset, length);
      }
    }
    const view = { as: of("f2"), array: Halves };
    for (const [type, bytes] of [
      [">f2", "3c00 7e01"],
      ["<f2", "003c 017e"],
      ["<f4", "0000803f"],
      [">i8", "0000000000000001"],
    ]) {
      const data = readAs<Halves>(of(type), hex(bytes), { view });
      expect(data.bits[0]).toBe(0x3c00);
      if (data.bits.length > 1) expect(data.bits[1]).toBe(0x7e01);
    }
    expect(() => readElements(of("<f4"), hex("00000000"), { view: { as: of("f4"), array: Halves } })).toThrow(/array/);
  });
});

describe("targets of the caller", () => {
  it("take numbers of their kind at a place", () => {
    const into = new Float64Array(6).fill(9);
    readElements(of(">f8"), hex("3ff0000000000000 4000000000000000"), { into, at: 3, way: "direct" });
    expect(into).toEqual(Float64Array.of(9, 9, 9, 1, 2, 9));
    readElements(of("<i2"), hex("0700"), { into, at: 0 });
    expect(into[0]).toBe(7);
    readElements(of("<f8"), new Uint8Array(16), { into, at: 3, way: "filled" });
    expect(into).toEqual(Float64Array.of(7, 9, 9, 0, 0, 9));
  });

  it("take text, bytes, columns", () => {
    const words = ["", "", ""];
    readElements(of("S2"), text("abcd"), { into: words, at: 1 });
    expect(words).toEqual(["", "ab", "cd"]);
    const bytes = new Uint8Array(5);
    readElements(of(">u2"), hex("0102"), { into: bytes, at: 1, view: { as: "bytes" } });
    expect(bytes).toEqual(hex("0000010200"));
    const columns = { x: new Float32Array(2), s: new Array<string>(2) };
    const type = dtype.compound({ x: ">f8", s: "S1" }).datatype;
    readElements(type, joined(hex("3ff0000000000000"), text("q")), { into: columns, at: 1 });
    expect(columns).toEqual({ x: Float32Array.of(0, 1), s: [undefined, "q"] });
    const numbers = new Float32Array(4);
    readElements(of("c8"), hex("0000803f 00000040"), { into: numbers, at: 1 });
    expect(numbers).toEqual(Float32Array.of(0, 0, 1, 2));
  });

  it("refuse what does not fit", () => {
    const f8 = hex("3ff0000000000000 4000000000000000");
    expect(() => readElements(of(">f8"), f8, { into: new Float64Array(2), at: 1 })).toThrow(
      expect.objectContaining({ name: "ShapeError" }),
    );
    expect(() => readElements(of(">f8"), f8, { into: new Float64Array(2), at: -1 })).toThrow(
      expect.objectContaining({ name: "ShapeError" }),
    );
    expect(() => readElements(of(">f8"), f8, { into: [] })).toThrow(expect.objectContaining({ name: "DTypeError" }));
    expect(() => readElements(of("S2"), text("ab"), { into: new Uint8Array(2) })).toThrow(
      expect.objectContaining({ name: "DTypeError" }),
    );
    expect(() => readElements(of("S2"), text("ab"), { into: [] })).toThrow(
      expect.objectContaining({ name: "ShapeError" }),
    );
    const type = dtype.compound({ toString: "u1" }).datatype;
    expect(() => readElements(type, hex("01"), { into: {} })).toThrow(/lacks a member/);
  });
});

describe("limits", () => {
  it.each(["f8", "S8", "V8", "string", "c8"])("%s", (name) => {
    const type = of(name);
    expect(() => makeSink(type, 2 ** 28, { limits: { ...LIMITS, resultBytes: 2 ** 30 } })).toThrow(
      expect.objectContaining({ name: "LimitError", reason: expect.stringContaining("limits.resultBytes") }),
    );
  });
  it("text that no string can hold is refused", () => {
    expect(() => makeSink(of("S4000000000"), 1, { limits: LIMITS })).toThrow(
      expect.objectContaining({ name: "UnsupportedError" }),
    );
  });
  it("a fill value of a wrong size is refused", () => {
    expect(() => makeSink(of("f8"), 1, { limits: LIMITS, fill: hex("00") })).toThrow(/Fill value/);
  });
  it("heap objects that a fill value refers to are fetched", () => {
    const heaps = new Heaps();
    const fill = heaps.element(3, text("abc"));
    const heap: Heap = heaps.heap;
    expect(readElements(of("string"), new Uint8Array(32), { fill, heap, way: "filled" })).toEqual(["abc", "abc"]);
    expect(readElements(of("string"), new Uint8Array(32), { way: "filled" })).toEqual(["", ""]);
  });
});
