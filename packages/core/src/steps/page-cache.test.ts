import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StorageError } from "../errors.ts";
import { MemoryStorage } from "../storage/memory.ts";
import { all } from "./all.ts";
import { PageCache } from "./page-cache.ts";
import type { Window } from "./pages.ts";
import { runAsync } from "./run-async.ts";
import { runSync } from "./run-sync.ts";
import type { Extent, Outcome, Storage, SyncStorage } from "./storage.ts";

/** Bytes whose every one tells its position, near enough. */
const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);

/** Hides that the bytes are in memory, and logs what is asked for. */
class Slow implements SyncStorage {
  readonly label = "slow";
  readonly costs: SyncStorage["costs"];
  readonly asked: [at: number, length: number][][] = [];
  sizes = 0;
  bytes: Uint8Array;

  constructor(bytes: Uint8Array, costs: Partial<SyncStorage["costs"]> = {}) {
    this.bytes = bytes;
    this.costs = { gap: 0, parallel: 1, maxAccess: 1 << 20, ...costs };
  }
  readSync(extents: readonly Extent[]): Outcome[] {
    this.asked.push(extents.map(({ at, length }) => [at, length]));
    return extents.map(({ at, length }) => this.bytes.slice(at, at + length));
  }
  sizeSync(): number {
    this.sizes++;
    return this.bytes.length;
  }
  closeSync(): void {}
}

class SlowAsync {
  readonly label = "slow";
  readonly costs: SyncStorage["costs"];
  readonly inner: Slow;
  constructor(inner: Slow) {
    this.inner = inner;
    this.costs = inner.costs;
  }
  async read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    const answers = this.inner.readSync(extents);
    await new Promise((done) => setTimeout(done, 1));
    signal?.throwIfAborted();
    return answers;
  }
  async size(): Promise<number> {
    return this.inner.sizeSync();
  }
  async close(): Promise<void> {}
}

/** As `toEqual`, which takes long for long arrays. */
function expectSame(found: Uint8Array | undefined, expected: Uint8Array): void {
  if (found === undefined || Buffer.compare(found, expected) !== 0) expect(found).toEqual(expected);
}

const shown = (window: Window | undefined): Uint8Array | undefined =>
  window?.block.slice(window.offset, window.offset + window.length);
const read = (pages: PageCache, at: number, length: number): Uint8Array | undefined =>
  shown(runSync(pages.read(at, length)));

describe("windows", () => {
  it("are views of the memory where there is one, whatever their length", () => {
    const storage = new MemoryStorage(content(100_000));
    const pages = new PageCache(storage, { pageSize: 512, base: 1000 });
    const window = pages.peek(500, 50_000);
    expect(window).toMatchObject({ base: -1000, offset: 1500, length: 50_000 });
    expect(window?.block).toBe(storage.memory);
    expect(window?.view).toBe(pages.peek(0, 8)?.view);
    expect(pages.peek(99_000 - 3, 8)).toMatchObject({ length: 3 });
    expect(pages.peek(99_000, 8)).toMatchObject({ length: 0, base: 99_000 });
  });

  it("are plain arrays, whose slices are copies, also of what Node has read", () => {
    const bytes = Buffer.from(content(100));
    for (const storage of [new MemoryStorage(bytes), new Slow(bytes)]) {
      const { block, offset } = runSync(new PageCache(storage).read(10, 20));
      block.slice(offset, offset + 1).fill(0);
      expect(bytes[10]).toBe(70);
    }
  });

  it("share one block and view a page, and one a run of pages", () => {
    const storage = new Slow(content(10_000));
    const pages = new PageCache(storage, { pageSize: 1024 });
    expect(pages.peek(100, 10)).toBeUndefined();
    const first = runSync(pages.read(100, 10));
    expect(pages.peek(1000, 24)?.view).toBe(first.view);
    const run = runSync(pages.read(2048, 3000));
    expect(run).toMatchObject({ base: 2048, offset: 0, length: 3000 });
    expect(pages.peek(4000, 1000)?.block).toBe(run.block);
    expect(storage.asked).toEqual([[[0, 1024]], [[2048, 3072]]]);
    expect([pages.hits, pages.misses]).toEqual([2, 1]);
  });

  it("are put together across blocks, and long ones kept", () => {
    const bytes = content(40_000);
    const pages = new PageCache(new Slow(bytes), { pageSize: 8192 });
    read(pages, 0, 1);
    read(pages, 8192, 1);
    expect(shown(pages.peek(8000, 400))).toEqual(bytes.slice(8000, 8400));
    const long = pages.peek(2000, 10_000);
    expect(shown(long)).toEqual(bytes.slice(2000, 12_000));
    expect(pages.peek(8000, 400)?.block).toBe(long?.block);
  });

  const strange: [at: number, length: number][] = [
    [-1, 8],
    [-(2 ** 52), 8],
    [Number.NaN, 8],
    [2 ** 53, 8],
    [2 ** 60, 2 ** 60],
    [Infinity, 1],
  ];
  it.each(strange)("at no address (%s) are empty, without a read", (at, length) => {
    for (const storage of [new Slow(content(100)), new MemoryStorage(content(100))]) {
      const pages = new PageCache(storage, { base: 10 });
      expect(runSync(pages.read(at, length)).length).toBe(0);
      runSync(pages.load([{ at, length }]));
      if (storage instanceof Slow) expect(storage.asked).toEqual([]);
    }
  });

  it("of absurd length end where the storage does, and are not kept", () => {
    const bytes = content(100_000);
    const storage = new Slow(bytes);
    const pages = new PageCache(storage, { pageSize: 512, budget: 8192 });
    expectSame(read(pages, 10, 2 ** 50), bytes.slice(10));
    expect([storage.asked, storage.sizes]).toEqual([[[[10, 99_990]]], 1]);
    expect(read(pages, 100_000, 2 ** 50)).toEqual(new Uint8Array());
    expect(storage.asked.length).toBe(1);
  });
});

describe("loads", () => {
  it("join what is missing, read through small gaps and keep these", () => {
    const storage = new Slow(content(100_000), { gap: 1024 });
    const pages = new PageCache(storage, { pageSize: 512 });
    runSync(
      pages.load([
        { at: 5000, length: 10 },
        { at: 0, length: 600 },
        { at: 6000, length: 10 },
        { at: 20_000, length: 1 },
        { at: 5001, length: 10 },
      ]),
    );
    expect(storage.asked).toEqual([
      [
        [0, 1024],
        [4608, 1536],
        [19_968, 512],
      ],
    ]);
    expect(pages.peek(5200, 100)).toBeDefined();
    runSync(pages.load([{ at: 0, length: 1000 }]));
    expect(storage.asked.length).toBe(1);
  });

  it("read ahead at first only, where the storage advises it", () => {
    const storage = new Slow(content(100_000), { page: 1024, first: 8192 });
    const pages = new PageCache(storage);
    read(pages, 0, 8);
    read(pages, 50_000, 8);
    expect(storage.asked).toEqual([[[0, 8192]], [[49_152, 1024]]]);
  });

  it("of children that run side by side are one round, and each page is asked for once", () => {
    const storage = new Slow(content(100_000));
    const pages = new PageCache(storage, { pageSize: 1024 });
    const windows = runSync(all([pages.read(0, 10), pages.read(500, 1000), pages.read(9000, 1), pages.read(20, 5)]));
    expect(storage.asked).toEqual([
      [
        [0, 2048],
        [8192, 1024],
      ],
    ]);
    expect(windows.map((window) => window.length)).toEqual([10, 1000, 1, 5]);
  });

  it("under way serve other callers too, also when the first one gives up", async () => {
    const bytes = content(10_000);
    const storage = new Slow(bytes);
    const pages = new PageCache(new SlowAsync(storage), { pageSize: 1024 });
    const stop = new AbortController();
    const first = runAsync(pages.read(100, 10), stop.signal);
    const second = runAsync(pages.read(200, 20));
    const third = runAsync(pages.read(0, 1500));
    stop.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect(shown(await second)).toEqual(bytes.slice(200, 220));
    expect(shown(await third)).toEqual(bytes.slice(0, 1500));
    expect(storage.asked).toEqual([[[0, 1024]], [[0, 2048]]]);
  });

  it("fail with the storage's error, and succeed when asked again", () => {
    const storage = new Slow(content(5000));
    const healthy = storage.readSync.bind(storage);
    storage.readSync = (extents) => extents.map(() => new StorageError("is gone"));
    const pages = new PageCache(storage, { pageSize: 1024 });
    expect(() => runSync(pages.read(0, 10))).toThrow("is gone");
    expect(() => runSync(pages.load([{ at: 0, length: 10 }]))).toThrow("is gone");
    storage.readSync = healthy;
    expect(read(pages, 0, 10)?.length).toBe(10);
  });

  it("stay within the budget, also when a round exceeds it", () => {
    const bytes = content(1 << 20);
    const storage = new Slow(bytes);
    const pages = new PageCache(storage, { pageSize: 1024, budget: 8192 });
    const windows = runSync(all(Array.from({ length: 300 }, (_, i) => pages.read(i * 3000, 1500))));
    windows.forEach((window, i) => {
      expectSame(shown(window), bytes.slice(i * 3000, i * 3000 + 1500));
    });
    expect(storage.asked.length).toBe(1);
    expect((pages as unknown as { blocks: { held: number } }).blocks.held).toBeLessThanOrEqual(8192 * 2);
  });

  it("keep the recently used", () => {
    const storage = new Slow(content(100_000));
    const pages = new PageCache(storage, { pageSize: 1024, budget: 10_240 });
    for (let i = 0; i < 50; i++) {
      read(pages, 0, 8);
      read(pages, 1024 * (i + 1), 8);
    }
    expect(storage.asked.filter(([extent]) => extent[0] === 0).length).toBe(1);
  });
});

describe("changes", () => {
  it("of the base and the page size keep what was read", () => {
    const bytes = content(20_000);
    const storage = new Slow(bytes);
    const pages = new PageCache(storage, { pageSize: 8192 });
    read(pages, 0, 8);
    pages.rebase(2048);
    expect(shown(pages.peek(100, 50))).toEqual(bytes.slice(2148, 2198));
    pages.repage(1024);
    expect(shown(pages.peek(6000, 100))).toEqual(bytes.slice(8048, 8148));
    expect(pages.peek(6144, 1)).toBeUndefined();
    expect(read(pages, 6144, 10)).toEqual(bytes.slice(8192, 8202));
    expect(storage.asked[1]).toEqual([[8192, 1024]]);
  });

  it("of the storage are seen after it is said so", () => {
    const storage = new Slow(content(1500));
    const pages = new PageCache(storage, { pageSize: 1024 });
    const old = read(pages, 0, 1);
    expect(read(pages, 1100, 1000)?.length).toBe(400);
    storage.bytes = content(5000).fill(9, 0, 100);
    expect(read(pages, 1100, 1000)?.length).toBe(400);
    pages.invalidate(1100, 1);
    expect(read(pages, 1100, 1000)?.length).toBe(1000);
    expect(read(pages, 0, 1)).toEqual(old);
    pages.invalidate();
    expect(read(pages, 0, 1)).toEqual(Uint8Array.of(9));
  });

  it("are seen behind a last page that was read along with what lies beyond the end", () => {
    const storage = new Slow(content(1500));
    const pages = new PageCache(storage, { pageSize: 1024, base: 100 });
    runSync(
      pages.load([
        { at: 1100, length: 100 },
        { at: 9000, length: 100 },
      ]),
    );
    storage.bytes = content(5000);
    pages.invalidate(1600, 100);
    expect(read(pages, 1600, 100)).toEqual(content(5000).subarray(1700, 1800));
  });

  it("of memory are seen as well, also when it grows", () => {
    const storage = new MemoryStorage(content(100));
    const pages = new PageCache(storage);
    expect(read(pages, 90, 20)?.length).toBe(10);
    storage.writeSync([{ at: 100, bytes: Uint8Array.of(1, 2, 3) }]);
    pages.invalidate(90, 20);
    expect(read(pages, 100, 20)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("laid over the file are seen, within and behind it", () => {
    for (const storage of [new Slow(content(3000)), new MemoryStorage(content(3000))]) {
      const pages = new PageCache(storage, { pageSize: 1024, base: 100 });
      read(pages, 0, 100);
      pages.overlay(1020, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
      pages.overlay(3500, Uint8Array.of(1, 2));
      expect(read(pages, 1022, 2)).toEqual(Uint8Array.of(3, 4));
      expect(read(pages, 2899, 5)).toEqual(Uint8Array.of(content(3000)[2999], 0, 0, 0, 0));
      expect(read(pages, 3498, 100)).toEqual(Uint8Array.of(0, 0, 1, 2));
      expect(read(pages, 0, 2 ** 40)?.length).toBe(3502);
      expect(content(3000)).toEqual(storage instanceof Slow ? storage.bytes : storage.memory);
    }
  });
});

/** What a cache may be told, in any order; compared with plain bytes. */
const operation = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant("read" as const), fc.nat(12_000), fc.nat(6000)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("load" as const), fc.nat(12_000), fc.nat(6000)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("overlay" as const), fc.nat(11_000), fc.nat(1500)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("invalidate" as const), fc.nat(12_000), fc.nat(3000)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("repage" as const), fc.integer({ min: 512, max: 3000 }), fc.nat(0)) },
);

it("shows the same bytes as the plain file, whatever is asked in whatever order", async () => {
  const storages: ((bytes: Uint8Array) => Storage)[] = [
    (bytes) => new MemoryStorage(bytes),
    (bytes) => new Slow(bytes, { gap: 700 }),
    (bytes) => new SlowAsync(new Slow(bytes, { gap: 100, first: 2000 })),
  ];
  const property = fc.asyncProperty(
    fc.nat(storages.length - 1),
    fc.nat(10_000),
    fc.nat(600),
    fc.integer({ min: 4096, max: 20_000 }),
    fc.array(operation, { maxLength: 40 }),
    async (kind, length, base, budget, operations) => {
      let model = content(length).slice(base);
      const pages = new PageCache(storages[kind](content(length)), { pageSize: 512, base, budget });
      for (const [what, at, count] of operations) {
        if (what === "load") await runAsync(pages.load([{ at, length: count }]));
        else if (what === "invalidate") pages.invalidate(at, count);
        else if (what === "repage") pages.repage(at);
        else if (what === "overlay") {
          const bytes = new Uint8Array(count).fill(at);
          const longer = new Uint8Array(count === 0 ? model.length : Math.max(model.length, at + count));
          longer.set(model);
          longer.set(bytes, Math.min(at, longer.length - count));
          model = longer;
          pages.overlay(at, bytes);
        } else {
          expectSame(shown(await runAsync(pages.read(at, count))), model.slice(at, at + count));
          const again = pages.peek(at, count);
          if (again !== undefined) expectSame(shown(again), model.slice(at, at + count));
        }
      }
    },
  );
  await fc.assert(property, { numRuns: 300 });
});
