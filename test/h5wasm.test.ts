/** What h5wasm (libhdf5, as WebAssembly) writes, h5ts reads: value by value, and as h5wasm itself reads it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, openSync, type Result, slice } from "h5ts";
import * as h5wasm from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

type Values = Parameters<h5wasm.File["create_dataset"]>[0];

const folder = mkdtempSync(join(tmpdir(), "h5ts-h5wasm-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => h5wasm.ready);

/** A file that `fill` fills. */
function made(name: string, fill: (file: h5wasm.File) => void, track = false): string {
  const path = join(folder, name);
  const file = new h5wasm.File(path, "w", { track_order: track } as never);
  fill(file);
  file.close();
  return path;
}

/** Numbers of every kind: ends of the range, and what stands between. */
const NUMBERS: readonly [dtype: string, data: Values["data"]][] = [
  ["<b", Int8Array.of(-128, -1, 0, 127)],
  ["<B", Uint8Array.of(0, 1, 255)],
  ["<h", Int16Array.of(-32_768, 12, 32_767)],
  ["<H", Uint16Array.of(0, 65_535)],
  ["<i", Int32Array.of(-2_147_483_648, 5, 2_147_483_647)],
  ["<I", Uint32Array.of(0, 4_294_967_295)],
  ["<q", BigInt64Array.of(-(2n ** 63n), 7n, 2n ** 63n - 1n)],
  ["<Q", BigUint64Array.of(0n, 2n ** 64n - 1n)],
  ["<f", Float32Array.of(0, -0, 1.5, -3.25, Number.NaN, Number.POSITIVE_INFINITY)],
  ["<d", Float64Array.of(Math.PI, -0, 5e-324, Number.NEGATIVE_INFINITY)],
];

describe("numbers", () => {
  it.each(NUMBERS)("%s", async (dtype, data) => {
    const path = made(`numbers${dtype.slice(1)}.h5`, (file) => {
      file.create_dataset({ name: "plain", data, dtype });
      file.create_dataset({ name: "chunked", data, dtype, chunks: [2], maxshape: [null] });
      file.create_dataset({ name: "gzip", data, dtype, chunks: [2], compression: "gzip", compression_opts: 5 });
      file.create_attribute("attribute", data, null, dtype);
    });
    using sync = openSync(path);
    await using later = await open(path);
    for (const name of ["plain", "chunked", "gzip"]) {
      expect(sync.dataset(name).read().data, name).toStrictEqual(data);
      expect((await (await later.dataset(name)).read()).data, name).toStrictEqual(data);
    }
    expect((sync.attrs.get("attribute") as Result).data).toStrictEqual(data);
  });
});

describe("shapes", () => {
  const shape = [7, 5, 11];
  const data = Float64Array.from({ length: 7 * 5 * 11 }, (_, i) => Math.sin(i));
  const layouts: readonly [string, Partial<Values>][] = [
    ["contiguous", {}],
    ["chunked", { chunks: [2, 2, 3] }],
    ["one chunk", { chunks: [7, 5, 11] }],
    ["gzip 1", { chunks: [3, 5, 4], compression: "gzip", compression_opts: 1 }],
    ["gzip 9", { chunks: [7, 1, 11], compression: "gzip", compression_opts: 9 }],
    ["resizable", { chunks: [4, 4, 4], maxshape: [null, 5, null] }],
  ];

  it.each(layouts)("%s: the whole, and parts beside h5wasm's own", (title, options) => {
    const path = made(`${title}.h5`, (file) => void file.create_dataset({ name: "x", data, shape, ...options }));
    using file = openSync(path);
    const x = file.dataset("x", "f8");
    expect(x.shape).toEqual(shape);
    expect(x.chunks).toEqual(options.chunks);
    expect(x.read().data).toStrictEqual(data);
    const theirs = new h5wasm.File(path, "r");
    const other = theirs.get("x") as h5wasm.Dataset;
    for (const ranges of [
      [
        [2, 5],
        [0, 5],
        [3, 9],
      ],
      [
        [6, 7],
        [4, 5],
        [10, 11],
      ],
      [
        [0, 7],
        [1, 3],
        [0, 11],
      ],
    ]) {
      const part = x.read(ranges.map(([from, to]) => slice(from, to)));
      expect(part.data).toStrictEqual(other.slice(ranges as never));
    }
    theirs.close();
  });

  it("a dataset that grew, and one that was written in parts", () => {
    const path = made("grown.h5", (file) => {
      const grown = file.create_dataset({ name: "grown", data: Int32Array.of(1, 2, 3), maxshape: [null], chunks: [2] });
      grown.resize([5]);
      grown.write_slice([[3, 5]], Int32Array.of(4, 5));
      grown.resize([8]);
      const parts = file.create_dataset({ name: "parts", data: new Uint8Array(64), shape: [8, 8], chunks: [3, 3] });
      parts.write_slice(
        [
          [2, 5],
          [3, 7],
        ],
        Uint8Array.from({ length: 12 }, (_, i) => i + 1),
      );
    });
    using file = openSync(path);
    expect(file.dataset("grown", "i4").read().data).toStrictEqual(Int32Array.of(1, 2, 3, 4, 5, 0, 0, 0));
    const parts = file.dataset("parts", "u1").read([slice(2, 5), slice(3, 7)]).data;
    expect(parts).toStrictEqual(Uint8Array.from({ length: 12 }, (_, i) => i + 1));
  });

  it("scalars", () => {
    const path = made("scalars.h5", (file) => {
      file.create_dataset({ name: "f", data: 2.5, shape: [], dtype: "<d" });
      file.create_dataset({ name: "s", data: "text" });
      file.create_attribute("i", 42, null, "<i");
      file.create_attribute("s", "caf\u00e9");
      file.create_attribute("t", ["a", "bb", ""]);
    });
    using file = openSync(path);
    expect(file.dataset("f", "f8").read().item()).toBe(2.5);
    expect(file.dataset("s").read().item()).toBe("text");
    expect(file.attrs.get("i")).toBe(42);
    expect(file.attrs.get("s")).toBe("caf\u00e9");
    expect((file.attrs.get("t") as Result).data).toEqual(["a", "bb", ""]);
  });
});

describe("text", () => {
  const texts = ["", "plain", "na\u00efve \u2603 \u{1f600}", "x".repeat(5000)];
  it.each([
    ["S", texts],
    // h5wasm calls it padded with spaces, and fills it up with NUL, which is part of the text then.
    ["S12", ["", "twelve bytes", "short"].map((text) => text.padEnd(12, "\0"))],
  ])("%s", (dtype, data) => {
    const path = made(`text${dtype}.h5`, (file) => void file.create_dataset({ name: "t", data, dtype }));
    using file = openSync(path);
    expect(file.dataset("t").read().data).toEqual(data);
    expect(file.dataset("t").read([slice(1, 3)]).data).toEqual(data.slice(1, 3));
  });
});

describe("objects", () => {
  it("groups, links of all kinds, attributes, in the order of names or creation", () => {
    for (const track of [false, true]) {
      const path = made(`objects${track}.h5`, (file) => {
        for (const name of ["zebra", "apple", "mango"]) file.create_group(name, track as never);
        const deep = (file.get("apple") as h5wasm.Group).create_group("deep");
        deep.create_dataset({ name: "x", data: Int32Array.of(9) });
        file.create_soft_link("/apple/deep/x", "soft");
        file.create_hard_link("/apple/deep/x", "hard");
        file.create_external_link("numbersi.h5", "plain", "external");
        for (let i = 0; i < 20; i++) deep.create_attribute(`a${i}`, i, null, "<i");
      });
      using file = openSync(path);
      const names = ["zebra", "apple", "mango", "soft", "hard", "external"];
      expect(new Set(file.keys())).toEqual(new Set(names));
      for (const name of ["soft", "hard", "apple/deep/x"]) {
        expect(file.dataset(name, "i4").read().data, name).toStrictEqual(Int32Array.of(9));
      }
      expect(file.dataset("external", "i4").read().data).toStrictEqual(NUMBERS[4][1]);
      const { attrs } = file.group("apple/deep");
      expect(attrs.count()).toBe(20);
      expect(Array.from({ length: 20 }, (_, i) => attrs.get(`a${i}`))).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }
  });

  it("a thousand datasets in a group", () => {
    const path = made("thousand.h5", (file) => {
      const group = file.create_group("g");
      for (let i = 0; i < 1000; i++) group.create_dataset({ name: `d${i}`, data: Int32Array.of(i, -i) });
    });
    using file = openSync(path);
    const group = file.group("g");
    expect(group.count()).toBe(1000);
    for (const name of group.keys()) {
      const i = Number(name.slice(1));
      expect(group.dataset(name, "i4").read().data).toStrictEqual(Int32Array.of(i, -i));
    }
  });
});
