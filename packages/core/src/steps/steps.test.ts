import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { lookup3 } from "../bytes/lookup3.ts";
import { StorageError } from "../errors.ts";
import { counted } from "../storage/counted.ts";
import { faulty } from "../storage/faulty.ts";
import { MemoryStorage } from "../storage/memory.ts";
import { all } from "./all.ts";
import { PageCache } from "./page-cache.ts";
import { runAsync } from "./run-async.ts";
import { runSync } from "./run-sync.ts";
import { chunks, perform, read, type Steps, size } from "./steps.ts";
import type { Storage } from "./storage.ts";

const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 13 + (i >> 7)) & 255);

/** Steps as data: trees of reads, series and sets that run side by side. */
type Tree =
  | { readonly kind: "read" | "page"; readonly at: number; readonly length: number }
  | { readonly kind: "size" | "perform" | "fail" | "chunks" }
  | { readonly kind: "series" | "all" | "tolerant"; readonly parts: readonly Tree[] };

const { tree } = fc.letrec<{ tree: Tree; parts: Tree[] }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      kind: fc.constantFrom("read" as const, "page" as const),
      at: fc.nat(21_000),
      length: fc.nat(3000),
    }),
    fc.record({ kind: fc.constantFrom("size" as const, "perform" as const, "chunks" as const) }),
    fc.record({ kind: fc.constant("fail" as const) }),
    fc.record({ kind: fc.constantFrom("series" as const, "all" as const, "tolerant" as const), parts: tie("parts") }),
  ),
  parts: fc.array(tie("tree"), { maxLength: 5 }) as fc.Arbitrary<Tree[]>,
}));

/** Stands for bytes: long arrays take long to compare. */
const sum = (part: Uint8Array): string => `${part.length} bytes, ${lookup3(part)}`;

interface Ground {
  readonly storage: Storage;
  readonly pages: PageCache;
}

function* run(node: Tree, ground: Ground): Steps<unknown> {
  switch (node.kind) {
    case "read": {
      const [outcome] = yield* read(ground.storage, [node]);
      if (outcome instanceof Uint8Array) return sum(outcome);
      throw outcome;
    }
    case "page": {
      const window = ground.pages.peek(node.at, node.length) ?? (yield* ground.pages.read(node.at, node.length));
      return sum(window.block.subarray(window.offset, window.offset + window.length));
    }
    case "size":
      return yield* size(ground.storage);
    case "perform":
      return yield* perform(
        () => "performed",
        async () => "performed",
      );
    case "chunks":
      return yield* someChunks(ground.storage);
    case "fail":
      return yield* perform(failing, async () => failing());
    case "series": {
      const values: unknown[] = [];
      for (const part of node.parts) values.push(yield* run(part, ground));
      return values;
    }
    case "all":
      return yield* all(node.parts.map((part) => run(part, ground)));
    case "tolerant":
      return yield* all(node.parts.map((part) => orItsError(run(part, ground))));
  }
}

function failing(): never {
  throw new Error("fails");
}

function* someChunks(storage: Storage): Steps<number> {
  let total = 0;
  yield* chunks({
    storage,
    at: Float64Array.of(5, 100, 9000),
    lengths: Float64Array.of(10, 50, 100),
    decode: (_, stored) => stored,
    place: (_, stored) => {
      for (const byte of stored) total += byte;
    },
    failed: (_, outcome) => (outcome instanceof Error ? outcome : new Error("cut short")),
    decodedSize: 100,
  });
  return total;
}

/** A parent that stands by its child: its error is its value. */
function* orItsError(steps: Steps<unknown>): Steps<unknown> {
  try {
    return yield* steps;
  } catch (error) {
    return String(error);
  }
}

/** What a tree is worth, worked out without any steps. */
function expected(node: Tree): unknown {
  switch (node.kind) {
    case "read":
    case "page":
      return sum(bytes.subarray(node.at, node.at + node.length));
    case "size":
      return bytes.length;
    case "perform":
      return "performed";
    case "fail":
      return failing();
    case "chunks":
      return [...bytes.slice(5, 15), ...bytes.slice(100, 150), ...bytes.slice(9000, 9100)].reduce((a, b) => a + b);
    case "series":
    case "all":
      return node.parts.map(expected);
    case "tolerant":
      return node.parts.map((part) => outcomeOf(() => expected(part)));
  }
}

function outcomeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}

const grounds: (() => Storage)[] = [
  () => new MemoryStorage(bytes),
  () => counted(new MemoryStorage(bytes)).storage,
  () => counted(new MemoryStorage(bytes), { costs: { gap: 200, maxAccess: 900 } }).storage,
];

describe("random trees of steps", () => {
  it("have the same value in both modes, over any storage", async () => {
    const property = fc.asyncProperty(tree, fc.nat(grounds.length - 1), async (node, which) => {
      const truth = outcomeOf(() => expected(node));
      const ground = (): Ground => {
        const storage = grounds[which]();
        return { storage, pages: new PageCache(storage, { pageSize: 512, budget: 8192 }) };
      };
      expect(outcomeOf(() => runSync(run(node, ground())))).toEqual(truth);
      expect(await runAsync(run(node, ground())).catch(String)).toEqual(truth);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it("fail as a whole or not at all, wherever the storage fails", async () => {
    const property = fc.asyncProperty(tree, fc.nat(12), fc.boolean(), async (node, at, throws) => {
      const ground = (): Ground & { failed: () => boolean } => {
        const inner = counted(new MemoryStorage(bytes)).storage;
        const { storage, seen } = faulty(inner, { at, count: 1, kind: throws ? "throw" : "error" });
        const failed = (): boolean => seen.accesses > at;
        return { storage, pages: new PageCache(storage, { pageSize: 512, budget: 8192 }), failed };
      };
      const truth = outcomeOf(() => expected(node));
      for (const mode of ["sync", "async"]) {
        const here = ground();
        const value = await (mode === "sync"
          ? outcomeOf(() => runSync(run(node, here)))
          : runAsync(run(node, here)).catch(String));
        if (!here.failed()) expect(value).toEqual(truth);
        else if (typeof value === "string") expect(value).toMatch(/as it was told to|^Error: fails$|^performed$|bytes/);
      }
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

describe("all", () => {
  it("throws a failure into the child that asked, and lets the others go on", () => {
    const storage: Storage = {
      label: "half bad",
      costs: { gap: -1, parallel: 1, maxAccess: Infinity },
      readSync: (extents) =>
        extents.map(({ at }) => (at % 2 === 0 ? Uint8Array.of(at) : new StorageError(`bad at ${at}`))),
      sizeSync: () => 100,
      closeSync: () => undefined,
    };
    function* child(at: number): Steps<string> {
      const [outcome] = yield* read(storage, [{ at, length: 1 }]);
      return outcome instanceof Uint8Array ? `byte ${outcome[0]}` : `${outcome.message}`;
    }
    expect(runSync(all([0, 1, 2, 3, 3].map(child)))).toEqual(["byte 0", "bad at 1", "byte 2", "bad at 3", "bad at 3"]);
  });

  it("asks once a round, and once for what several want", () => {
    const { storage, counts } = counted(new MemoryStorage(bytes));
    function* child(i: number): Steps<number> {
      const [first] = (yield* read(storage, [{ at: 10, length: 4 }])) as Uint8Array[];
      const [second] = (yield* read(storage, [{ at: 100 + (i % 3), length: 4 }])) as Uint8Array[];
      return first[0] + second[0];
    }
    const nested = all([all([child(0), child(1)]), all([child(2), child(3)])]);
    expect(runSync(nested)).toEqual([
      [bytes[10] + bytes[100], bytes[10] + bytes[101]],
      [bytes[10] + bytes[102], bytes[10] + bytes[100]],
    ]);
    expect([counts.rounds, counts.requests]).toEqual([2, 4]);
  });

  it("keeps apart what goes to the callers' own buffers", () => {
    const buffers = [new Uint8Array(4), new Uint8Array(4)];
    const storage = counted(new MemoryStorage(bytes)).storage;
    const reads = buffers.map((into) => read(storage, [{ at: 7, length: 4, into }]));
    runSync(all(reads));
    for (const buffer of buffers) expect(buffer).toEqual(bytes.slice(7, 11));
  });

  it("runs more than 1,024 children in groups", () => {
    const { storage, counts } = counted(new MemoryStorage(bytes));
    let open = 0;
    let peak = 0;
    function* child(i: number): Steps<number> {
      peak = Math.max(peak, ++open);
      const [outcome] = (yield* read(storage, [{ at: i * 4, length: 4 }])) as Uint8Array[];
      open--;
      return outcome[0];
    }
    const children = Array.from({ length: 3000 }, (_, i) => child(i));
    expect(runSync(all(children))).toEqual(Array.from({ length: 3000 }, (_, i) => bytes[i * 4]));
    expect([peak, counts.rounds]).toEqual([1024, 3]);
  });

  it("closes the other children when one fails, also those not begun", () => {
    const storage = counted(new MemoryStorage(bytes)).storage;
    const closed: number[] = [];
    function* child(i: number): Steps<void> {
      try {
        yield* read(storage, [{ at: i, length: 1 }]);
        if (i === 1) throw new Error("child 1");
        yield* read(storage, [{ at: i, length: 2 }]);
      } finally {
        closed.push(i);
        if (i === 2) failing();
      }
    }
    expect(() => runSync(all([0, 1, 2, 3].map(child)))).toThrow("child 1");
    expect(closed.sort()).toEqual([0, 1, 2, 3]);
  });
});

describe("the asynchronous driver", () => {
  it("waits for nothing that is in hand", async () => {
    const storage = new MemoryStorage(bytes);
    let sum = 0;
    function* many(): Steps<void> {
      for (let i = 0; i < 100; i++) {
        const values = yield* all([read(storage, [{ at: i, length: 1 }]), read(storage, [{ at: i, length: 2 }])]);
        sum += (values[0][0] as Uint8Array)[0];
      }
    }
    // However slow this machine is, it is not yet time to let others run.
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const running = runAsync(many());
    clock.mockRestore();
    expect(sum).toBe(bytes.subarray(0, 100).reduce((a, b) => a + b, 0));
    await running;
  });

  it("lets others run during long work in memory", async () => {
    const storage = new MemoryStorage(bytes);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    function* long(): Steps<void> {
      const until = performance.now() + 400;
      while (performance.now() < until) yield* read(storage, [{ at: 0, length: 1 }]);
    }
    await runAsync(long());
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
  });

  it("stops when the signal says so: before, during, and with reasons that are no errors", async () => {
    const { storage } = counted(new MemoryStorage(bytes), { latency: 5 });
    function* endless(): Steps<void> {
      for (;;) yield* all([read(storage, [{ at: 0, length: 1 }])]);
    }
    await expect(runAsync(endless(), AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    for (const reason of [new Error("during"), "during"]) {
      const stop = new AbortController();
      const running = runAsync(endless(), stop.signal);
      setTimeout(() => stop.abort(reason), 20);
      await expect(running).rejects.toThrow(typeof reason === "string" ? "was aborted" : "during");
    }
  });

  it("reads a storage that has only the other mode", async () => {
    const storage: Storage = {
      label: "sync only",
      costs: { gap: 0, parallel: 1, maxAccess: Infinity },
      readSync: (extents) => extents.map(({ at, length }) => bytes.subarray(at, at + length)),
      sizeSync: () => bytes.length,
      closeSync: () => undefined,
    };
    const steps = all<unknown>([size(storage), read(storage, [{ at: 3, length: 2 }]), someChunks(storage)]);
    expect(await runAsync(steps)).toEqual([bytes.length, [bytes.slice(3, 5)], expected({ kind: "chunks" })]);
  });
});
