import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { hex, KINDS, sample, seeded } from "../../test/bytes.ts";
import { type Codec, CodecError } from "../filter.ts";
import { useKernels } from "../kernels/wasm-kernel.ts";
import { deflate } from "./deflate.ts";
import { deflateWithPako } from "./deflate-pako.ts";
import { inflateOnly } from "./inflate-only.ts";
import { inflatePlain } from "./zlib.ts";

const ways = {
  platform: (input: Uint8Array, size: { exact?: number; max: number }) => deflate.decode(input, [6], size),
  reader: (input: Uint8Array, size: { exact?: number; max: number }) => inflateOnly.decode(input, [6], size),
  kernel: (input: Uint8Array, size: { exact?: number; max: number }) => inflatePlain("deflate", input, size),
  plain: (input: Uint8Array, size: { exact?: number; max: number }) => {
    const before = useKernels(false);
    try {
      return inflatePlain("deflate", input, size);
    } finally {
      useKernels(before);
    }
  },
};

describe.each(Object.entries(ways))("inflate (%s)", (_name, inflate) => {
  const i32 = hex("0000000001000000020000000300000004000000050000000600000007000000");
  const stored = hex("789c63606060600462262066066216206605623620660762000170001d");

  it("decodes what libhdf5 wrote", () => expect(inflate(stored, { exact: 32, max: 32 })).toEqual(i32));
  it("accepts bytes behind the stream", () => {
    expect(inflate(hex("789c63606060600462262066066216206605623620660762000170001d 0102"), { max: 99 })).toEqual(i32);
  });
  it("wants exactly the size", () => {
    expect(() => inflate(stored, { exact: 31, max: 31 })).toThrow(CodecError);
    expect(() => inflate(stored, { exact: 33, max: 33 })).toThrow(CodecError);
    expect(() => inflate(stored, { max: 31 })).toThrow(CodecError);
  });
  it("verifies the Adler-32", () => {
    const bad = stored.slice();
    bad[bad.length - 1] ^= 1;
    expect(() => inflate(bad, { exact: 32, max: 32 })).toThrow(CodecError);
  });
  it("rejects every truncation", () => {
    for (let n = 0; n < stored.length; n++) {
      expect(() => inflate(stored.subarray(0, n), { exact: 32, max: 32 })).toThrow(CodecError);
    }
  });

  const strategies = { default: 0, huffman: constants.Z_HUFFMAN_ONLY, rle: constants.Z_RLE, fixed: constants.Z_FIXED };
  const lengths = [0, 1, 2, 100, 4096, 70_001, 300_000];
  it.each(KINDS)("inverts zlib at every level and strategy: %s", (kind) => {
    for (const length of lengths) {
      const data = sample(kind, length);
      for (const [level, strategy] of [
        [0, 0],
        [1, 0],
        [6, 0],
        [9, 0],
        ...Object.values(strategies).map((s) => [6, s]),
      ]) {
        const input = deflateSync(data, { level, strategy });
        expect(Buffer.compare(inflate(input, { exact: length, max: length }), data)).toBe(0);
        expect(Buffer.compare(inflate(input, { max: length + 5 }), data)).toBe(0);
      }
    }
  });
  it("gives an error or the right bytes on corrupt input", () => {
    const random = seeded(7);
    const data = sample("walk", 5000);
    const good = deflateSync(data);
    for (let trial = 0; trial < 2000; trial++) {
      const bad = good.slice();
      bad[Math.floor(random() * bad.length)] ^= 1 << Math.floor(random() * 8);
      try {
        expect(Buffer.compare(inflate(bad, { exact: 5000, max: 5000 }), data)).toBe(0);
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError);
      }
    }
  });
});

describe("deflate", () => {
  it.each(KINDS)("decodes what it encodes, synchronously, in the pool, and by pako: %s", async (kind) => {
    for (const length of [0, 1, 1000, 400_000]) {
      const data = sample(kind, length);
      const size = { exact: length, max: length };
      for (const level of [0, 1, 9]) {
        expect(Buffer.compare(deflate.decode(deflate.encode!(data, [level])!, [level], size), data)).toBe(0);
        const stored = (await deflate.encodeAsync!(data, [level]))!;
        expect(Buffer.compare(await deflate.decodeAsync!(stored, [level], size), data)).toBe(0);
      }
    }
  });
  it("rejects a bomb without making it", async () => {
    const bomb = deflateSync(new Uint8Array(8 << 20));
    expect(() => deflate.decode(bomb, [6], { exact: 1000, max: 1000 })).toThrow("more output than 1000 bytes");
    expect(() => inflatePlain("deflate", bomb, { exact: 1000, max: 1000 })).toThrow("more output than expected");
    await expect(deflate.decodeAsync!(bomb, [6], { exact: 300_000, max: 300_000 })).rejects.toThrow(CodecError);
  });
  it("rejects a level that there is not", () => expect(() => deflate.encode!(hex("00"), [10])).toThrow(CodecError));
  it("makes no second copy of the output", () => {
    const length = 1 << 20;
    const out = deflate.decode(deflateSync(sample("walk", length)), [6], { exact: length, max: length });
    expect(out.buffer.byteLength).toBe(length + 1);
  });
  it.each(KINDS)("is made by pako where there is no zlib: %s", (kind) => {
    const data = sample(kind, 70_001);
    for (const level of [0, 4, 9]) {
      expect(Buffer.compare(inflatePlain("deflate", deflateWithPako(data, level), { max: 70_001 }), data)).toBe(0);
    }
  });
  it("is a zlib stream, not a raw one", () => {
    expect(() => inflatePlain("deflate", deflateRawSync(sample("text", 99)), { max: 99 })).toThrow("no zlib header");
  });
});

describe("a reader without Node", () => {
  const data = sample("text", 100_000);
  const input = deflateSync(data);
  /** As in a browser: no modules of Node's. */
  async function withoutNode<T>(kernels: boolean, use: () => T | Promise<T>): Promise<T> {
    const before = useKernels(kernels);
    const modules = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    vi.resetModules();
    try {
      return await use();
    } finally {
      modules.mockRestore();
      vi.unstubAllGlobals();
      useKernels(before);
    }
  }
  const fresh = async (): Promise<Codec> => (await import("./inflate-only.ts")).inflateOnly;

  it.each([{ exact: data.length, max: data.length }, { max: 10 * data.length }, { max: data.length }])(
    "inflates in WebAssembly: %j",
    (size) =>
      withoutNode(true, async () => expect(Buffer.compare((await fresh()).decode(input, [], size), data)).toBe(0)),
  );
  it("says what it wants where there is no WebAssembly, and inflates all the same if it may wait", () =>
    withoutNode(false, async () => {
      vi.stubGlobal("WebAssembly", undefined);
      const codec = await fresh();
      const size = { exact: data.length, max: data.length };
      expect(() => codec.decode(input, [], size)).toThrow("WebAssembly");
      expect(Buffer.compare((await codec.decodeAsync?.(input, [], size)) as Uint8Array, data)).toBe(0);
      await expect(codec.decodeAsync?.(input, [], { max: 100 })).rejects.toMatchObject({ name: "CodecError" });
      await expect(codec.decodeAsync?.(input.subarray(9), [], size)).rejects.toMatchObject({ name: "CodecError" });
    }));
});
