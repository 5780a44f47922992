/** What Node's console shows of results and datatypes: no inner parts. */
import { inspect } from "node:util";
import { expect, it } from "vitest";
import { DType } from "./dtype/dtype.ts";
import { Empty } from "./empty.ts";
import { Result } from "./result.ts";

it("shows a result by data, shape and datatype", () => {
  const result = new Result(Float32Array.of(1, 2), [2, 1], DType.from("f4"));
  expect(inspect(result)).toBe("{ data: Float32Array(2) [ 1, 2 ], shape: [ 2, 1 ], dtype: '<f4' }");
});

it("shows a datatype by its notation", () => {
  expect(inspect(DType.from("i2"))).toBe("dtype <i2");
  expect(inspect({ a: [DType.from("S3")] })).toBe("{ a: [ dtype S3 ] }");
});

it("makes an Empty of a datatype alone", () => {
  const empty = new Empty("f4");
  expect([empty.size, empty.dtype.name, empty.shape, empty.toNested()]).toEqual([0, "float32", [], null]);
});
