import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { counted } from "../storage/counted.ts";
import { faulty } from "../storage/faulty.ts";
import { MemoryStorage } from "../storage/memory.ts";
import type { Extent, Outcome } from "./storage.ts";
import { transferAsync, transferSync } from "./transfer.ts";

const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) & 255);
const memory = new MemoryStorage(bytes);

describe("many extents", () => {
  const extents = (buffered: boolean): Extent[] =>
    Array.from({ length: 100 }, (_, i) => ({
      at: i * 40,
      length: 30,
      ...(buffered ? { into: new Uint8Array(30) } : {}),
    }));
  it.each([true, false])("are few accesses (with buffers of the caller's: %s)", async (buffered) => {
    for (const mode of ["sync", "async"]) {
      const list = extents(buffered);
      const { storage, counts } = counted(memory, { costs: { gap: 50, maxAccess: 10_000 } });
      const outcomes = mode === "sync" ? transferSync(storage, list) : await transferAsync(storage, list);
      outcomes.forEach((outcome, i) => {
        expect(outcome).toEqual(bytes.slice(i * 40, i * 40 + 30));
        if (buffered) expect((outcome as Uint8Array).buffer).toBe(list[i].into?.buffer);
      });
      expect([counts.requests, counts.bytes, counts.rounds]).toEqual([1, 3990, 1]);
    }
  });

  it("fail together where their access fails, and only there", async () => {
    const { storage } = faulty(counted(memory, { costs: { gap: 50, maxAccess: 1000 } }).storage, { at: 1, count: 1 });
    const outcomes = await transferAsync(storage, extents(false));
    const failed = outcomes.flatMap((outcome, i) => (outcome instanceof Error ? [i] : []));
    expect(failed).toEqual(Array.from({ length: 25 }, (_, i) => 25 + i));
  });
});

describe("long extents", () => {
  it("are read in parts side by side", async () => {
    const { storage, counts } = counted(memory, { costs: { gap: 0, maxAccess: 1000 } });
    const into = new Uint8Array(4500);
    const outcomes = await transferAsync(storage, [
      { at: 100, length: 4500, into },
      { at: 4900, length: 3000 },
    ]);
    expect(into).toEqual(bytes.slice(100, 4600));
    expect((outcomes[0] as Uint8Array).buffer).toBe(into.buffer);
    expect(outcomes[1]).toEqual(bytes.slice(4900));
    expect([counts.requests, counts.rounds]).toEqual([8, 1]);
  });

  it("end where a part is short, and fail where one fails", async () => {
    const costs = { gap: 0, maxAccess: 1000 };
    const short = faulty(counted(memory, { costs }).storage, { at: 2, count: 1, kind: "short" });
    expect(await transferAsync(short.storage, [{ at: 0, length: 4000 }])).toEqual([bytes.slice(0, 2500)]);
    const error = faulty(counted(memory, { costs }).storage, { at: 2, count: 1 });
    expect((await transferAsync(error.storage, [{ at: 0, length: 4000 }]))[0]).toBeInstanceOf(Error);
  });
});

it("both modes give what the storage has, whatever is asked", async () => {
  const extent = fc.record({ at: fc.nat(5200), length: fc.nat(600), buffered: fc.boolean() });
  const property = fc.asyncProperty(
    fc.array(extent, { maxLength: 20 }),
    fc.integer({ min: -1, max: 300 }),
    fc.integer({ min: 1, max: 2000 }),
    async (list, gap, maxAccess) => {
      const { storage } = counted(memory, { costs: { gap, maxAccess } });
      const extents = (): Extent[] =>
        list.map(({ at, length, buffered }) => ({ at, length, ...(buffered ? { into: new Uint8Array(length) } : {}) }));
      const expected = list.map(({ at, length }) => bytes.slice(at, at + length));
      const plain = (outcomes: Outcome[]): Uint8Array[] => outcomes.map((outcome) => (outcome as Uint8Array).slice());
      for (const found of [transferSync(storage, extents()), await transferAsync(storage, extents())]) {
        expect(plain(found).map((bytes, i) => Buffer.compare(bytes, expected[i]))).toEqual(expected.map(() => 0));
      }
    },
  );
  await fc.assert(property);
});
