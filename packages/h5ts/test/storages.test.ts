/** Files over every kind of storage: the same values, in few requests, and never wrong ones where a storage fails. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as h5wasm from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSample } from "../../../scripts/sample-file.ts";
import { faulty } from "../../core/src/storage/faulty.ts";
import { type RangeServer, startRangeServer } from "../../core/test/support/range-server.ts";
import {
  type AsyncStorage,
  BlobStorage,
  counted,
  Dataset,
  type Group,
  isH5Error,
  MemoryStorage,
  type OpenOptions,
  open,
  openSync,
  type Source,
  type SyncSource,
  type SyncStorage,
} from "../src/index.ts";

let folder: string;
let path: string;
let bytes: Uint8Array<ArrayBuffer>;
let server: RangeServer;
let truth: unknown;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-storages-"));
  path = join(folder, "sample.h5");
  await writeSample(path);
  bytes = new Uint8Array(readFileSync(path));
  server = await startRangeServer({ "sample.h5": bytes });
  truth = await contents(openSync(bytes));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Everything in a file, by name; of either mode, as waiting for a value gives it. */
async function contents(file: Group<"sync"> | Group<"async">): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = { attrs: await file.attrs.toObject() };
  for (const name of await file.keys()) {
    const object = await file.get(name);
    if (object instanceof Dataset) {
      const { data, shape } = await object.read();
      found[name] = { data, shape, attrs: await object.attrs.toObject(), stored: await object.storageSize() };
    } else found[name] = await contents(object as Group<"sync">);
  }
  return found;
}

/** The contents, or why they cannot be had; the file is closed in any case. */
async function tryContents(source: Source, mode: "sync" | "async", options: OpenOptions = {}): Promise<unknown> {
  try {
    const file = mode === "sync" ? openSync(source as SyncSource, "r", options) : await open(source, "r", options);
    try {
      return await contents(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    return error;
  }
}

describe("the same values", () => {
  const both: [name: string, source: () => SyncSource][] = [
    ["memory", () => bytes],
    ["a Node file", () => path],
    ["a storage that hides its memory", () => counted(new MemoryStorage(bytes)).storage],
    ["behind a user block", () => Uint8Array.from([...new Uint8Array(2048), ...bytes])],
  ];
  it.each(both)("%s", async (_, source) => {
    for (const mode of ["sync", "async"] as const) expect(await tryContents(source(), mode)).toEqual(truth);
  });

  const asyncOnly: [name: string, source: () => Source][] = [
    ["a Blob", () => new Blob([bytes])],
    ["HTTP", () => server.url("sample.h5")],
  ];
  it.each(asyncOnly)("%s", async (_, source) => expect(await tryContents(source(), "async")).toEqual(truth));

  it("with pages of any size", async () => {
    for (const cachePageSize of [512, 1000, 4096, 1 << 20]) {
      const { storage } = counted(new MemoryStorage(bytes));
      for (const mode of ["sync", "async"] as const)
        expect(await tryContents(storage, mode, { cachePageSize })).toEqual(truth);
    }
  });

  it("from a server that misbehaves", async () => {
    for (const behaviour of [
      { ignoreRange: true },
      { maxRange: 700 },
      { contentRange: "absent" as const },
      { etag: null },
    ]) {
      server.behaviour = behaviour;
      expect(await tryContents(server.url("sample.h5"), "async")).toEqual(truth);
    }
    server.behaviour = {};
  });

  it("of a family of files, each small", async () => {
    mkdirSync(join(folder, "family"));
    const size = 3000;
    for (let i = 0; i * size < bytes.length; i++)
      writeFileSync(join(folder, "family", `run_0${i}.h5`), bytes.subarray(i * size, (i + 1) * size));
    for (const mode of ["sync", "async"] as const) {
      expect(await tryContents(join(folder, "family", "run_00.h5"), mode)).toEqual(truth);
      expect(await tryContents(join(folder, "family", "run_%02d.h5"), mode, { driver: "family" })).toEqual(truth);
      const alone = await tryContents(join(folder, "family", "run_00.h5"), mode, { links: "none" });
      expect(alone).toMatchObject({ name: "FormatError", reason: "is cut short" });
    }
  });
});

describe("requests", () => {
  it("are few, and for nothing twice", async () => {
    const { storage, counts } = counted(new MemoryStorage(bytes));
    expect(await tryContents(storage, "sync")).toEqual(truth);
    expect(counts.bytes).toBeLessThan(1.5 * bytes.length);
    const remote = new BlobStorage(new Blob([bytes]));
    const over = counted(remote, { latency: 5 });
    expect(await tryContents(over.storage, "async")).toEqual(truth);
    // All metadata comes with the first read; then each dataset's raw data.
    expect(over.counts.requests).toBeLessThanOrEqual(6);
    expect(over.counts.log[0]).toEqual({ at: 0, length: 65_536 });
  });
});

/** A storage that fails, and whether it was closed. */
function failing(
  at: number,
  kind: "error" | "short" | "throw",
): { storage: SyncStorage & AsyncStorage; state: { open: boolean; accesses: number } } {
  const { storage: inner } = counted(new MemoryStorage(bytes), { costs: { page: 512, gap: 0 } });
  const { storage, seen } = faulty(inner, { at, count: 1, kind });
  const state = {
    open: true,
    get accesses() {
      return seen.accesses;
    },
  };
  const close = (): void => {
    state.open = false;
  };
  return { storage: { ...storage, closeSync: close, close: async () => close() }, state };
}

describe("a storage that fails at any access", () => {
  it.each(["error", "short", "throw"] as const)(
    "%s: an error or the right values, and the file is closed",
    async (kind) => {
      for (const mode of ["sync", "async"] as const) {
        let errors = 0;
        for (let n = 0; ; n++) {
          const { storage, state } = failing(n, kind);
          const found = await tryContents(storage, mode);
          expect(state.open).toBe(false);
          if (state.accesses <= n) {
            expect(found).toEqual(truth);
            break;
          }
          if (!(found instanceof Error)) expect(found).toEqual(truth);
          else {
            errors++;
            if (kind === "throw") expect(found.message).toBe("throws as it was told to");
            else expect(isH5Error(found)).toBe(true);
            if (kind === "error") expect(found).toMatchObject({ name: "StorageError" });
          }
        }
        expect(errors).toBeGreaterThan(5);
      }
    },
  );

  it("can be read on once it has recovered", async () => {
    for (let n = 0; n < 40; n++) {
      const { storage, state } = failing(n, "error");
      let file: Awaited<ReturnType<typeof open>>;
      try {
        file = await open(storage);
      } catch {
        continue;
      }
      await contents(file).catch(() => undefined);
      if (state.accesses > n) expect(await contents(file)).toEqual(truth);
      await file.close();
    }
  });
});

describe("links between files", () => {
  beforeAll(async () => {
    await h5wasm.ready;
    mkdirSync(join(folder, "linked", "sub"), { recursive: true });
    const write = (name: string, links: [target: string, object: string, as: string][]): void => {
      const file = new h5wasm.File(join(folder, "linked", name), "w");
      file.create_dataset({ name: "value", data: Int32Array.of(name.length) });
      for (const link of links) file.create_external_link(...link);
      file.close();
    };
    write("first.h5", [
      ["sub/second.h5", "/value", "second"],
      ["sub/second.h5", "/third", "third"],
      ["../outside.h5", "/value", "outside"],
      [join(folder, "outside.h5"), "/value", "absolute"],
      ["none.h5", "/value", "absent"],
    ]);
    write("sub/second.h5", [["third.h5", "/value", "third"]]);
    write("sub/third.h5", []);
    writeFileSync(join(folder, "outside.h5"), bytes);
  });

  it("lead to files beside, and to none outside", async () => {
    const file = openSync(join(folder, "linked", "first.h5"));
    expect(file.dataset("second").read().data).toEqual(Int32Array.of("sub/second.h5".length));
    expect(file.dataset("third").read().data).toEqual(Int32Array.of("sub/third.h5".length));
    expect(file.get("absent")).toBeUndefined();
    for (const name of ["outside", "absolute"]) {
      expect(() => file.get(name)).toThrow(expect.objectContaining({ name: "PolicyError" }));
      expect(file.getLink(name)).toMatchObject({ path: "/value" });
    }
    file.close();
  });

  it("lead elsewhere by the caller's wish, and nowhere from bytes", async () => {
    const first = readFileSync(join(folder, "linked", "first.h5"));
    expect(() => openSync(first).get("second")).toThrow(/stands in no folder/);
    const asked: string[] = [];
    const file = openSync(first, "r", {
      links: ({ name, from }) => {
        asked.push(`${from}: ${name}`);
        return new Uint8Array(
          readFileSync(join(folder, "linked", name.endsWith("third.h5") ? "sub/third.h5" : "sub/second.h5")),
        );
      },
    });
    expect(file.dataset("third").read().data).toEqual(Int32Array.of("sub/third.h5".length));
    expect(asked).toEqual(["memory: sub/second.h5", "sub/second.h5: third.h5"]);
    file.close();
  });
});
