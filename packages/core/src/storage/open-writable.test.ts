import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isH5Error } from "../errors.ts";
import { closeStorage } from "../steps/close.ts";
import { runAsync } from "../steps/run-async.ts";
import { runSync } from "../steps/run-sync.ts";
import { read, type Steps, size, write } from "../steps/steps.ts";
import type { WritableStorage } from "../steps/storage.ts";
import { MemoryStorage } from "./memory.ts";
import type { Source, SyncSource } from "./open-storage.ts";
import { openWritable, openWritableSync, type WriteMode } from "./open-writable.ts";
import { WritableNodeFile } from "./writable-node-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-write-"));
  path = join(folder, "a.h5");
});
afterEach(() => rmSync(folder, { recursive: true }));

const old = Uint8Array.of(1, 2, 3);
/** What is asked for, on a file that has bytes, is empty, or is absent: new, as it was, or refused. */
const modes: [mode: WriteMode, full: string, empty: string, absent: string][] = [
  ["r+", "kept", "kept", "NotFoundError"],
  ["w", "new", "new", "new"],
  ["x", "ExistsError", "ExistsError", "new"],
  ["w-", "ExistsError", "ExistsError", "new"],
  ["a", "kept", "new", "new"],
];
const cases = modes.flatMap(([mode, ...results]) =>
  [old, new Uint8Array(0), undefined].map((bytes, i) => ({ mode, bytes, expected: results[i] })),
);

function outcome(open: () => { storage: WritableStorage; isNew: boolean }): string {
  try {
    const { storage, isNew } = open();
    runSync(closeStorage(storage));
    return isNew ? "new" : "kept";
  } catch (error) {
    if (!isH5Error(error)) throw error;
    return error.name;
  }
}

it.each(cases)("a file of bytes $bytes in mode $mode: $expected", async ({ mode, bytes, expected }) => {
  if (bytes !== undefined) writeFileSync(path, bytes);
  expect(outcome(() => openWritableSync(pathToFileURL(path), mode))).toBe(expected);
  if (bytes !== undefined) expect([...readFileSync(path)]).toEqual([...bytes]);
  else expect(existsSync(path)).toBe(expected === "new");
  if (bytes === undefined) return;
  const storage = new MemoryStorage(bytes.slice());
  const there = bytes.length > 0 ? expected : mode === "r+" ? "kept" : "new";
  expect(outcome(() => openWritableSync(storage, mode))).toBe(there);
  const later = openWritable(storage, mode);
  if (there === "ExistsError") await expect(later).rejects.toMatchObject({ name: there });
  else expect((await later).isNew).toBe(there === "new");
});

function* use(storage: WritableStorage): Steps<void> {
  const long = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  yield* write(storage, [
    { at: 4, bytes: long },
    { at: 0, bytes: old },
  ]);
  expect(yield* size(storage)).toBe(300_004);
  const [bytes] = yield* read(storage, [{ at: 0, length: 8 }]);
  expect(bytes).toEqual(Uint8Array.of(1, 2, 3, 0, 0, 1, 2, 3));
  yield* write(storage, [], { size: 6, sync: true });
  expect(yield* size(storage)).toBe(6);
  yield* write(storage, [{ at: 9, bytes: old }], { sync: true });
  yield* closeStorage(storage);
}

describe("a file", () => {
  it.each(["sync", "async"])("is written, cut, made durable, %s", async (mode) => {
    if (mode === "sync") runSync(use(openWritableSync(path, "w").storage));
    else await runAsync(use((await openWritable(path, "w")).storage));
    expect([...readFileSync(path)]).toEqual([1, 2, 3, 0, 0, 1, 0, 0, 0, 1, 2, 3]);
  });

  it("is written by many at once, and closed when they are done", async () => {
    const storage = new WritableNodeFile(path, "any");
    const part = (at: number, byte: number) => ({ at, bytes: new Uint8Array(400_000).fill(byte) });
    const writes = [storage.write([part(0, 1)]), storage.write([part(400_000, 2), part(800_000, 3)])];
    await storage.close();
    await Promise.all(writes);
    const bytes = readFileSync(path);
    expect([bytes.length, bytes[399_999], bytes[400_000], bytes[1_199_999]]).toEqual([1_200_000, 1, 2, 3]);
  });

  it("cannot be written once it is closed", async () => {
    const { storage } = openWritableSync(path, "w");
    storage.closeSync();
    const calls = [
      () => storage.writeSync([{ at: 0, bytes: old }]),
      () => storage.truncateSync(0),
      () => storage.syncSync(),
    ];
    for (const call of calls) expect(call).toThrow(expect.objectContaining({ name: "ClosedError" }));
    for (const done of [{}, { size: 1 }, { sync: true }]) {
      const patches = "size" in done || "sync" in done ? [] : [{ at: 0, bytes: new Uint8Array(100_000) }];
      await expect(runAsync(write(storage, patches, done))).rejects.toMatchObject({ name: "ClosedError" });
    }
  });

  it("has its journal beside it, also behind a symbolic link", () => {
    writeFileSync(path, old);
    mkdirSync(join(folder, "b"));
    symlinkSync("../a.h5", join(folder, "b", "link.h5"));
    const { storage } = openWritableSync(join(folder, "b", "link.h5"), "r+");
    expect(storage.companion?.openSync?.(false)).toBeUndefined();
    const journal = storage.companion?.openSync?.(true);
    expect(existsSync(`${path}.journal`)).toBe(true);
    journal?.closeSync();
    storage.companion?.removeSync?.();
    storage.companion?.removeSync?.();
    expect(existsSync(`${path}.journal`)).toBe(false);
    storage.closeSync();
  });
});

describe("refused", () => {
  const asyncCases: [source: () => Source, name: string, message: RegExp][] = [
    [() => "http://127.0.0.1:9/a.h5", "UnsupportedError", /read only/],
    [() => new Blob(["no"]), "UnsupportedError", /read only/],
    [() => new Uint8Array(8), "UnsupportedError", /MemoryStorage/],
    [() => new ArrayBuffer(8), "UnsupportedError", /MemoryStorage/],
    [() => join(folder, "none", "a.h5"), "NotFoundError", /no folder/],
    [() => folder, "StorageError", /it is a folder/],
    [() => "/dev/null", "StorageError", /no regular file/],
    [() => join(folder, "x".repeat(300)), "StorageError", /name is too long/],
    [() => "s3://bucket/a.h5", "UnsupportedError", /scheme/],
  ];
  it.each(asyncCases)("%s: %s", async (source, name, message) => {
    const refused = expect.objectContaining({ name, message: expect.stringMatching(message) });
    await expect(openWritable(source(), "a")).rejects.toEqual(refused);
    expect(() => openWritableSync(source() as SyncSource, "a")).toThrow(refused);
  });
});
