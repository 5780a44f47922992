/** What is encoded decodes to the same: every filter with its options, element types, lengths and contents. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultFilters } from "../src/default.ts";
import { type ChunkDescription, CodecError, type ElementType, type FilterOptions } from "../src/filter.ts";
import { useKernels } from "../src/kernels/wasm-kernel.ts";
import { KINDS, sample } from "./bytes.ts";
import { codecOf, loadAll } from "./vectors.ts";

beforeAll(loadAll);

const integer = (size: number, order = "le", more = {}): ElementType => ({
  class: "integer",
  size,
  order,
  signed: true,
  ...more,
});
const float = (size: number, order = "le"): ElementType => ({ class: "float", size, order });
const opaque = (size: number): ElementType => ({ class: "opaque", size });

const types: Record<string, ElementType> = {
  i1: integer(1),
  u1: integer(1, "le", { signed: false }),
  i2: integer(2),
  ">i2": integer(2, "be"),
  i4: integer(4),
  ">u4": integer(4, "be", { signed: false }),
  i8: integer(8),
  ">u8": integer(8, "be", { signed: false }),
  f4: float(4),
  f8: float(8),
  V3: opaque(3),
  V16: opaque(16),
  V300: opaque(300),
};

/** Filters that keep every bit, with the options to try. */
const lossless: [string, FilterOptions[]][] = [
  ["deflate", [undefined, 0, { level: 9 }]],
  ["shuffle", [undefined]],
  ["fletcher32", [undefined]],
  ["szip", [undefined, ["ec", 32], { method: "nn", pixelsPerBlock: 16 }, ["ec", 4]]],
  ["nbit", [undefined]],
  ["scaleoffset", [undefined]],
  ["lzf", [undefined]],
  ["lz4", [undefined, 64, { nbytes: 1000 }]],
  ["bitshuffle", [undefined, { cname: "none" }, { codec: "zstd", level: 5 }, { nelems: 16 }]],
  ["zstd", [undefined, 1, 6, { clevel: -7 }, 13]],
  ["bzip2", [undefined, { blocksize: 1 }]],
  ["zfp", [undefined, { reversible: true }]],
  [
    "blosc",
    ["blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"].flatMap((codec) =>
      ["none", "byte", "bit"].map((shuffle) => ({ codec, shuffle })),
    ),
  ],
  [
    "blosc2",
    ["blosclz", "lz4", "lz4hc", "zlib", "zstd"].flatMap((cname) =>
      [0, 1, 2, 3].map((filters) => ({ cname, filters, clevel: 4 })),
    ),
  ],
];

/** Shapes: one element to several blocks of every codec, the last for some types only. */
const shapes: readonly (readonly number[])[] = [[1], [7], [8], [300], [33, 41], [5, 6, 7], [3, 4, 5, 6]];
const largeShape = [40_000];
const largeTypes = ["i1", "i4", "f8"];

/** Contents of large chunks. */
const LARGE_KINDS = ["walk", "runs"] as const;

function supports(name: string, { class: kind, size, order }: ElementType): boolean {
  const number = kind === "integer" || kind === "float";
  if (name === "zfp") return number && size >= 4 && order === "le";
  if (name === "scaleoffset") return kind === "integer";
  if (name === "szip") return size <= 8 && size !== 3;
  if (name === "blosc" || name === "blosc2") return true;
  return true;
}

/** Codecs that have a kernel are tried with its twin in TypeScript as well. */
const kernels = ["lz4", "lzf", "bitshuffle", "zstd", "blosc", "blosc2", "szip", "zfp"];
const ways = lossless.flatMap(([name, options]): [string, FilterOptions[], boolean][] =>
  kernels.includes(name)
    ? [
        [name, options, true],
        [name, options, false],
      ]
    : [[name, options, true]],
);

describe.each(ways)("%s with %j, kernels: %s", (name, options, on) => {
  let before = true;
  beforeAll(() => {
    before = useKernels(on);
  });
  afterAll(() => useKernels(before));
  it.each(Object.entries(types).filter(([, type]) => supports(name, type)))("keeps chunks of %s", (typeName, type) => {
    const codec = codecOf(defaultFilters.get(name)!.id);
    let encoded = 0;
    for (const dims of on && largeTypes.includes(typeName) ? [...shapes, largeShape] : shapes) {
      const chunk: ChunkDescription = { dims, type };
      const length = dims.reduce((n, size) => n * size, type.size);
      if (length > 400_000 || (name === "zfp" && length === type.size) || (name === "szip" && length / type.size < 32))
        continue;
      for (const option of options) {
        const clientData = codec.clientData!(option, chunk);
        for (const kind of dims === largeShape ? LARGE_KINDS : KINDS) {
          const data = sample(kind, length, dims.length);
          const before = data.slice();
          const stored = codec.encode!(data, clientData);
          expect(Buffer.compare(data, before), "the input stays").toBe(0);
          if (!stored) continue;
          encoded++;
          const known = codec.encodedSize?.(length, clientData);
          if (known !== undefined) expect(stored.length).toBe(known);
          const decoded = codec.decode(stored, clientData, { exact: length, max: length });
          const message = `${JSON.stringify(option)} ${dims} ${kind} [${clientData}]`;
          expect(Buffer.compare(decoded, data), message).toBe(0);
        }
      }
    }
    expect(encoded).toBeGreaterThan(0);
  });
});

describe("options", () => {
  const chunk: ChunkDescription = { dims: [10, 20], type: integer(4) };
  const cases: [string, FilterOptions, number[]][] = [
    ["deflate", undefined, [4]],
    ["szip", undefined, [169, 8, 32, 20]],
    ["szip", ["ec", 16], [141, 16, 32, 20]],
    ["lzf", undefined, [4, 261, 800]],
    ["lz4", { nbytes: 64 }, [64]],
    ["zstd", { clevel: -5 }, [2 ** 32 - 5]],
    ["bitshuffle", undefined, [0, 4, 4, 0, 2]],
    ["bitshuffle", { cname: "zstd", clevel: 3 }, [0, 4, 4, 0, 3, 3]],
    ["blosc", { codec: "zstd", level: 5, shuffle: "bit" }, [2, 2, 4, 800, 5, 2, 5]],
    ["blosc2", { cname: "zstd", clevel: 5, filters: 1 }, [1, 0, 4, 800, 5, 1, 5, 2, 10, 20]],
    // By the names and values that hdf5plugin has.
    ["bitshuffle", { nelems: 64, cname: "none" }, [0, 4, 4, 64, 0]],
    ["bitshuffle", { lz4: false }, [0, 4, 4, 0, 0]],
    ["bitshuffle", { lz4: true }, [0, 4, 4, 0, 2]],
    ["blosc", undefined, [2, 2, 4, 800, 5, 1, 1]],
    ["blosc", { cname: "blosclz", clevel: 9, shuffle: 2 }, [2, 2, 4, 800, 9, 2, 0]],
    ["blosc2", undefined, [1, 0, 4, 800, 5, 1, 0, 2, 10, 20]],
    ["blosc2", { cname: "zlib", clevel: 3, filters: 4 }, [1, 0, 4, 800, 3, 4, 4, 2, 10, 20]],
    ["bzip2", undefined, [9]],
    ["bzip2", { blocksize: 5 }, [5]],
    ["lz4", undefined, [0]],
    ["zstd", undefined, [3]],
    ["nbit", undefined, [8, 1, 200, 1, 4, 0, 32, 0]],
    ["scaleoffset", 4, [2, 4, 200, 0, 4, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ];
  it.each(cases)("of %s, %j", (name, options, expected) => {
    expect(codecOf(defaultFilters.get(name)!.id).clientData!(options, chunk)).toEqual(expected);
  });
  it.each([
    ["deflate", 10],
    ["deflate", { speed: 3 }],
    ["deflate", [1, 2]],
    ["szip", ["nn", 7]],
    ["szip", ["rice", 8]],
    ["lzf", 1],
    ["zstd", 23],
    ["bitshuffle", { nelems: 12 }],
    ["blosc", { codec: "brotli" }],
    ["blosc2", { cname: "snappy" }],
    ["zfp", { rate: 3, precision: 4 }],
    ["zfp", { accuracy: 0.1 }],
    ["scaleoffset", 33],
  ])("of %s, %j are an error", (name, options) => {
    expect(() => codecOf(defaultFilters.get(name)!.id).clientData!(options as FilterOptions, chunk)).toThrow(
      CodecError,
    );
  });
});

describe("lossy filters", () => {
  const wave = Float64Array.from({ length: 24 * 30 }, (_, i) => 100 * Math.sin(i / 7) + (i % 5) / 3);
  const dims = [24, 30];
  it.each([[1], [3], [6]])("scale-offset keeps %i digits", (digits) => {
    const codec = codecOf(6);
    const clientData = codec.clientData!(digits, { dims, type: float(8) });
    const stored = codec.encode!(new Uint8Array(wave.buffer), clientData)!;
    const decoded = new Float64Array(
      codec.decode(stored, clientData, { exact: wave.byteLength, max: wave.byteLength }).buffer,
    );
    for (let i = 0; i < wave.length; i++)
      expect(Math.abs(decoded[i] - wave[i])).toBeLessThanOrEqual(0.5000001 * 10 ** -digits);
  });
  it.each([[1], [0.01], [1e-9]])("zfp keeps an accuracy of %f", (accuracy) => {
    const codec = codecOf(32013);
    const clientData = codec.clientData!({ accuracy }, { dims, type: float(8) });
    const stored = codec.encode!(new Uint8Array(wave.buffer), clientData)!;
    const decoded = new Float64Array(
      codec.decode(stored, clientData, { exact: wave.byteLength, max: wave.byteLength }).buffer,
    );
    for (let i = 0; i < wave.length; i++) expect(Math.abs(decoded[i] - wave[i])).toBeLessThanOrEqual(accuracy);
  });
  it("zfp keeps its rate", () => {
    const codec = codecOf(32013);
    const clientData = codec.clientData!({ rate: 8 }, { dims, type: float(8) });
    const stored = codec.encode!(new Uint8Array(wave.buffer), clientData)!;
    expect(stored.length).toBe(6 * 8 * 16); // 48 blocks of 16 values, a byte each
  });
});
