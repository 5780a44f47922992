import { describe, expect, it } from "vitest";
import { seeded } from "../../test/bytes.ts";
import { lzo } from "../codecs/lzo.ts";
import { CodecError } from "../filter.ts";
import { lzoDecode, lzoLength } from "./lzo.ts";

const END = [0x11, 0, 0];
const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const text = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/** Each kind of instruction of the description of the format, written by hand. */
const STREAMS: readonly [string, number[], string][] = [
  ["literals that the first byte counts", [17 + 5, ...letters("abcde"), ...END], "abcde"],
  ["a run of literals", [2, ...letters("abcde"), ...END], "abcde"],
  ["a run of many literals", [0, 0, 3, ...letters("x".repeat(276)), ...END], "x".repeat(276)],
  ["3 bytes from 4 back", [21, ...letters("abcd"), 64 | (3 << 2), 0, ...END], "abcdabc"],
  [
    "4 bytes, and 2 literals behind",
    [21, ...letters("abcd"), 96 | (3 << 2) | 2, 0, ...letters("xy"), ...END],
    "abcdabcdxy",
  ],
  ["8 bytes that overlap", [21, ...letters("abcd"), 0xe0 | (0 << 2), 0, ...END], `abcd${"d".repeat(8)}`],
  [
    "from up to 16 KB back, length in the instruction",
    [21, ...letters("abcd"), 32 | 3, 3 << 2, 0, ...END],
    "abcdabcda",
  ],
  ["length in bytes behind", [21, ...letters("abcd"), 32, 2, 0, 0, ...END], `abcd${"d".repeat(35)}`],
  ["2 bytes behind few literals", [18, ...letters("a"), 64 | 1, 0, ...letters("b"), 1 << 2, 0, ...END], "aaaabab"],
];

describe("LZO", () => {
  it.each(STREAMS)("%s", (_, stream, expected) => {
    const input = Uint8Array.from(stream);
    const length = expected.length;
    expect(lzoLength(input, 1000)).toBe(length);
    const output = new Uint8Array(length);
    expect(lzoDecode(input, output)).toBe(length);
    expect(text(output)).toBe(expected);
    const room = new Uint8Array(length + 5);
    const decoded = lzo.decode(input, [], { exact: length, max: length, room });
    expect([text(decoded), decoded.buffer]).toEqual([expected, room.buffer]);
    expect(text(lzo.decode(input, [], { max: 1000 }))).toBe(expected);
  });
  it("copies from farther than 16 KB", () => {
    const far = new Uint8Array(17_000).map((_, i) => i % 251);
    // 17,000 literals: 3 + 15, 66 times 255, and the rest.
    const rest = 17_000 - 18 - 66 * 255;
    const stream = [
      0,
      ...new Array<number>(66).fill(0),
      rest,
      ...far,
      16 | 4,
      ((16_999 - 16_384) << 2) & 0xff,
      (16_999 - 16_384) >> 6,
      ...END,
    ];
    const decoded = lzo.decode(Uint8Array.from(stream), [], { max: 20_000 });
    expect(Array.from(decoded.subarray(17_000))).toEqual(Array.from(far.subarray(1, 7)));
  });
  it("does not encode", () => expect(lzo.encode).toBeUndefined());
});

describe("damaged LZO", () => {
  it.each([
    ["no bytes", [], /within an instruction/],
    ["literals cut short", [21, 1, 2], /within literals/],
    ["no marker at the end", [21, ...letters("abcd")], /within an instruction/],
    ["a copy from before the output", [21, ...letters("abcd"), 64 | (7 << 2), 0, ...END], /before the output/],
    ["more than expected", [17 + 11, ...letters("abcdefghijk"), ...END], /more output/],
    ["less than expected", [17 + 4, ...letters("abcd"), ...END], /4 bytes instead of 10/],
  ])("%s", (_, stream, reason) => {
    const decode = (): unknown => lzo.decode(Uint8Array.from(stream), [], { exact: 10, max: 10 });
    expect(decode).toThrow(CodecError);
    expect(decode).toThrow(reason);
  });
  it("gives an error or the right length, whatever the bytes", () => {
    const random = seeded(305);
    const outcomes = new Set<string>();
    for (let trial = 0; trial < 20_000; trial++) {
      const [, stream] = STREAMS[trial % STREAMS.length];
      const input = Uint8Array.from(stream);
      for (let k = 0; k < 2; k++) input[Math.floor(random() * input.length)] = Math.floor(random() * 256);
      try {
        outcomes.add(String(lzo.decode(input, [], { exact: 12, max: 12 }).length));
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        outcomes.add("error");
      }
    }
    expect([...outcomes].sort()).toEqual(["12", "error"]);
  });
});
