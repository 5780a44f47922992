import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NodeFileStorage } from "./node-file.ts";

let folder: string;
let path: string;
const bytes = Uint8Array.from({ length: 1 << 20 }, (_, i) => i % 253);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-node-"));
  path = join(folder, "a.h5");
  writeFileSync(path, bytes);
});
afterEach(() => rmSync(folder, { recursive: true }));

it("reads while a longer read goes on, and closes after it", async () => {
  const storage = new NodeFileStorage(path);
  const long = storage.read([{ at: 1, length: 1 << 20 }]);
  const [short] = await storage.read([{ at: 5, length: 3 }]);
  expect(short).toEqual(bytes.slice(5, 8));
  await storage.close();
  const [outcome] = await long;
  expect(Buffer.compare(outcome as Uint8Array, bytes.subarray(1))).toBe(0);
  await storage.close();
});

it("refuses to read what was closed", async () => {
  const storage = new NodeFileStorage(path);
  storage.closeSync();
  for (const length of [8, 1 << 20]) {
    expect((await storage.read([{ at: 0, length }]))[0]).toMatchObject({
      name: "StorageError",
      cause: { name: "ClosedError" },
    });
  }
  expect(() => storage.sizeSync()).toThrow(/was closed/);
});

it("sees the file as it is now", () => {
  const storage = new NodeFileStorage(path);
  truncateSync(path, 100);
  expect(storage.sizeSync()).toBe(100);
  expect(storage.readSync([{ at: 90, length: 50 }])).toEqual([bytes.slice(90, 100)]);
  storage.closeSync();
});

it("stops when the signal says so", async () => {
  const storage = new NodeFileStorage(path);
  await expect(storage.read([{ at: 0, length: 1 << 20 }], AbortSignal.abort(new Error("enough")))).rejects.toThrow(
    "enough",
  );
  await storage.close();
});
