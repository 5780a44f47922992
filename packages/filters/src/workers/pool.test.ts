import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sample } from "../../test/bytes.ts";
import { defaultFilters } from "../default.ts";
import { CodecError, type FilterRegistry } from "../filter.ts";
import { loadFilters } from "../registry.ts";
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

  /** The default registry with a pool. */
  function pooled(options: WorkerPoolOptions): { pool: WorkerPool; registry: FilterRegistry } {
    started.length = 0;
    const pool = new WorkerPool({ create, ...options });
    return { pool, registry: withWorkers(defaultFilters, pool, ["lzf"]) };
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
      expect(stored[2]).toEqual(plain.encode!(data, clientData));
      const decoded = await Promise.all(stored.map((bytes) => codec.decodeAsync!(bytes!, clientData, size)));
      for (const bytes of decoded) expect(Buffer.compare(bytes, data)).toBe(0);
    }
    expect(started.length).toBe(2);
    expect(data.length).toBe(500_000);
    pool.close();
  });
  it("keeps codecs with a way of their own, exceptions, and small chunks on their thread", async () => {
    const { pool, registry } = pooled({ count: 2 });
    expect(registry.get("deflate")!.codec).toBe(defaultFilters.get("deflate")!.codec);
    expect(registry.get("lzf")).toBe(defaultFilters.get("lzf"));
    const zstd = registry.get("zstd")!.codec!;
    const small = data.subarray(0, 1000);
    const stored = (await zstd.encodeAsync!(small, [3]))!;
    expect(await zstd.decodeAsync!(stored, [3], { exact: 1000, max: 1000 })).toEqual(small);
    expect(started).toEqual([]);
    pool.close();
  });
  it("passes on the codec's errors, and goes on", async () => {
    const { pool, registry } = pooled({ count: 1 });
    const zstd = registry.get(32015)!.codec!;
    const stored = defaultFilters.get(32015)!.codec!.encode!(data, [1])!;
    await expect(zstd.decodeAsync!(stored.subarray(0, 99_999), [1], size)).rejects.toThrow(CodecError);
    expect(Buffer.compare(await zstd.decodeAsync!(stored, [1], size), data)).toBe(0);
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
    expect(pool.takes(1 << 20)).toBe(false);
    pool.close();
  });
});
