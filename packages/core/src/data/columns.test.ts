import { describe, expect, it } from "vitest";
import type { CompoundData } from "./arrays.ts";
import { columnsOf } from "./columns.ts";
import { dtype } from "./dtype/build.ts";
import { makeResult } from "./result.ts";

const record = (values: object): CompoundData => Object.assign(Object.create(null), values);

describe("columns", () => {
  it("are the members of a compound", () => {
    const type = dtype.compound({
      x: "f8",
      s: "string",
      t: "M8[ms]",
      d: "M8[D]",
      p: "m8[s]",
      in: dtype.compound({ b: "bool" }),
      v: dtype.array("u1", [2]),
      list: dtype.vlen("i2"),
      words: dtype.vlen("string"),
      pairs: dtype.vlen(dtype.compound({ q: dtype.vlen("u1") })),
    });
    const data = record({
      x: Float64Array.of(1, 2),
      s: ["a", "b"],
      t: BigInt64Array.of(5n, -(2n ** 63n)),
      d: BigInt64Array.of(1n, 2n),
      p: BigInt64Array.of(1n, 2n),
      in: record({ b: Uint8Array.of(0, 1) }),
      v: Uint8Array.of(1, 2, 3, 4),
      list: [Int16Array.of(1, 2), Int16Array.of()],
      words: [[], ["x", "y"]],
      pairs: [record({ q: [Uint8Array.of(1)] }), record({ q: [Uint8Array.of(), Uint8Array.of(2, 3)] })],
    });
    const { length, columns, attrs } = columnsOf(makeResult<CompoundData>(data, [2], type.datatype));
    expect([length, attrs, columns.map((c) => c.name)]).toEqual([2, { __proto__: null }, [...type.fields!.keys()]]);
    const [x, s, t, d, p, inside, v, list, words, pairs] = columns;
    expect([x.data, x.dtype.name, x.validity]).toEqual([Float64Array.of(1, 2), "float64", undefined]);
    expect(s.data).toEqual(["a", "b"]);
    expect([t.logical, t.validity]).toEqual([{ kind: "timestamp", unit: "ms" }, Uint8Array.of(1, 0)]);
    expect([d.logical, d.validity, p.logical]).toEqual([
      { kind: "date", unit: "D" },
      undefined,
      { kind: "duration", unit: "s" },
    ]);
    expect(inside.children?.map((c) => [c.name, c.data, c.dtype.name])).toEqual([["b", Uint8Array.of(0, 1), "bool"]]);
    expect(v.children?.[0]).toMatchObject({ name: "item", data: Uint8Array.of(1, 2, 3, 4) });
    expect([list.offsets, list.children?.[0].data]).toEqual([Int32Array.of(0, 2, 2), Int16Array.of(1, 2)]);
    expect([words.offsets, words.children?.[0].data]).toEqual([Int32Array.of(0, 0, 2), ["x", "y"]]);
    expect(pairs.offsets).toEqual(Int32Array.of(0, 1, 3));
    const [q] = pairs.children![0].children!;
    expect([q.offsets, q.children![0].data]).toEqual([Int32Array.of(0, 1, 1, 3), Uint8Array.of(1, 2, 3)]);
  });

  it("of anything else are refused", () => {
    const numbers = makeResult<CompoundData>(Float64Array.of(1), [1], dtype("f8").datatype);
    expect(() => columnsOf(numbers)).toThrow(expect.objectContaining({ name: "ShapeError", found: "float64" }));
  });
});
