import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runAsync } from "../steps/run-async.ts";
import { runSync } from "../steps/run-sync.ts";
import { read, type Steps, size } from "../steps/steps.ts";
import type { Storage } from "../steps/storage.ts";
import { MemoryStorage } from "./memory.ts";
import { openStorage, openStorageSync, type Source, type SyncSource } from "./open-storage.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
const folder = mkdtempSync(join(tmpdir(), "h5ts-open-"));
const path = join(folder, "a file.h5");
beforeAll(() => writeFileSync(path, bytes));
afterAll(() => rmSync(folder, { recursive: true }));

/** An OPFS access handle, which gives short counts as the standard allows. */
const accessHandle = () => ({
  read: (target: Uint8Array, { at = 0 } = {}) => {
    const part = bytes.subarray(at, at + Math.min(target.length, 1000));
    target.set(part);
    return part.length;
  },
  getSize: () => bytes.length,
  close: () => undefined,
});

const both: [name: string, source: () => SyncSource][] = [
  ["path", () => path],
  ["file URL", () => pathToFileURL(path)],
  ["file URL as text", () => pathToFileURL(path).href],
  ["Uint8Array", () => bytes],
  ["ArrayBuffer", () => bytes.slice().buffer],
  ["OPFS access handle", accessHandle],
  ["Storage", () => new MemoryStorage(bytes)],
];
const asyncOnly: [name: string, source: () => Source][] = [
  ["Blob", () => new Blob([bytes])],
  ["File", () => new File([bytes], "a.h5")],
  ["file handle", () => ({ kind: "file", name: "a.h5", getFile: async () => new File([bytes], "a.h5") })],
];

function* look(storage: Storage): Steps<void> {
  expect(yield* size(storage)).toBe(bytes.length);
  const into = new Uint8Array(5);
  const extents = [
    { at: 10, length: 20 },
    { at: 299_990, length: 20 },
    { at: 300_000, length: 1 },
    { at: 500, length: 5, into },
    { at: 1000, length: 200_000 },
    { at: 7, length: 0 },
  ];
  const outcomes = (yield* read(storage, extents)) as Uint8Array[];
  outcomes.forEach((outcome, i) => {
    const { at, length } = extents[i];
    expect(Buffer.compare(outcome, bytes.subarray(at, at + length))).toBe(0);
  });
  expect(into).toEqual(bytes.slice(500, 505));
  expect(outcomes[3].buffer).toBe(into.buffer);
}

describe.each(both)("%s", (_, source) => {
  it("is read in both modes", async () => {
    const sync = openStorageSync(source());
    runSync(look(sync));
    sync.closeSync();
    await runAsync(look(await openStorage(source())));
  });
});

describe.each(asyncOnly)("%s", (_, source) => {
  it("is read in async mode only", async () => {
    const storage = await openStorage(source());
    await runAsync(look(storage));
    expect(() => openStorageSync(source() as SyncSource)).toThrow(/cannot be read synchronously/);
    expect(() => runSync(look(storage))).toThrow(/cannot be read synchronously/);
  });
});

describe("refused", () => {
  const cases: [source: unknown, error: string, message: RegExp][] = [
    [join(folder, "none.h5"), "NotFoundError", /there is no file/],
    [join(path, "below"), "NotFoundError", /there is no file/],
    [folder, "StorageError", /it is a folder/],
    ["/dev/null", "StorageError", /no regular file/],
    ["s3://bucket/a.h5", "UnsupportedError", /scheme/],
    [42, "UnsupportedError", /source of this kind/],
    [null, "UnsupportedError", /source of this kind/],
    [{}, "UnsupportedError", /source of this kind/],
  ];
  it.each(cases)("%s", async (source, name, message) => {
    await expect(openStorage(source as Source)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
    expect(() => openStorageSync(source as SyncSource)).toThrow(message);
  });

  it("a URL, synchronously", () => {
    expect(() => openStorageSync("http://127.0.0.1:9/a.h5")).toThrow(/cannot be read synchronously/);
  });
});

it("a path that looks like a scheme is a path where there is no authority", () => {
  expect(() => openStorageSync("run:42.h5")).toThrow(/there is no file run:42.h5/);
});
