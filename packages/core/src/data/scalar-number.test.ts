import fc from "fast-check";
import { expect, it } from "vitest";
import type { Datatype } from "../format/datatype/datatype.ts";
import { makeSink } from "./codecs/make-sink.ts";
import { DType } from "./dtype/dtype.ts";
import { scalarNumber } from "./scalar-number.ts";

const NAMES = [
  "i1",
  "u1",
  "<i2",
  ">i2",
  "<u2",
  ">u2",
  "<i4",
  ">i4",
  "<u4",
  ">u4",
  "<i8",
  ">i8",
  "<u8",
  ">u8",
  "<f4",
  ">f4",
  "<f8",
  ">f8",
];
const limits = { resultBytes: 1000, vlenElementBytes: 0, vlenBytes: 0 };

it.each(NAMES)("%s has the value that its sink gives", (name) => {
  const { datatype } = DType.from(name);
  const elements = fc.uint8Array({ minLength: datatype.size, maxLength: datatype.size });
  fc.assert(
    fc.property(elements, (bytes) => {
      const sink = makeSink(datatype, 1, { limits });
      sink.put(bytes, 0, datatype.size, 0, 1);
      sink.finish();
      const [expected] = sink.result() as Float64Array;
      expect(scalarNumber(datatype, bytes)).toBe(expected);
    }),
  );
});

it.each(["f2", "i3", "S4", "bool", "c8", "bfloat16", "string", "V8", "<M8[ns]"])("%s is left to its sink", (name) => {
  expect(scalarNumber(DType.from(name).datatype, new Uint8Array(16))).toBeUndefined();
});

it("numbers with bits to spare are left to their sink", () => {
  const type = { ...DType.from("<i4").datatype, precision: 31 } as Datatype;
  expect(scalarNumber(type, new Uint8Array(4))).toBeUndefined();
});
