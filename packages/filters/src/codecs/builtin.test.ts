import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, sample, toHex } from "../../test/bytes.ts";
import { CodecError } from "../filter.ts";
import { fletcher32 } from "./fletcher32.ts";
import { shuffle } from "./shuffle.ts";

describe("fletcher32", () => {
  it.each([
    ["000102030405", "09060e08"],
    ["0102030405", "06090e0e"],
    ["6162636465666768", "9591ebe1"],
    ["ffffffffffffffff", "ffffffff"],
    ["", "00000000"],
  ])("%s has %s", (data, sum) => {
    expect(toHex(fletcher32.encode!(hex(data), [])!)).toBe(data + sum);
    expect(toHex(fletcher32.decode(hex(data + sum), [], { max: 100 }))).toBe(data);
  });
  it("accepts the byte order of libhdf5 before 1.6.3", () => {
    expect(toHex(fletcher32.decode(hex("61626364656667689195e1eb"), [], { exact: 8, max: 8 }))).toBe(
      "6162636465666768",
    );
  });
  it("rejects any changed bit", () => {
    const stored = fletcher32.encode!(sample("random", 3001), [])!;
    for (let i = 0; i < stored.length; i++) {
      stored[i] ^= 1 << (i % 8);
      expect(() => fletcher32.decode(stored, [], { max: 3001 })).toThrow(CodecError);
      stored[i] ^= 1 << (i % 8);
    }
  });
  it("rejects too few bytes and other sizes", () => {
    expect(() => fletcher32.decode(hex("010203"), [], { max: 9 })).toThrow(CodecError);
    expect(() => fletcher32.decode(fletcher32.encode!(hex("0102"), [])!, [], { exact: 3, max: 3 })).toThrow(CodecError);
  });
  it("agrees with the definition", () => {
    const slow = (bytes: Uint8Array): number => {
      let [s1, s2] = [0, 0];
      for (let i = 0; i < bytes.length; i += 2) {
        s1 += (bytes[i] << 8) | (bytes[i + 1] ?? 0);
        s1 = (s1 & 0xffff) + (s1 >>> 16);
        s2 += s1;
        s2 = (s2 & 0xffff) + (s2 >>> 16);
      }
      return ((s2 << 16) | s1) >>> 0;
    };
    for (const length of [2, 719, 720, 721, 722, 10_001]) {
      const data = sample("random", length, length);
      const stored = fletcher32.encode!(data, [])!;
      expect(new DataView(stored.buffer).getUint32(length, true)).toBe(slow(data));
    }
  });
});

describe("shuffle", () => {
  it("is as libhdf5 writes it", () => {
    expect(toHex(shuffle.encode!(hex("010203041112131421222324"), [4])!)).toBe("011121021222031323041424");
    expect(toHex(shuffle.encode!(hex("0102030405060708"), [3])!)).toBe("0104020503060708");
  });
  it("decodes what it encodes, and puts byte b of element i at b * n + i", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(3),
        (data, width, offset) => {
          const shifted = new Uint8Array(data.length + offset).subarray(offset);
          shifted.set(data);
          const stored = shuffle.encode!(shifted, [width])!;
          const count = Math.floor(data.length / width);
          for (let i = 0; i < count; i++) {
            for (let b = 0; b < width; b++) expect(stored[b * count + i]).toBe(data[i * width + b]);
          }
          const input = new Uint8Array(data.length + offset).subarray(offset);
          input.set(stored);
          expect(shuffle.decode(input, [width], { exact: data.length, max: data.length })).toEqual(data);
        },
      ),
    );
  });
  it("rejects element size 0 and none, and other sizes", () => {
    expect(() => shuffle.decode(hex("01"), [0], { max: 1 })).toThrow(CodecError);
    expect(() => shuffle.decode(hex("01"), [], { max: 1 })).toThrow(CodecError);
    expect(() => shuffle.decode(hex("01"), [1], { exact: 2, max: 2 })).toThrow(CodecError);
  });
});
