import { describe, expect, it } from "vitest";
import { complete, hex, LIMITS } from "../../test/support/elements.ts";
import type { Datatype } from "../format/datatype/datatype.ts";
import type { Dataspace } from "../format/messages/dataspace.ts";
import { attributeElements } from "./attribute-value.ts";
import { dtype } from "./dtype/build.ts";
import { Empty } from "./empty.ts";
import { Result } from "./result.ts";

const SCALAR: Dataspace = { kind: "scalar", dims: [], maxDims: [] };
const simple = (...dims: number[]): Dataspace => ({ kind: "simple", dims, maxDims: dims });

function read(datatype: Datatype, dataspace: Dataspace, data: string): unknown {
  const elements = attributeElements({ datatype, dataspace, data: hex(data) }, LIMITS);
  complete(elements.sink);
  return elements.value();
}

describe("values of attributes", () => {
  it.each([
    ["f8", "000000000000f83f", 1.5],
    [">i4", "fffffffe", -2],
    ["i8", "feffffffffffffff", -2],
    ["i8", "ffffffffffffff7f", 2n ** 63n - 1n],
    ["u8", "ffffffffffff1f00", 2 ** 53 - 1],
    ["u8", "0000000000002000", 2n ** 53n],
    ["bool", "01", true],
    ["S3", "6162 00", "ab"],
    ["c8", "0000803f 00000040", { real: 1, imag: 2 }],
    ["V2", "0102", hex("0102")],
    ["string", "00".repeat(16), ""],
  ])("scalar %s", (name, bytes, expected) => {
    expect(read(dtype(name).datatype, SCALAR, bytes)).toEqual(expected);
  });

  it("scalar enumerations are numbers, compounds rows", () => {
    expect(read(dtype.enum({ A: 3 }).datatype, SCALAR, "03")).toBe(3);
    const type = dtype.compound({ n: "i8", b: "bool", v: dtype.array("u1", [2]) }).datatype;
    expect(read(type, SCALAR, "0500000000000000 01 0708")).toEqual({
      __proto__: null,
      n: 5,
      b: true,
      v: hex("0708"),
    });
  });

  it("others are results", () => {
    const value = read(dtype("<i8").datatype, simple(2), "0100000000000000 0200000000000000") as Result;
    expect(value).toBeInstanceOf(Result);
    expect([value.data, value.shape]).toEqual([BigInt64Array.of(1n, 2n), [2]]);
    const array = read(dtype.array("u1", [2]).datatype, SCALAR, "0102") as Result;
    expect([array.data, array.shape, array.dtype.name]).toEqual([hex("0102"), [2], "uint8"]);
    expect((read(dtype("f4").datatype, simple(0), "") as Result).size).toBe(0);
  });

  it("of null dataspaces are Empty", () => {
    const value = read(dtype("f4").datatype, { kind: "null", dims: [], maxDims: [] }, "") as Empty;
    expect(value).toBeInstanceOf(Empty);
    expect([value.dtype.name, value.shape, value.size]).toEqual(["float32", [], 0]);
  });

  it("cut short are refused", () => {
    expect(() => read(dtype("f8").datatype, simple(2), "00".repeat(15))).toThrow(
      expect.objectContaining({ name: "FormatError", found: "15 bytes", allowed: "16 bytes" }),
    );
  });
});
