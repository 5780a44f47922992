import { describe, expect, it } from "vitest";
import { Decoder } from "../../bytes/decoder.ts";
import { DEFAULT_LIMITS } from "../../engine/limits.ts";
import { datatypeMessage } from "./datatype-message.ts";
import { readDatatype } from "./known-types.ts";

const sizes = { offsets: 8, lengths: 8 } as const;
const decoder = (bytes: Uint8Array): Decoder => new Decoder(bytes, sizes, "Datatype message");

/** Integers, floats and strings of many sizes and bits. */
function* messages(): Generator<Uint8Array> {
  for (const size of [1, 2, 4, 8]) {
    for (const bits of [0x00, 0x08, 0x09]) {
      yield Uint8Array.of(0x10, bits, 0, 0, size, 0, 0, 0, 0, 0, 8 * size, 0);
      yield Uint8Array.of(0x13, bits >> 3, 0, 0, size, 0, 0, 0);
    }
  }
  for (const bias of [15, 127])
    yield Uint8Array.of(0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, bias, 0, 0, 0);
}

describe("types read before", () => {
  it("are what their messages say, and the same value again", () => {
    for (let round = 0; round < 2; round++) {
      for (const bytes of messages()) {
        const type = readDatatype(decoder(bytes), DEFAULT_LIMITS);
        expect(type).toEqual(datatypeMessage(decoder(bytes)));
        expect(readDatatype(decoder(bytes), DEFAULT_LIMITS)).toBe(type);
      }
    }
  });
  it("with bytes behind them, or too few", () => {
    const [bytes] = messages();
    const padded = new Uint8Array(16);
    padded.set(bytes);
    expect(readDatatype(decoder(padded), DEFAULT_LIMITS)).toEqual(datatypeMessage(decoder(bytes)));
    expect(() => readDatatype(decoder(bytes.subarray(0, 11)), DEFAULT_LIMITS)).toThrow(/cut short/);
    expect(() => readDatatype(decoder(bytes.subarray(0, 0)), DEFAULT_LIMITS)).toThrow(/cut short/);
  });
});
