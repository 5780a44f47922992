import { describe, expect, it } from "vitest";
import { hex, readElements } from "../../../test/support/elements.ts";
import { store } from "../../../test/support/stored.ts";
import { asAddress } from "../../bytes/address.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { dtype } from "../dtype/build.ts";
import { DType } from "../dtype/dtype.ts";
import { Empty } from "../empty.ts";
import { Reference, RegionReference } from "../reference.ts";
import { makeResult } from "../result.ts";
import { type ValueOptions, valueToWrite } from "./write-value.ts";

const of = (name: string): Datatype => dtype(name).datatype;
const count = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** What is read back of a value: its dtype in words, its shape, nested values. */
function written(value: unknown, options: ValueOptions = {}): [string, readonly number[] | null, unknown] {
  const { datatype, dims, source } = valueToWrite(value, options);
  const shape = dims ?? [0];
  const { bytes, heap } = store(source, count(shape));
  if (source.direct !== undefined) expect(source.direct).toEqual(bytes);
  const result = makeResult(readElements(datatype, bytes, { heap }), shape, datatype);
  return [new DType(datatype).toString(), dims, result.toNested()];
}

const f8 = (...values: number[]): Float64Array<ArrayBuffer> => Float64Array.of(...values);
const point = new Reference(asAddress(0x60));
const result = makeResult(Int16Array.of(1, 2, 3, 4), [2, 2], of(">i2"));
const table = makeResult({ x: f8(1, 2), s: ["a", "b"] }, [2], dtype.compound({ x: "f8", s: "S1" }).datatype);

describe("the datatype and shape of a value", () => {
  it.each([
    ["a number", 5, "<i8", [], 5n],
    ["a float", 1.5, "<f8", [], 1.5],
    ["a number beyond the safe integers", 2 ** 60, "<f8", [], 2 ** 60],
    ["NaN", Number.NaN, "<f8", [], Number.NaN],
    ["a bigint", -5n, "<i8", [], -5n],
    ["a large bigint", 2n ** 63n, "<u8", [], 2n ** 63n],
    ["a boolean", true, "bool", [], true],
    ["text", "Größe", "string(utf8)", [], "Größe"],
    ["no text", "", "string(utf8)", [], ""],
    ["texts", ["a", "", "€"], "string(utf8)", [3], ["a", "", "€"]],
    ["numbers", [1, 2], "<i8", [2], [1n, 2n]],
    ["numbers, some with fractions", [1, 2.5], "<f8", [2], [1, 2.5]],
    ["numbers and bigints", [1, 2n ** 63n], "<u8", [2], [1n, 2n ** 63n]],
    ["booleans", [true, false], "bool", [2], [true, false]],
    ["nothing", [], "<f8", [0], []],
    ["no rows", [[], []], "<f8", [2, 0], [[], []]],
    [
      "nested",
      [
        [[1], [2]],
        [[3], [4.5]],
      ],
      "<f8",
      [2, 2, 1],
      [
        [[1], [2]],
        [[3], [4.5]],
      ],
    ],
    ["nested text", [["a"], ["b"]], "string(utf8)", [2, 1], [["a"], ["b"]]],
    ["a typed array", Int16Array.of(1, 2), "<i2", [2], [1, 2]],
    ["bytes", Uint8ClampedArray.of(7), "|u1", [1], [7]],
    [
      "typed arrays",
      [f8(1, 2), f8(3, 4)],
      "<f8",
      [2, 2],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "data and shape",
      { data: f8(1, 2, 3, 4), shape: [2, 2] },
      "<f8",
      [2, 2],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "data in columns' order",
      { data: f8(1, 2, 3, 4), shape: [2, 2], stride: [1, 2] },
      "<f8",
      [2, 2],
      [
        [1, 3],
        [2, 4],
      ],
    ],
    [
      "a result",
      result,
      ">i2",
      [2, 2],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    [
      "a table",
      table,
      "compound({ x: <f8, s: S1 })",
      [2],
      [
        { x: 1, s: "a" },
        { x: 2, s: "b" },
      ],
    ],
    ["a reference", point, "reference", [], point],
    ["complex", { real: 1, imag: 2 }, "<c16", [], { real: 1, imag: 2 }],
    [
      "complex and real",
      [{ real: 1, imag: 2 }, 3],
      "<c16",
      [2],
      [
        { real: 1, imag: 2 },
        { real: 3, imag: 0 },
      ],
    ],
    [
      "columns",
      { x: f8(1, 2), n: [1, 2], s: ["a", "b"] },
      "compound({ x: <f8, n: <i8, s: string(utf8) })",
      [2],
      [
        { x: 1, n: 1n, s: "a" },
        { x: 2, n: 2n, s: "b" },
      ],
    ],
    [
      "columns of several axes",
      {
        n: [1, 2],
        p: [
          [1.5, 2],
          [3, 4],
        ],
      },
      "compound({ n: <i8, p: array(<f8, [2]) })",
      [2],
      [
        { n: 1n, p: [1.5, 2] },
        { n: 2n, p: [3, 4] },
      ],
    ],
    [
      "columns and one value for all",
      { n: Int8Array.of(1, 2), s: "k" },
      "compound({ n: |i1, s: string(utf8) })",
      [2],
      [
        { n: 1, s: "k" },
        { n: 2, s: "k" },
      ],
    ],
    ["one row", { n: 1, s: "k" }, "compound({ n: <i8, s: string(utf8) })", [], { n: 1n, s: "k" }],
    [
      "rows",
      [
        { x: 1, b: true },
        { x: 2.5, b: false },
      ],
      "compound({ x: <f8, b: bool })",
      [2],
      [
        { x: 1, b: true },
        { x: 2.5, b: false },
      ],
    ],
    [
      "rows of arrays",
      [{ v: [1, 2] }, { v: [3, 4] }],
      "compound({ v: array(<i8, [2]) })",
      [2],
      [{ v: [1n, 2n] }, { v: [3n, 4n] }],
    ],
    [
      "rows within rows",
      [[{ a: { b: 1 } }], [{ a: { b: 2.5 } }]],
      "compound({ a: compound({ b: <f8 }) })",
      [2, 1],
      [[{ a: { b: 1 } }], [{ a: { b: 2.5 } }]],
    ],
    [
      "members named data",
      { data: { data: f8(1), size: [1] }.data, size: [2] },
      "compound({ data: <f8, size: <i8 })",
      [1],
      [{ data: 1, size: 2n }],
    ],
    ["an Empty", new Empty(f8(), new DType(of("<f4"))), "<f4", null, []],
  ] as [string, unknown, string, number[] | null, unknown][])("of %s", (_, value, name, shape, nested) => {
    expect(written(value)).toEqual([name, shape, nested]);
  });

  it.each([
    ["a type", [1, 2], { datatype: of(">u2") }, [2], [1, 2]],
    [
      "a shape",
      [1, 2, 3, 4],
      { shape: [2, 2] },
      [2, 2],
      [
        [1n, 2n],
        [3n, 4n],
      ],
    ],
    ["another shape", { data: f8(1, 2, 3, 4), shape: [2, 2] }, { shape: [4] }, [4], [1, 2, 3, 4]],
    [
      "a shape for one value",
      7,
      { shape: [2, 2], datatype: of("f4") },
      [2, 2],
      [
        [7, 7],
        [7, 7],
      ],
    ],
    ["a shape for one text", "x", { shape: [2] }, [2], ["x", "x"]],
    [
      "an array type",
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { datatype: dtype.array("f4", [2]).datatype },
      [3],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ],
    ["an array type, of one element", [1, 2], { datatype: dtype.array("f4", [2]).datatype }, [], [1, 2]],
    [
      "an array type, one behind the other",
      f8(1, 2, 3, 4),
      { datatype: dtype.array("f4", [2]).datatype },
      [2],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["sequences", [f8(1, 2), [], [3]], { datatype: dtype.vlen("f4").datatype }, [3], [[1, 2], [], [3]]],
    ["one sequence", [1, 2], { datatype: dtype.vlen("f4").datatype }, [], [1, 2]],
    [
      "sequences of sequences",
      [[[1], [2, 3]], []],
      { datatype: dtype.vlen(dtype.vlen("u1")).datatype },
      [2],
      [[[1], [2, 3]], []],
    ],
    ["sequences of text", [["a", "b"], []], { datatype: dtype.vlen("string").datatype }, [2], [["a", "b"], []]],
    ["opaque bytes", hex("01020304"), { datatype: of("V2") }, [2], [hex("0102"), hex("0304")]],
    ["an opaque element", hex("0102"), { datatype: of("V2") }, [], hex("0102")],
    ["names of an enumeration", ["B", 1, "A"], { datatype: dtype.enum({ A: 1, B: 4 }).datatype }, [3], [4, 1, 1]],
    ["dates", [new Date(86_400_000), new Date(Number.NaN)], { datatype: of("M8[D]") }, [2], [1n, -(2n ** 63n)]],
    ["dates before 1970", new Date(-1), { datatype: of("M8[10s]") }, [], -1n],
    ["dates in nanoseconds", new Date(3), { datatype: of("M8[ns]") }, [], 3_000_000n],
    ["null for a reference", [point, null], { datatype: dtype.reference.datatype }, [2], [point, new Reference(null)]],
    [
      "null for a region",
      null,
      { datatype: dtype.regionReference.datatype },
      [],
      new RegionReference(null, { kind: "none" }),
    ],
    ["bytes of text", [hex("c3a9"), "b"], { datatype: of("string") }, [2], ["é", "b"]],
    [
      "a nested type",
      { a: { b: [1, 2] } },
      { datatype: dtype.compound({ a: dtype.compound({ b: "u1" }) }).datatype },
      [2],
      [{ a: { b: 1 } }, { a: { b: 2 } }],
    ],
    [
      "sequences in rows",
      [{ v: [1] }, { v: [] }],
      { datatype: dtype.compound({ v: dtype.vlen("u1") }).datatype },
      [2],
      [{ v: [1] }, { v: [] }],
    ],
    [
      "compounds in sequences",
      [[{ a: 1 }, { a: 2 }], { a: f8(3) }],
      { datatype: dtype.vlen(dtype.compound({ a: "f4" })).datatype },
      [2],
      [[{ a: 1 }, { a: 2 }], [{ a: 3 }]],
    ],
    [
      "an Empty of another type",
      new Empty(f8(), new DType(of("<f4"))),
      { datatype: dtype.compound({ a: "u1" }).datatype },
      null,
      [],
    ],
  ] as [string, unknown, ValueOptions, number[] | null, unknown][])("with %s", (_, value, options, shape, nested) => {
    expect(written(value, options).slice(1)).toEqual([shape, nested]);
  });

  it.each([
    ["a function", () => 1, /has no datatype of its own/],
    ["undefined", undefined, /has no datatype of its own/],
    ["a date", new Date(0), /datetime64\[ms\]/],
    ["text and numbers", ["a", 1], /string and integer/],
    ["lists and numbers", [[1], 2], /lists and single values/],
    ["lists of different lengths", [[1, 2], [3]], /dtype\.vlen/],
    ["arrays of different kinds", [f8(1), Int8Array.of(1)], /float and integer/],
    ["rows of different members", [{ a: 1 }, { b: 1 }], /lacks a member/],
    ["columns of different lengths", { a: [1, 2], b: [1] }, /different shapes/],
    ["no columns", {}, /has no members/],
    ["a bigint beyond 64 bits", 2n ** 64n, /cannot hold the value/],
    ["too few elements", { data: f8(1), shape: [2] }, /another number of elements/],
    ["strides beyond the data", { data: f8(1, 2), shape: [2], stride: [2] }, /strides beyond/],
  ] as [string, unknown, RegExp][])("is refused of %s", (_, value, message) => {
    expect(() => valueToWrite(value)).toThrow(message);
  });
});
