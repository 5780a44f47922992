import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isH5Error } from "../errors.ts";
import { asAddress, type Sizes } from "./address.ts";
import { Decoder } from "./decoder.ts";
import { Encoder } from "./encoder.ts";
import type { Fields } from "./fields.ts";
import { lookup3 } from "./lookup3.ts";
import { sizeOf } from "./sizer.ts";
import { compareText, decodeText, encodeText } from "./text.ts";

interface Everything {
  a: number;
  b: number;
  c: number;
  d: number;
  e: number;
  f: number;
  g: ReturnType<typeof asAddress> | null;
  h: number;
  i: Uint8Array;
  j: string;
}

const layout = (f: Fields, v?: Everything): Everything => {
  f.signature("TEST");
  const value = {
    a: f.u8(v?.a),
    b: f.u16(v?.b),
    c: f.u24(v?.c),
    d: f.u32(v?.d),
    e: f.u64(v?.e),
    f: f.i32(v?.f),
    g: f.address(v?.g),
    h: f.length(v?.h),
    i: f.bytes(v?.i, 3),
    j: f.cstring(v?.j),
  };
  f.pad(8);
  f.checksum();
  return value;
};

const sizes = fc.record<Sizes>({ offsets: fc.constantFrom(2, 4, 8), lengths: fc.constantFrom(2, 4, 8) });
const word = (width: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: width === 2 ? 0xfffe : width === 4 ? 0xfffffffe : Number.MAX_SAFE_INTEGER });

describe("one layout, three directions", () => {
  it("decodes what it encoded, in the size it measured; every truncation is a FormatError", () => {
    const cases = sizes.chain((s) =>
      fc.tuple(
        fc.constant(s),
        fc.record({
          a: fc.nat(0xff),
          b: fc.nat(0xffff),
          c: fc.nat(0xffffff),
          d: word(4),
          e: word(8),
          f: fc.integer(),
          g: fc.oneof(fc.constant(null), word(s.offsets).map(asAddress)),
          h: fc.oneof(fc.constant(Infinity), word(s.lengths)),
          i: fc.uint8Array({ minLength: 3, maxLength: 3 }),
          j: fc.string({ unit: "grapheme" }).filter((t) => !t.includes("\0")),
        }),
      ),
    );
    fc.assert(
      fc.property(cases, ([s, value]) => {
        const encoder = new Encoder(s, 1);
        layout(encoder, value);
        const bytes = encoder.finish();
        expect(bytes.length).toBe(sizeOf(layout, value, s));
        expect(layout(new Decoder(bytes, s, "test structure"))).toEqual(value);
        const cut = fc.sample(fc.nat(bytes.length - 1), 1)[0];
        expect(() => layout(new Decoder(bytes.subarray(0, cut), s, "test structure"))).toThrow(/test structure/);
        const flipped = bytes.slice();
        flipped[4] ^= 1;
        expect(() => layout(new Decoder(flipped, s, "test structure"))).toThrow(/checksum/);
      }),
    );
  });

  it("refuses numbers beyond 2^53 instead of rounding them", () => {
    const bytes = Uint8Array.of(0, 0, 0, 0, 0, 0, 0x20, 0);
    try {
      new Decoder(bytes, { offsets: 8, lengths: 8 }, "header", 64).u64();
      expect.unreachable();
    } catch (e) {
      expect(isH5Error(e, "FormatError") && e.structure === "header" && e.address === 72).toBe(true);
    }
  });
});

describe("text", () => {
  it("round-trips any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(encodeText(decodeText(bytes))).toEqual(new Uint8Array(bytes));
      }),
    );
  });
  it("agrees with TextDecoder on valid UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const bytes = new TextEncoder().encode(text);
        expect(decodeText(bytes)).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
      }),
    );
  });
  it("orders as the bytes do", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }),
    );
  });
});

describe("lookup3", () => {
  it("gives the values of the algorithm's own driver", () => {
    const text = new TextEncoder().encode("Four score and seven years ago");
    expect(lookup3(text)).toBe(0x17770551);
    expect(lookup3(text, 0, text.length, 1)).toBe(0xcd628161);
    expect(lookup3(new Uint8Array(0))).toBe(0xdeadbeef);
  });
});
