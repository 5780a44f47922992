import { describe, expect, it } from "vitest";
import { parseJson } from "../src/json.ts";

describe("JSON as Python writes it", () => {
  it("has numbers that are none, which become null, but not in texts", () => {
    const text = '{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN, \\"Infinity\\" and -Infinity"}';
    expect(parseJson(text, "x")).toEqual({ a: null, b: [null, null], c: 'NaN, "Infinity" and -Infinity' });
  });

  it("may have names twice, unless that is not allowed", () => {
    const text = '{"a": {"b": 1, "c": ["b", "b"]}, "b": {"b": 2}, "a": 3}';
    expect(parseJson(text, "x")).toEqual({ a: 3, b: { b: 2 } });
    expect(() => parseJson(text, "x", { unique: true })).toThrow(/FormatError|no JSON/);
    expect(() => parseJson('{"a": {"b": ["b", "b"]}, "b": {"a": 2}}', "x", { unique: true })).not.toThrow();
  });

  it("keeps names that mean something to JavaScript", () => {
    expect(Object.keys(parseJson('{"__proto__": {"x": 1}, "constructor": 2}', "x") as object)).toEqual([
      "__proto__",
      "constructor",
    ]);
  });

  it("is an error with its cause where it is none", () => {
    for (const text of ["", "{", "nil", Uint8Array.of(0x22, 0xff, 0x22)])
      expect(() => parseJson(text, "Index")).toThrow(/Index: is no JSON/);
  });
});
