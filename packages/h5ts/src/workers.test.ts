import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Dataset, type H5File, MemoryStorage, open, openSync, type WorkersOptions } from "./index.ts";

describe("open with workers", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-workers-"));
  const program = join(folder, "worker.mjs");
  const path = fileURLToPath(new URL("../../../test/fixtures/files/filters_v110.h5", import.meta.url));
  const started: Worker[] = [];
  const create = (): Worker => {
    const worker = new Worker(program);
    started.push(worker);
    return worker;
  };
  /** All chunks are worth it, at once. */
  const eager: WorkersOptions = { count: 2, create, startAfter: 0, minBytes: 0, minTime: 0 };

  beforeAll(async () => {
    const entryPoints = [fileURLToPath(new URL("../../filters/src/workers/worker.ts", import.meta.url))];
    await build({ entryPoints, bundle: true, format: "esm", platform: "node", outfile: program });
  });
  beforeEach(() => {
    started.length = 0;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The datasets that have filters, by their paths. */
  function filtered(): Map<string, unknown> {
    const file = openSync(path);
    const found = new Map<string, unknown>();
    file.visitItems((name, object) => {
      if (object instanceof Dataset && object.filters.length > 0) found.set(name, object.read().data);
    });
    file.close();
    return found;
  }

  const readAll = async (file: H5File<"async">, names: Iterable<string>): Promise<unknown[]> =>
    Promise.all(Array.from(names, async (name) => (await (await file.dataset(name)).read()).data));

  it("decodes in them what it decodes without, and ends them when the file is closed", async () => {
    const truth = filtered();
    expect(truth.size).toBeGreaterThan(5);
    const file = await open(path, "r", { workers: eager });
    expect(await readAll(file, truth.keys())).toEqual([...truth.values()]);
    expect(started.length).toBe(2);
    const ended = started.map((worker) => once(worker, "exit"));
    await file.close();
    await Promise.all(ended);
  });

  it.each<[string, WorkersOptions | false | undefined]>([
    ["none are asked for", false],
    ["their count is 0", { ...eager, count: 0 }],
    ["there is little to do", { count: 2, create }],
    ["nothing is said, and there is no build", undefined],
  ])("starts none where %s", async (_why, workers) => {
    const truth = filtered();
    const file = await open(path, "r", { workers });
    expect(await readAll(file, truth.keys())).toEqual([...truth.values()]);
    await file.close();
    expect(started).toEqual([]);
  });

  it("says what is damaged, and where, as without them", async () => {
    const bytes = new Uint8Array(readFileSync(path));
    const file = openSync(bytes);
    const [{ address }] = file.dataset("fletcher32").chunkInfo();
    bytes[(address as number) + 5] ^= 1;
    const messages = [false, eager].map(async (workers) => {
      const opened = await open(bytes, "r", { workers: workers as WorkersOptions });
      const dataset = await opened.dataset("fletcher32");
      const error = await dataset.read().then(String, String);
      await opened.close();
      return error;
    });
    const [plain, pooled] = await Promise.all(messages);
    expect(plain).toMatch(/^FilterError: .*Chunk at \[0, 0\].*fletcher32/);
    expect(pooled).toBe(plain);
    expect(started.length).toBeGreaterThan(0);
  });

  it("encodes in them too, the same bytes as without", async () => {
    const data = Int32Array.from({ length: 100_000 }, (_, i) => i * i);
    const stored = async (workers: WorkersOptions | false): Promise<Uint8Array> => {
      const storage = new MemoryStorage();
      const file = await open(storage, "w", { workers });
      const options = { data, chunks: [10_000], trackTimes: false };
      await file.createDataset("zstd", { ...options, compression: "zstd", shuffle: true });
      await file.createDataset("szip", { ...options, compression: "szip" });
      await file.close();
      return storage.toUint8Array();
    };
    const pooled = await stored(eager);
    expect(started.length).toBeGreaterThan(0);
    expect(Buffer.compare(pooled, await stored(false))).toBe(0);
    const file = openSync(pooled);
    expect(file.dataset("zstd", "i4").read().data).toEqual(data);
    file.close();
  });

  it("stops by a signal", async () => {
    const stop = new AbortController();
    const file = await open(path, "r", { workers: eager, signal: stop.signal });
    const [name] = [...filtered().keys()];
    const reading = readAll(file, [name]);
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await file.close();
  });
});
