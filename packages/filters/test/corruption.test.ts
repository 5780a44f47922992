/**
 * Damaged chunks: every codec, with its kernel and with its twin, gives an error or the declared number of bytes, throws
 * nothing but CodecError, ends soon, and allocates nothing that damaged bytes ask for beyond the declared chunk.
 * `H5TS_SCALE=1` makes 100,000 of them, by default a tenth.
 */
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ElementType, FilterOptions } from "../src/filter.ts";
import { useKernels } from "../src/kernels/wasm-kernel.ts";
import { sample, seeded } from "./bytes.ts";
import { countAllocations, damage, outcome, SCALE } from "./damage.ts";
import { codecOf, loadAll, readVectors, type Vector } from "./vectors.ts";

/** Chunks of the vectors that are damaged, and larger ones. */
const SMALL = 96_000 * SCALE;
const LARGE = 4000 * SCALE;
/** Milliseconds of the processor that no chunk takes. */
const LONGEST = 3000;

/** What codecs allocate for themselves whatever the chunk: tables, a block of literals, pages of a new kernel. */
const SCRATCH = 600_000;

beforeAll(loadAll);
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  useKernels(true);
});

/** Counts outcomes; the longest time that one took comes with them. */
class Outcomes {
  readonly seen: Record<string, number> = {};
  longest = 0;

  note(decode: () => string): void {
    const start = process.cpuUsage();
    const result = decode();
    const { user, system } = process.cpuUsage(start);
    this.longest = Math.max(this.longest, (user + system) / 1000);
    this.seen[result] = (this.seen[result] ?? 0) + 1;
  }

  /** Checks that there were `count`, all as they must be; some are errors where the filter can tell. */
  check(count: number, tells: boolean): void {
    const { error = 0, "right length": right = 0, ...others } = this.seen;
    expect(others).toEqual({});
    expect(error + right).toBe(count);
    if (tells) expect(error).toBeGreaterThan(0);
    expect(this.longest).toBeLessThan(LONGEST);
  }
}

const vectors = readVectors().filter(({ filters, mask }) => filters.length === 1 && mask === 0);
const byId = new Map<number, Vector[]>();
for (const vector of vectors) {
  const { id } = vector.filters[0];
  byId.set(id, [...(byId.get(id) ?? []), vector]);
}
const trials = Math.ceil(SMALL / vectors.length);

describe(`${trials * vectors.length} damaged chunks`, () => {
  it.each([...byId])("of filter %i", (id, group) => {
    const random = seeded(id);
    const outcomes = new Outcomes();
    for (const { filters, chunk, data } of group) {
      for (let trial = 0; trial < trials; trial++) {
        useKernels(trial % 2 === 0);
        outcomes.note(() => outcome(id, filters[0].cd, damage(chunk, random), data.length));
      }
    }
    outcomes.check(group.length * trials, id !== 2);
  });
  it("with changed client data are errors or have the right length", () => {
    const random = seeded(3);
    for (const vector of vectors) {
      const [{ id, cd }] = vector.filters;
      for (let trial = 0; trial < Math.ceil(trials / 4) && cd.length > 0; trial++) {
        useKernels(trial % 2 === 0);
        const changed = cd.slice(0, random() < 0.2 ? Math.floor(random() * cd.length) : cd.length);
        const at = Math.floor(random() * cd.length);
        if (at < changed.length) changed[at] = [0, 1, 255, 0xffffffff, Math.floor(random() * 2 ** 32)][trial % 5];
        const result = outcome(id, changed, vector.chunk, vector.data.length);
        expect(["error", "right length"], `${vector.name} ${changed}`).toContain(result);
      }
    }
  });
});

/** A filter with options, for larger chunks of integers or floats. */
type Case = [name: string, options: FilterOptions, type: "i4" | "f4"];

const BLOSC = ["blosclz", "lz4", "zlib", "zstd"];
const cases: Case[] = [
  ["deflate", 4, "i4"],
  ["shuffle", undefined, "i4"],
  ["fletcher32", undefined, "i4"],
  ["szip", ["nn", 16], "i4"],
  ["nbit", undefined, "i4"],
  ["scaleoffset", 0, "i4"],
  ["scaleoffset", 2, "f4"],
  ["lzf", undefined, "i4"],
  ["lz4", { nbytes: 10_000 }, "i4"],
  ["bitshuffle", { cname: "none" }, "i4"],
  ["bitshuffle", { cname: "lz4" }, "i4"],
  ["bitshuffle", { cname: "zstd" }, "i4"],
  ["zstd", 3, "i4"],
  ["bzip2", 1, "i4"],
  ["zfp", { rate: 12 }, "f4"],
  ["zfp", { reversible: true }, "i4"],
  ...["snappy", ...BLOSC].map((cname): Case => ["blosc", { cname, shuffle: 1 }, "i4"]),
  ...BLOSC.map((cname): Case => ["blosc2", { cname, filters: 2 }, "i4"]),
];
const TYPES: Record<"i4" | "f4", ElementType> = {
  i4: { class: "integer", size: 4, order: "le", signed: true, precision: 20 },
  f4: { class: "float", size: 4, order: "le" },
};
const DIMS = [256, 1024];
const largeTrials = Math.ceil(LARGE / cases.length / 2);

describe(`${2 * largeTrials * cases.length} damaged chunks of 1 MB`, () => {
  const exact = DIMS.reduce((n, size) => n * size, 4);
  const integers = sample("walk", exact);
  const floats = new Uint8Array(Float32Array.from({ length: exact / 4 }, (_, i) => 100 * Math.sin(i / 50)).buffer);
  const ways = cases.flatMap((one): [...Case, boolean][] => [
    [...one, true],
    [...one, false],
  ]);
  it.each(ways)("%s, %j, of %s, kernels: %s", (name, options, type, kernels) => {
    useKernels(kernels);
    const id = idOf(name);
    const codec = codecOf(id);
    const clientData = codec.clientData?.(options, { dims: DIMS, type: TYPES[type], fillValue: null }) ?? [];
    const stored = codec.encode?.(type === "i4" ? integers : floats, clientData);
    if (!stored) throw new Error("not encoded");
    const random = seeded(id + Number(kernels));
    const bad = Array.from({ length: largeTrials }, () => damage(stored, random));
    const outcomes = new Outcomes();
    const counted = countAllocations();
    for (const chunk of bad) {
      counted.largest = counted.sum = counted.grown = 0;
      outcomes.note(() => outcome(id, clientData, chunk, exact));
      // The output itself, and one buffer of its size on the way to it; the input may have to be copied.
      const bound = 2 * exact + chunk.length + SCRATCH;
      expect(counted.largest).toBeLessThanOrEqual(Math.max(exact, chunk.length) + SCRATCH);
      expect(counted.sum + counted.grown, JSON.stringify(counted)).toBeLessThanOrEqual(bound);
    }
    outcomes.check(largeTrials, false);
  });
});

function idOf(name: string): number {
  const vector = { deflate: 1, shuffle: 2, fletcher32: 3, szip: 4, nbit: 5, scaleoffset: 6, bzip2: 307, lzf: 32000 };
  const more = { blosc: 32001, lz4: 32004, bitshuffle: 32008, zfp: 32013, zstd: 32015, blosc2: 32026 };
  return ({ ...vector, ...more } as Record<string, number>)[name];
}
