import { describe, expect, expectTypeOf, it } from "vitest";
import type { AnyData, Complex, Item } from "./arrays.ts";
import { dtype } from "./dtype/build.ts";
import type { Data } from "./dtype/like.ts";
import { makeResult, Result } from "./result.ts";

describe("results", () => {
  const matrix = new Result(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3], dtype("f4"));

  it("have shape, stride and size", () => {
    expect([matrix.shape, matrix.stride, matrix.size]).toEqual([[2, 3], [3, 1], 6]);
    expect(makeResult(Int8Array.of(7), [], dtype("i1").datatype).stride).toEqual([]);
  });

  it("give single items, counted flat or by axis, from either end", () => {
    expect([matrix.item(4), matrix.item(-1), matrix.item(1, 0), matrix.item(-1, -3)]).toEqual([4, 5, 3, 3]);
    expect(new Result(Float32Array.of(9), [1, 1], dtype("f4")).item()).toBe(9);
    expectTypeOf(matrix.item(0)).toEqualTypeOf<number>();
  });

  it.each([[[]], [[6]], [[-7]], [[0, 0, 0]], [[2, 0]], [[0.5]]])("refuse the index %j", (index) => {
    expect(() => matrix.item(...index)).toThrow(expect.objectContaining({ name: "SelectionError" }));
  });

  it("nest", () => {
    expect(matrix.toNested()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(new Result(Float32Array.of(9), [], dtype("f4")).toNested()).toBe(9);
    expect(new Result(new Float32Array(0), [2, 0], dtype("f4")).toNested()).toEqual([[], []]);
  });

  it("do not nest into more lists than fit", () => {
    const empty = new Result(new Float32Array(0), [2 ** 30, 0], dtype("f4"));
    expect(() => empty.toNested()).toThrow(expect.objectContaining({ name: "LimitError" }));
  });

  it("know booleans and complex numbers", () => {
    const flags = makeResult<Uint8Array<ArrayBuffer>>(Uint8Array.of(0, 1, 2), [3], dtype("bool").datatype);
    expect(flags.toNested()).toEqual([false, true, true]);
    const numbers = new Result(Float64Array.of(1, 2, 3, 4), [2], dtype("c16"));
    expect(numbers.item(1)).toEqual({ real: 3, imag: 4 });
    const typed: Result<Data<"c16">> = numbers;
    expectTypeOf(typed.item(1)).toEqualTypeOf<Complex>();
    const typedFlags: Result<Data<"bool">> = flags;
    expectTypeOf(typedFlags.item(1)).toEqualTypeOf<boolean>();
  });

  it("give rows of compounds, whatever their names", () => {
    const type = dtype.compound([
      ["__proto__", "f8"],
      ["at", dtype.array("u1", [2, 2])],
      ["z", "c8"],
      ["words", dtype.vlen("i2")],
    ]);
    const data = Object.create(null);
    Reflect.set(data, "__proto__", Float64Array.of(1.5, 2.5));
    data.at = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    data.z = Float32Array.of(1, 2, 3, 4);
    data.words = [Int16Array.of(1), Int16Array.of()];
    const result = makeResult(data, [2], type.datatype);
    const row = result.row(1) as { [name: string]: unknown };
    expect(Object.getPrototypeOf(row)).toBeNull();
    expect(Object.keys(row)).toEqual(["__proto__", "at", "z", "words"]);
    expect(Reflect.get(row, "__proto__")).toBe(2.5);
    expect([row.at, row.z, row.words]).toEqual([Uint8Array.of(5, 6, 7, 8), { real: 3, imag: 4 }, Int16Array.of()]);
    const [first] = result.toNested() as { [name: string]: unknown }[];
    expect([Reflect.get(first, "__proto__"), first.at, first.words]).toEqual([
      1.5,
      [
        [1, 2],
        [3, 4],
      ],
      [1],
    ]);
    expect(() => matrix.row(0)).toThrow(/no rows/);
  });

  it("take array datatypes as further axes", () => {
    const result = makeResult(new Uint8Array(12), [2], dtype.array(dtype.array("u1", [3]), [2]).datatype);
    expect([result.shape, result.dtype.name, result.stride]).toEqual([[2, 2, 3], "uint8", [6, 3, 1]]);
  });

  it("of narrower data are results of wider data", () => {
    expectTypeOf(matrix).toExtend<Result<AnyData>>();
    expectTypeOf<Result<AnyData>>().not.toExtend<Result<Float32Array<ArrayBuffer>>>();
    const pairs = new Result({ x: Float64Array.of(1), s: ["a"] }, [1], dtype.compound({ x: "f8", s: "string" }));
    const cells = dtype.compound({ at: dtype.array("u1", [2]), on: dtype.array("bool", [2]) });
    type Cells = Data<typeof cells>;
    expectTypeOf<Item<Cells>["at"]>().toExtend<Uint8Array<ArrayBuffer>>();
    expectTypeOf<Item<Cells["at"]>>().toEqualTypeOf<number>();
    expectTypeOf<Item<Cells["on"]>>().toEqualTypeOf<boolean>();
    expectTypeOf(pairs.row(0).x).toEqualTypeOf<number>();
    expectTypeOf(pairs.row(0).s).toEqualTypeOf<string>();
    expect(pairs.row(0)).toEqual({ __proto__: null, x: 1, s: "a" });
  });
});
