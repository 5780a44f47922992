/** Kernels in WebAssembly and their twins in TypeScript give the same bytes, both ways. */
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ElementType, FilterOptions } from "../src/filter.ts";
import { useKernels } from "../src/kernels/wasm-kernel.ts";
import { KINDS, sample, seeded } from "./bytes.ts";
import { codecOf, loadAll } from "./vectors.ts";

beforeAll(loadAll);
afterEach(() => void useKernels(true));

/** The result with kernels, and without. */
function bothWays<T>(run: () => T): [kernel: T, twin: T] {
  useKernels(true);
  const kernel = run();
  useKernels(false);
  const twin = run();
  return [kernel, twin];
}

/** Encodes by both, then decodes the outcome by both. */
function same(id: number, data: Uint8Array, clientData: readonly number[], what: string): void {
  const codec = codecOf(id);
  const [stored, twin] = bothWays(() => codec.encode?.(data, clientData));
  expect(twin === undefined, what).toBe(stored === undefined);
  if (!stored || !twin) return;
  expect(Buffer.compare(stored, twin), `encoded: ${what}`).toBe(0);
  if (codec.maxEncodedSize) {
    expect(stored.length).toBeLessThanOrEqual(codec.maxEncodedSize(data.length, clientData));
  }
  const size = { exact: data.length, max: data.length };
  const [decoded, again] = bothWays(() => codec.decode(stored, clientData, size));
  expect(Buffer.compare(decoded, again), `decoded: ${what}`).toBe(0);
}

const TYPES: Record<string, ElementType> = {
  i4: { class: "integer", size: 4, order: "le", signed: true },
  i8: { class: "integer", size: 8, order: "le", signed: true },
  f4: { class: "float", size: 4, order: "le" },
  f8: { class: "float", size: 8, order: "le" },
};

/** Floats of all magnitudes, with zeros, denormals, infinities and not-a-numbers where `special`. */
function floats(size: number, count: number, special: boolean): Uint8Array {
  const random = seeded(count + size);
  const odd = [0, -0, 5e-324, -1e-40, 1e38, -1e308, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const value = (i: number): number => {
    if (special && random() < 0.05) return odd[Math.floor(random() * odd.length)];
    return Math.sin(i / 9) * 10 ** (special ? Math.floor(random() * 60 - 30) : 2);
  };
  const values = Array.from({ length: count }, (_, i) => value(i));
  return new Uint8Array((size === 4 ? Float32Array.from(values) : Float64Array.from(values)).buffer);
}

describe("zfp", () => {
  const modes: FilterOptions[] = [
    { reversible: true },
    ...[1, 3, 8, 16, 31, 64].map((rate) => ({ rate })),
    ...[1, 7, 23, 64].map((precision) => ({ precision })),
    { minbits: 40, maxbits: 300, maxprec: 20, minexp: -10 },
    { minbits: 1, maxbits: 7, maxprec: 64, minexp: -1074 },
  ];
  const shapes = [[2], [4], [33], [5, 7], [16, 16], [3, 4, 9], [2, 5, 3, 6], [4, 4, 4, 8], [2, 2, 2, 33]];
  it.each(Object.entries(TYPES))("of %s", (name, type) => {
    const options = type.class === "float" ? [...modes, { accuracy: 1e-3 }, { accuracy: 5 }] : modes;
    for (const dims of shapes) {
      const count = dims.reduce((n, size) => n * size, 1);
      const contents =
        type.class === "float"
          ? [floats(type.size, count, false), floats(type.size, count, true)]
          : KINDS.map((kind) => sample(kind, count * type.size));
      for (const option of options) {
        const clientData = codecOf(32013).clientData?.(option, { dims, type }) ?? [];
        for (const data of contents) same(32013, data, clientData, `${name} ${dims} ${JSON.stringify(option)}`);
      }
    }
  });
  it("of the other byte order", () => {
    for (const type of Object.values(TYPES)) {
      const clientData = codecOf(32013).clientData?.({ precision: 20 }, { dims: [5, 9], type }) ?? [];
      const swapped = clientData.map((word, i) =>
        i === 0 ? word : Buffer.from(Uint32Array.of(word).buffer).readUInt32BE(),
      );
      same(32013, sample("walk", 45 * type.size), swapped, type.class);
    }
  });
});

it("outputs go into room that is given for them", () => {
  const data = sample("walk", 40_000);
  const type = { class: "integer", size: 4, order: "le", signed: true };
  for (const id of [1, 2, 32000, 32001, 32004, 32008, 32013, 32015]) {
    const codec = codecOf(id);
    const clientData = codec.clientData?.(undefined, { dims: [100, 100], type }) ?? [4];
    const stored = codec.encode?.(data, clientData) ?? data;
    for (const kernels of [true, false]) {
      useKernels(kernels);
      const room = new Uint8Array(data.length + 100).fill(7);
      const decoded = codec.decode(stored, clientData, { exact: data.length, max: data.length, room });
      expect(Buffer.compare(decoded, data), `filter ${id}`).toBe(0);
      if (kernels) expect(decoded.buffer, `filter ${id}`).toBe(room.buffer);
    }
  }
});
