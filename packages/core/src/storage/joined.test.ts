import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runAsync } from "../steps/run-async.ts";
import { runSync } from "../steps/run-sync.ts";
import { read, size } from "../steps/steps.ts";
import type { AsyncStorage, Extent, SyncStorage } from "../steps/storage.ts";
import { BlobStorage } from "./blob.ts";
import { counted } from "./counted.ts";
import { faulty } from "./faulty.ts";
import { joined } from "./joined.ts";
import { MemoryStorage } from "./memory.ts";

const filled = (length: number, byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(byte);

it("parts and gaps read as one file, in both modes, whatever is asked", async () => {
  const part = fc.record({ gap: fc.nat(50), length: fc.nat(100) });
  const extent = fc.record({ at: fc.nat(700), length: fc.nat(300), buffered: fc.boolean() });
  const property = fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.array(extent), async (list, asked) => {
    let end = 0;
    const parts = list.map(({ gap, length }, i) => {
      const at = end + gap;
      end = at + length;
      return { storage: counted(new MemoryStorage(filled(length, i + 1))).storage, at, length };
    });
    const model = new Uint8Array(end);
    parts.forEach(({ at, length }, i) => {
      model.fill(i + 1, at, at + length);
    });
    const storage = joined("set", parts);
    const extents = (): Extent[] =>
      asked.map(({ at, length, buffered }) => ({ at, length, ...(buffered ? { into: filled(length, 99) } : {}) }));
    const expected = asked.map(({ at, length }) => model.slice(at, at + length));
    const plain = (outcomes: unknown[]): unknown[] => outcomes.map((outcome) => (outcome as Uint8Array).slice());
    expect(runSync(size(storage))).toBe(end);
    expect(plain(runSync(read(storage, extents())))).toEqual(expected);
    expect(plain(await runAsync(read(storage, extents())))).toEqual(expected);
  });
  await fc.assert(property);
});

describe("a joined storage", () => {
  const far = 2 ** 50;
  const set = (second: SyncStorage | AsyncStorage = new MemoryStorage(filled(100, 2))) =>
    joined("set", [
      { storage: new MemoryStorage(filled(100, 1)), at: 0, length: 100 },
      { storage: second, at: far, length: 100 },
    ]);

  it("bears parts that are far apart, but no reads over what nobody has", () => {
    const outcomes = runSync(
      read(set(), [
        { at: far + 90, length: 100 },
        { at: 90, length: 2 ** 45 },
        { at: 90, length: 2 ** 52 },
      ]),
    );
    expect(outcomes[0]).toEqual(filled(10, 2));
    expect(outcomes.slice(1)).toEqual([
      expect.objectContaining({ name: "StorageError" }),
      expect.objectContaining({ name: "StorageError" }),
    ]);
  });

  it("has the modes that all parts have", async () => {
    const storage = set(new BlobStorage(new Blob([filled(100, 2)])));
    expect(() => runSync(read(storage, [{ at: 0, length: 8 }]))).toThrow(/synchronously/);
    expect(await runAsync(read(storage, [{ at: far, length: 2 }]))).toEqual([filled(2, 2)]);
  });

  it("passes on failures of a part, and notices one that became shorter", () => {
    for (const kind of ["error", "short"] as const) {
      const storage = set(faulty(new MemoryStorage(filled(100, 2)), { at: 0, kind }).storage);
      const [outcome, other] = runSync(
        read(storage, [
          { at: far - 8, length: 20 },
          { at: 0, length: 4 },
        ]),
      );
      expect(outcome).toMatchObject({ name: "StorageError" });
      expect(other).toEqual(filled(4, 1));
    }
  });

  it("closes all its parts", async () => {
    const closed: number[] = [];
    const part = (i: number) => ({
      storage: {
        ...counted(new MemoryStorage(filled(10, i))).storage,
        closeSync: () => closed.push(i),
        close: async () => void closed.push(i),
      },
      at: i * 10,
      length: 10,
    });
    const storage = joined("set", [part(0), part(1)]);
    (storage as SyncStorage).closeSync();
    await (storage as AsyncStorage).close();
    expect(closed).toEqual([0, 1, 0, 1]);
  });
});
