import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, readElements } from "../../../test/support/elements.ts";
import { store } from "../../../test/support/stored.ts";
import { asAddress } from "../../bytes/address.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { dtype } from "../dtype/build.ts";
import { DType } from "../dtype/dtype.ts";
import { Empty } from "../empty.ts";
import { Reference } from "../reference.ts";
import { makeResult } from "../result.ts";
import { encodeElement, sourceFor } from "./write-value.ts";

const of = (name: string): Datatype => dtype(name).datatype;
const count = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** What a dataset holds after a value was written to a selection of that shape. */
function over(type: Datatype, shape: readonly number[], value: unknown): unknown {
  const seen = [1, 3, 1000].map((piece) => {
    const { bytes, heap } = store(sourceFor(value, type, shape), count(shape), piece);
    return makeResult(readElements(type, bytes, { heap }), shape, type).toNested();
  });
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  return seen[0];
}

const f8 = (...values: number[]): Float64Array<ArrayBuffer> => Float64Array.of(...values);
const point = new Reference(asAddress(0x60));

describe("casting to a stored datatype", () => {
  it.each([
    ["fractions are cut off", of("i1"), f8(1.7, -1.7), [1, -1]],
    ["integers to floats", of("f4"), Int32Array.of(1, -2), [1, -2]],
    ["numbers to 64 bits", of("i8"), f8(-1, 2 ** 40 + 1), [-1n, 2n ** 40n + 1n]],
    ["numbers to unsigned 64 bits", of(">u8"), [1, 2 ** 63], [1n, 2n ** 63n]],
    ["64 bits to float64", of("f8"), BigInt64Array.of(-1n, 2n ** 53n + 1n), [-1, 2 ** 53]],
    ["64 bits to 32", of("u4"), BigUint64Array.of(1n, 2n ** 32n - 1n), [1, 2 ** 32 - 1]],
    ["64 bits to 128", of("i16"), BigInt64Array.of(1n, -1n), [1n, -1n]],
    ["float64 to float16", of("f2"), f8(1 + 2 ** -11 + 2 ** -40, 1e9), [1 + 2 ** -10, Number.POSITIVE_INFINITY]],
    ["float32 to bfloat16", of("bfloat16"), Float32Array.of(1.0078125, 3), [1.0078125, 3]],
    ["anything to bool", of("bool"), f8(0, -2.5), [false, true]],
    ["booleans to numbers", of("u1"), [true, false], [1, 0]],
    ["64 bits to bool", of("bool"), BigInt64Array.of(0n, 2n ** 40n), [false, true]],
    [
      "real to complex",
      of("c8"),
      f8(1, 2),
      [
        { real: 1, imag: 0 },
        { real: 2, imag: 0 },
      ],
    ],
    [
      "pairs",
      of("c8"),
      f8(1, 2, 3, 4),
      [
        { real: 1, imag: 2 },
        { real: 3, imag: 4 },
      ],
    ],
    ["mixed numbers", of("i2"), [1, 2n], [1, 2]],
    ["signed to unsigned", of("u1"), Int8Array.of(1, 127), [1, 127]],
  ] as [string, Datatype, unknown, unknown][])("%s", (_, type, value, expected) => {
    expect(over(type, [2], value)).toEqual(expected);
  });

  it.each([
    ["too large", of("i1"), [1, 300], /element 1.*found 300/],
    ["too large a float", of("i1"), f8(1, 300), /element 1.*found 300/],
    ["negative", of("u8"), f8(1, -1), /element 1.*found -1/],
    ["2^63", of("i8"), f8(1, 2 ** 63), /element 1/],
    ["not a number", of("i4"), [0, Number.NaN], /element 1.*found NaN/],
    ["infinite", of("i8"), f8(0, Number.POSITIVE_INFINITY), /element 1.*found Infinity/],
    ["a large bigint", of("i8"), BigUint64Array.of(0n, 2n ** 63n), /element 1/],
    ["beyond the bits", dtype.integer({ size: 2, precision: 5 }).datatype, Int16Array.of(1, 16), /element 1/],
    ["text", of("f4"), ["1", "2"], /found "1"/],
    ["numbers for text", of("S3"), [1, 2], /found "number"/],
    ["no member", dtype.enum({ A: 1 }).datatype, ["A", "B"], /found "B"; allowed: A/],
    ["dates for durations", of("m8[s]"), [new Date(0), new Date(0)], /cannot hold a Date/],
    ["a reference of another kind", dtype.regionReference.datatype, [point, point], /found "object reference"/],
    ["half a complex number", of("c8"), f8(1, 2, 3), /half a complex/],
    ["a missing member", dtype.compound({ a: "u1", b: "u1" }).datatype, { a: [1, 2] }, /lacks a member/],
    ["another member", dtype.compound({ a: "u1" }).datatype, [{ a: 1, c: 2 }, { a: 1 }], /found "c"/],
    ["an Empty", of("f4"), new Empty(f8(), new DType(of("f4"))), /no elements to write/],
    ["other units", of("M8[s]"), makeResult(BigInt64Array.of(1n, 2n), [2], of("M8[D]")), /another unit/],
    ["several for one", dtype.compound({ a: "u1" }).datatype, [{ a: [1, 2] }, { a: 1 }], /cannot be written/],
  ] as [string, Datatype, unknown, RegExp][])("refuses %s", (_, type, value, message) => {
    expect(() => sourceFor(value, type, [2])).toThrow(message);
  });

  it("passes on arrays that have the file's bytes", () => {
    const numbers = f8(1, 2);
    expect(sourceFor(numbers, of("f8"), [2]).direct?.buffer).toBe(numbers.buffer);
    expect(sourceFor({ data: numbers, shape: [2, 1] }, of("f8"), [2, 1]).direct?.buffer).toBe(numbers.buffer);
    expect(sourceFor(numbers, dtype.array("f8", [2]).datatype, []).direct?.buffer).toBe(numbers.buffer);
    expect(sourceFor(numbers, of("f4"), [2]).direct).not.toBeUndefined();
  });
});

describe("broadcasting", () => {
  const u1 = of("u1");
  it.each([
    [
      "one value",
      [2, 3],
      7,
      [
        [7, 7, 7],
        [7, 7, 7],
      ],
    ],
    [
      "a row",
      [2, 3],
      [1, 2, 3],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ],
    [
      "a column",
      [2, 3],
      [[1], [2]],
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
    ],
    [
      "all in one axis",
      [2, 3],
      f8(1, 2, 3, 4, 5, 6),
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    ["axes of one too many", [3], [[[1, 2, 3]]], [1, 2, 3]],
    [
      "an axis in the middle",
      [2, 2, 2],
      [[[1, 2]], [[3, 4]]],
      [
        [
          [1, 2],
          [1, 2],
        ],
        [
          [3, 4],
          [3, 4],
        ],
      ],
    ],
    [
      "the outer and the last axis",
      [2, 2, 2],
      [[[1], [2]]],
      [
        [
          [1, 1],
          [2, 2],
        ],
        [
          [1, 1],
          [2, 2],
        ],
      ],
    ],
    ["one value to one", [], [5], 5],
    ["nothing", [0, 3], 1, []],
  ] as [string, number[], unknown, unknown][])("%s", (_, shape, value, expected) => {
    expect(over(u1, shape, value)).toEqual(expected);
    const text = (nested: unknown): unknown =>
      Array.isArray(nested) || ArrayBuffer.isView(nested) ? Array.from(nested as [], text) : `${nested}`;
    expect(over(of("string"), shape, text(value))).toEqual(text(expected));
    expect(over(of("S2"), shape, text(value))).toEqual(text(expected));
  });

  it("of array datatypes and compounds", () => {
    const array = dtype.array("u1", [2]).datatype;
    expect(over(array, [2], [1, 2])).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(over(array, [2], 5)).toEqual([
      [5, 5],
      [5, 5],
    ]);
    expect(over(array, [2], [[1], [2]])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    const type = dtype.compound({ a: "u1", v: dtype.array("u1", [2]) }).datatype;
    expect(over(type, [2], { a: 1, v: [2, 3] })).toEqual([
      { a: 1, v: [2, 3] },
      { a: 1, v: [2, 3] },
    ]);
    expect(over(type, [2], { a: [1, 2], v: f8(1, 2, 3, 4) })).toEqual([
      { a: 1, v: [1, 2] },
      { a: 2, v: [3, 4] },
    ]);
    expect(over(type, [1, 2], [{ a: 1, v: [2, 3] }])).toEqual([
      [
        { a: 1, v: [2, 3] },
        { a: 1, v: [2, 3] },
      ],
    ]);
  });

  it("is NumPy's, for any shapes", () => {
    const axes = fc.array(fc.record({ size: fc.nat(4), one: fc.boolean() }), { maxLength: 4 });
    fc.assert(
      fc.property(axes, fc.nat(4), fc.integer({ min: 1, max: 50 }), (all, dropped, piece) => {
        const to = all.map(({ size }) => size);
        const from = all.map(({ size, one }) => (one ? 1 : size)).slice(dropped);
        const data = Uint16Array.from({ length: count(from) }, (_, i) => i + 1);
        // By the coordinates of each element.
        const expected = Array.from({ length: count(to) }, (_, i) => {
          let [rest, place, step] = [i, 0, 1];
          for (let axis = to.length - 1, k = from.length - 1; k >= 0; axis--, k--) {
            if (from[k] > 1) place += (rest % to[axis]) * step;
            rest = Math.floor(rest / to[axis]);
            step *= from[k];
          }
          return data[place];
        });
        const source = sourceFor({ data, shape: from }, of("<u2"), to);
        const { bytes } = store(source, count(to), piece);
        expect([...(readElements(of("<u2"), bytes) as Uint16Array)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("stores an object of its own for each element", () => {
    const { heap } = store(sourceFor("text", of("string"), [3]), 3);
    expect(heap.size).toBe(3);
  });

  it.each([
    ["another length", [2, 3], [1, 2]],
    ["too many axes", [3], [[1], [2]]],
    ["an axis that is longer", [1], [1, 2]],
  ] as [string, number[], unknown][])("refuses %s", (_, shape, value) => {
    expect(() => sourceFor(value, u1, shape)).toThrow(expect.objectContaining({ name: "ShapeError" }));
  });
});

describe("some members of a compound", () => {
  const type = dtype.compound({ a: ">u2", s: "string", b: "u1" }).datatype;

  it("leave the others as they are", () => {
    const source = sourceFor({ b: [1, 2], a: 3 }, type, [2], { fields: ["b", "a"] });
    expect(source.elementSize).toBe(19);
    expect(source.partial?.members.map(({ name }) => name)).toEqual(["b", "a"]);
    const other = "a5".repeat(16);
    expect(store(source, 2).bytes).toEqual(hex(`0003${other}01 0003${other}02`));
  });

  it("by a single name take the value of that member", () => {
    for (const value of [[5, 6], f8(5, 6), { data: f8(5, 6), shape: [2] }]) {
      const other = "a5".repeat(17);
      expect(store(sourceFor(value, type, [2], { fields: "a" }), 2).bytes).toEqual(hex(`0005${other} 0006${other}`));
    }
    expect(store(sourceFor("x", type, [2], { fields: "s" }), 2).heap.size).toBe(2);
    expect(() => sourceFor(1, type, [2], { fields: "c" })).toThrow(/no member/);
  });
});

describe("fill values", () => {
  it.each([
    [">i4", of(">i4"), -1, "ffffffff"],
    ["f2", of("f2"), 1, "003c"],
    ["bool", of("bool"), true, "01"],
    ["S3", of("S3"), "ab", "616200"],
    ["enum", dtype.enum({ A: 3 }, ">u2").datatype, "A", "0003"],
    ["compound", dtype.compound({ a: "u1", s: "S2" }).datatype, { a: 1, s: "x" }, "01 7800"],
    ["array", dtype.array("u1", [3]).datatype, 7, "070707"],
    ["array of its own", dtype.array("u1", [2]).datatype, [1, 2], "0102"],
    ["complex", of("c8"), { real: 1, imag: 0 }, "0000803f 00000000"],
    ["no text", of("string"), "", "00".repeat(16)],
  ] as [string, Datatype, unknown, string][])("%s", (_, type, value, bytes) => {
    expect(encodeElement(type, value)).toEqual(hex(bytes));
  });

  it("that stand in a heap are refused", () => {
    expect(() => encodeElement(of("string"), "x")).toThrow(expect.objectContaining({ name: "UnsupportedError" }));
  });
});
