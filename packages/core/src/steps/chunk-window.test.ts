import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Counts, counted } from "../storage/counted.ts";
import { faulty } from "../storage/faulty.ts";
import { MemoryStorage } from "../storage/memory.ts";
import { runAsync } from "./run-async.ts";
import { runSync } from "./run-sync.ts";
import { type ChunksRequest, chunks } from "./steps.ts";
import type { AccessCosts, Storage } from "./storage.ts";

const bytes = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 7 + (i >> 8)) & 255);

interface Placed {
  readonly request: Omit<ChunksRequest, "kind">;
  /** Decoded bytes of each chunk: here those stored, each one more. */
  readonly chunks: (Uint8Array | undefined)[];
  /** Chunks being decoded at once, at most. */
  peak: number;
}

const decoded = (stored: Uint8Array): Uint8Array => stored.map((byte) => byte + 1);

function requestFor(storage: Storage, at: number[], lengths: number[], options: Partial<ChunksRequest> = {}): Placed {
  const placed: (Uint8Array | undefined)[] = new Array(at.length).fill(undefined);
  return {
    chunks: placed,
    peak: 0,
    request: {
      storage,
      at: Float64Array.from(at),
      lengths: Float64Array.from(lengths),
      decode: (_, stored) => decoded(stored),
      place(i, result) {
        if (placed[i] !== undefined) throw new Error(`chunk ${i} is placed twice`);
        placed[i] = result.slice();
      },
      failed: (i, outcome) =>
        new Error(`chunk ${i}: ${outcome instanceof Uint8Array ? `${outcome.length} bytes` : outcome.message}`),
      decodedSize: Math.max(1, ...lengths),
      ...options,
    },
  };
}

/** Decodes later, and counts how many do at once. */
function decodingLater(placed: () => Placed): NonNullable<ChunksRequest["decodeAsync"]> {
  let now = 0;
  return async (_, stored) => {
    const state = placed();
    state.peak = Math.max(state.peak, ++now);
    await new Promise((done) => setTimeout(done, 1));
    now--;
    return decoded(stored);
  };
}

function setUp(costs: Partial<AccessCosts> = {}, latency = 0): { storage: Storage; counts: Counts } {
  return counted(new MemoryStorage(bytes), { costs: { gap: 100, maxAccess: 8 << 20, parallel: 4, ...costs }, latency });
}

const every = (count: number, step: number): number[] => Array.from({ length: count }, (_, i) => i * step);

describe("chunks of any place and length", () => {
  const chunk = fc.record({ at: fc.nat(30_000), length: fc.nat(3000), direct: fc.boolean() });
  it("are placed once each, in both modes, decoded now or later or read directly", async () => {
    const property = fc.asyncProperty(
      fc.array(chunk, { maxLength: 30 }),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: -1, max: 500 }),
      async (list, later, inMemory, gap) => {
        list.sort((a, b) => a.at - b.at);
        // Chunks of 8 KiB and more may go directly to where they belong.
        const lengths = list.map(({ length, direct }) => (direct ? length + 8192 : length));
        const storage = inMemory ? new MemoryStorage(bytes) : setUp({ gap }).storage;
        for (const mode of ["sync", "async"] as const) {
          const targets = list.map(({ direct }, i) => (direct ? new Uint8Array(lengths[i]) : undefined));
          const placed: Placed = requestFor(
            storage,
            list.map(({ at }) => at),
            lengths,
            {
              into: (i) => targets[i],
              ...(later ? { decodeAsync: decodingLater(() => placed) } : {}),
            },
          );
          if (mode === "sync") runSync(chunks(placed.request));
          else await runAsync(chunks(placed.request));
          list.forEach(({ at, direct }, i) => {
            const stored = bytes.slice(at, at + lengths[i]);
            expect(Buffer.compare(direct ? targets[i]! : placed.chunks[i]!, direct ? stored : decoded(stored))).toBe(0);
          });
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

describe("the window", () => {
  it("joins neighbours into few requests", async () => {
    for (const mode of ["sync", "async"]) {
      const { storage, counts } = setUp();
      const placed = requestFor(storage, every(500, 1000), new Array(500).fill(950));
      if (mode === "sync") runSync(chunks(placed.request));
      else await runAsync(chunks(placed.request));
      expect([counts.requests, counts.bytes]).toEqual([1, 499_950]);
      expect(placed.chunks.every((chunk) => chunk?.length === 950)).toBe(true);
    }
  });

  it("keeps at least eight requests under way", async () => {
    const { storage, counts } = setUp({ gap: 0 }, 5);
    let underWay = 0;
    let peak = 0;
    const inner = storage as Extract<Storage, { read: unknown }>;
    const read = inner.read.bind(inner);
    Object.assign(storage, {
      read: async (...args: Parameters<typeof read>) => {
        peak = Math.max(peak, ++underWay);
        try {
          return await read(...args);
        } finally {
          underWay--;
        }
      },
    });
    await runAsync(chunks(requestFor(storage, every(40, 20_000), new Array(40).fill(1000)).request));
    expect([peak, counts.requests]).toEqual([8, 40]);
  });

  it("decodes several chunks at once, though they came with one request, but not more than fit", async () => {
    const decodedSizes: [size: number, peak: number][] = [
      [1000, 8],
      [4 << 20, 4],
      [64 << 20, 1],
    ];
    for (const [decodedSize, peak] of decodedSizes) {
      const { storage, counts } = setUp();
      const placed: Placed = requestFor(storage, every(50, 1000), new Array(50).fill(1000), {
        decodedSize,
        decodeAsync: decodingLater(() => placed),
      });
      await runAsync(chunks(placed.request));
      expect([placed.peak, counts.requests]).toEqual([peak, 1]);
    }
  });

  it("holds back reads that exceed its bytes", async () => {
    let underWay = 0;
    let peak = 0;
    const big = 6 << 20;
    const storage: Storage = {
      label: "large",
      costs: { gap: 0, parallel: 16, maxAccess: Infinity },
      async read(extents) {
        const asked = extents.reduce((sum, { length }) => sum + length, 0);
        peak = Math.max(peak, (underWay += asked));
        await new Promise((done) => setTimeout(done, 1));
        underWay -= asked;
        return extents.map(({ into, length }) => into ?? new Uint8Array(length));
      },
      size: async () => Infinity,
      close: async () => undefined,
    };
    let count = 0;
    const place = (): void => void count++;
    const options = { place, decode: (_: number, stored: Uint8Array) => stored };
    await runAsync(chunks(requestFor(storage, every(9, big), new Array(9).fill(big), options).request));
    expect([count, peak]).toEqual([9, 2 * big]);
  });

  it("stops when the signal says so, and places nothing afterwards", async () => {
    const { storage } = setUp({ gap: 0 }, 5);
    const stop = new AbortController();
    const placed: Placed = requestFor(storage, every(40, 20_000), new Array(40).fill(1000), {
      decodeAsync: async (_, stored) => {
        stop.abort(new Error("enough"));
        return decoded(stored);
      },
    });
    await expect(runAsync(chunks(placed.request), stop.signal)).rejects.toThrow("enough");
    const count = placed.chunks.filter((chunk) => chunk !== undefined).length;
    await new Promise((done) => setTimeout(done, 20));
    expect(placed.chunks.filter((chunk) => chunk !== undefined).length).toBe(count);
    expect(count).toBeLessThan(40);
  });
});

describe("failures", () => {
  const at = every(20, 20_000);
  const lengths = new Array(20).fill(1000);
  const kinds = [
    ["error", /^chunk \d+: fails as it was told to$/],
    ["short", /^chunk \d+: 500 bytes$/],
    ["throw", /throws as it was told to/],
  ] as const;
  it.each(kinds)("of the storage (%s) at any read end the whole", async (kind, message) => {
    for (let n = 0; n < at.length; n++) {
      const sync = requestFor(faulty(setUp().storage, { at: n, kind, count: 1 }).storage as Storage, at, lengths);
      expect(() => runSync(chunks(sync.request))).toThrow(message);
      const async_ = requestFor(faulty(setUp().storage, { at: n, kind, count: 1 }).storage as Storage, at, lengths);
      await expect(runAsync(chunks(async_.request))).rejects.toThrow(message);
    }
  });

  it("of decoding and placing end the whole, whether now or later", async () => {
    const bad = (i: number): void => {
      if (i === 11) throw new Error("chunk 11 is bad");
    };
    const decode = (i: number, stored: Uint8Array): Uint8Array => {
      bad(i);
      return stored;
    };
    const wrong: Partial<ChunksRequest>[] = [
      { decode },
      { decodeAsync: decode },
      { decodeAsync: async (i, stored) => decode(i, stored) },
      { place: bad },
      { place: bad, decodeAsync: async (_, stored) => stored },
    ];
    for (const options of wrong) {
      for (const step of [1000, 20_000]) {
        const request = () => requestFor(setUp().storage, every(20, step), lengths, options).request;
        await expect(runAsync(chunks(request()))).rejects.toThrow("chunk 11 is bad");
        if (options.decodeAsync === undefined) expect(() => runSync(chunks(request()))).toThrow("chunk 11 is bad");
      }
    }
  });
});

it("a million tiny chunks take little", () => {
  const count = 1_000_000;
  const at = Float64Array.from({ length: count }, (_, i) => i);
  const lengths = new Float64Array(count).fill(1);
  let sum = 0;
  const request = {
    ...requestFor(setUp().storage, [], []).request,
    at,
    lengths,
    decode: (_: number, stored: Uint8Array) => stored,
    place: (_: number, stored: Uint8Array) => {
      sum += stored[0];
    },
  };
  const begun = performance.now();
  runSync(chunks(request));
  expect(sum).toBe(bytes.subarray(0, count).reduce((total, byte) => total + byte, 0));
  expect(performance.now() - begun).toBeLessThan(5000);
});
