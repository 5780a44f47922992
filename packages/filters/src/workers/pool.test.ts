import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sample } from "../../test/bytes.ts";
import { defaultFilters } from "../default.ts";
import { CodecError, type FilterRegistry } from "../filter.ts";
import { loadFilters, withFilter } from "../registry.ts";
import { WorkerPool, type WorkerPoolOptions } from "./pool.ts";
import { withWorkers } from "./registry.ts";

describe("a pool of workers", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-pool-"));
  const program = join(folder, "worker.mjs");
  const started: Worker[] = [];
  const create = (): Worker => {
    const worker = new Worker(program);
    started.push(worker);
    return worker;
  };
  const data = sample("walk", 500_000);
  const size = { exact: data.length, max: data.length };

  /** The default registry with a pool that starts at once, and takes whatever is large enough. */
  function pooled(options: WorkerPoolOptions): { pool: WorkerPool; registry: FilterRegistry } {
    started.length = 0;
    const pool = new WorkerPool({ create, startAfter: 0, minTime: 0, ...options });
    return { pool, registry: withWorkers(defaultFilters, pool) };
  }

  beforeAll(async () => {
    const entryPoints = [fileURLToPath(new URL("./worker.ts", import.meta.url))];
    await build({ entryPoints, bundle: true, format: "esm", platform: "node", outfile: program });
    await loadFilters(defaultFilters);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("decodes and encodes what the calling thread does, several chunks at a time", async () => {
    const { pool, registry } = pooled({ count: 2 });
    for (const name of ["zstd", "blosc", "szip", "bitshuffle", "scaleoffset"]) {
      const plain = defaultFilters.get(name)!.codec!;
      const codec = registry.get(name)!.codec!;
      const chunk = { dims: [data.length / 4], type: { class: "integer", size: 4, order: "le", signed: true } };
      const clientData = plain.clientData!(undefined, chunk);
      const stored = await Promise.all([1, 2, 3].map(() => codec.encodeAsync!(data, clientData)));
      expect(Buffer.compare(stored[2]!, plain.encode!(data, clientData)!)).toBe(0);
      const decoded = await Promise.all(stored.map((bytes) => codec.decodeAsync!(bytes!, clientData, size)));
      for (const bytes of decoded) expect(Buffer.compare(bytes, data)).toBe(0);
    }
    expect(started.length).toBe(2);
    expect(data.length).toBe(500_000);
    pool.close();
  });
  it("keeps codecs with a way of their own, filters that workers lack, and small chunks on their thread", async () => {
    const { pool } = pooled({ count: 2 });
    const codec = { decode: (input: Uint8Array) => input };
    const mine = { id: 307, name: "mine", codec, load: async () => codec };
    const registry = withWorkers(withFilter(defaultFilters, mine), pool);
    expect(registry.get("deflate")!.codec).toBe(defaultFilters.get("deflate")!.codec);
    expect(registry.get(307)).toBe(mine);
    const zstd = registry.get("zstd")!.codec!;
    const small = data.subarray(0, 1000);
    const stored = (await zstd.encodeAsync!(small, [3]))!;
    expect(await zstd.decodeAsync!(stored, [3], { exact: 1000, max: 1000 })).toEqual(small);
    expect(started).toEqual([]);
    pool.close();
  });
  it("starts no worker before there was enough work, and works on its own thread until one is there", async () => {
    const { pool, registry } = pooled({ count: 2, startAfter: 20, minTime: 0.1 });
    const bzip2 = registry.get("bzip2")!.codec!;
    const part = data.subarray(0, 100_000);
    const stored = await bzip2.encodeAsync!(part, [9]);
    expect(Buffer.compare(stored!, defaultFilters.get("bzip2")!.codec!.encode!(part, [9])!)).toBe(0);
    expect(started.length).toBe(0);
    let inThread = 0;
    for (let n = 0; n < 200 && pool.size < 2; n++) {
      const before = started.length;
      await Promise.all([1, 2, 3].map(() => bzip2.encodeAsync!(part, [9])));
      if (before === 0) inThread++;
    }
    expect(pool.size).toBe(2);
    expect(inThread).toBeGreaterThan(0);
    pool.close();
  });
  it("leaves to its own thread what takes less time than the way to a worker", async () => {
    const { pool, registry } = pooled({ count: 2, minTime: 10_000 });
    const zstd = registry.get("zstd")!.codec!;
    for (let n = 0; n < 5; n++) expect((await zstd.encodeAsync!(data, [3]))!.length).toBeGreaterThan(0);
    expect(pool.size).toBe(0);
    pool.close();
  });
  it("lets few wait, so that memory stays bounded", async () => {
    const { pool, registry } = pooled({ count: 1 });
    const zstd = registry.get("zstd")!.codec!;
    const copies = vi.spyOn(data, "slice");
    const all = Array.from({ length: 100 }, () => zstd.encodeAsync!(data, [1]));
    // What waits is not copied yet; what there is no room for is done already.
    expect(copies).not.toHaveBeenCalled();
    const first = await Promise.race([all[0], all[99].then(() => "the last")]);
    expect(first).toBe("the last");
    for (const one of await Promise.all(all)) expect(Buffer.compare(one!, (await all[0])!)).toBe(0);
    copies.mockRestore();
    pool.close();
  });
  it("passes on the codec's errors, and goes on", async () => {
    const { pool, registry } = pooled({ count: 1 });
    const zstd = registry.get(32015)!.codec!;
    const stored = defaultFilters.get(32015)!.codec!.encode!(data, [1])!;
    const cut = zstd.decodeAsync!(stored.subarray(0, 99_999), [1], size);
    await expect(cut).rejects.toThrow(CodecError);
    await expect(cut).rejects.toThrow(/^zstd: (?!zstd)/);
    expect(Buffer.compare(await zstd.decodeAsync!(stored, [1], size), data)).toBe(0);
    pool.close();
  });
  it("gives up what its signal says, done or not, and goes on with the rest", async () => {
    const { pool, registry } = pooled({ count: 1 });
    const bzip2 = registry.get("bzip2")!.codec!;
    const stop = new AbortController();
    const under = [1, 2, 3].map((n) => bzip2.encodeAsync!(data, [9], n === 2 ? undefined : stop.signal));
    const outcomes = Promise.allSettled(under);
    stop.abort(new Error("enough"));
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
    await expect(under[0]).rejects.toThrow("enough");
    await expect(bzip2.encodeAsync!(data, [9], stop.signal)).rejects.toThrow("enough");
    pool.close();
  });
  it("rejects what is under way when it is closed, and works on the calling thread then", async () => {
    const { pool, registry } = pooled({ count: 1 });
    const bzip2 = registry.get("bzip2")!.codec!;
    const under = [bzip2.encodeAsync!(data, [9]), bzip2.encodeAsync!(data, [9])];
    pool.close();
    for (const one of under) await expect(one).rejects.toThrow("the pool was closed");
    expect(await bzip2.encodeAsync!(data.subarray(0, 200_000), [9])).toBeDefined();
  });
  it.each([
    [
      "can not start",
      () => {
        throw new Error("not allowed");
      },
    ],
    ["dies", () => new Worker("throw new Error('dead')", { eval: true })],
  ])("falls back to the calling thread when a worker %s", async (_why, broken) => {
    const { pool, registry } = pooled({ count: 2, create: broken });
    const zstd = registry.get("zstd")!.codec!;
    const stored = await Promise.all([zstd.encodeAsync!(data, [1]), zstd.encodeAsync!(data, [1])]);
    expect(Buffer.compare(await zstd.decodeAsync!(stored[0]!, [1], size), data)).toBe(0);
    expect(pool.size).toBe(0);
    const cut = zstd.decodeAsync!(stored[0]!.subarray(0, 99_999), [1], size);
    await expect(cut).rejects.toThrow(CodecError);
    pool.close();
  });
});
