import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Address, asAddress } from "../bytes/address.ts";
import { Allocator, type SpaceUse } from "./allocator.ts";

interface Block {
  at: Address;
  size: number;
  use: SpaceUse;
  epoch: number;
}

const START = 96;
const operations = fc.array(
  fc.record({
    kind: fc.constantFrom("allocate", "allocate", "allocate low", "free", "commit", "extend"),
    size: fc.integer({ min: 1, max: 3000 }),
    use: fc.constantFrom<SpaceUse>("metadata", "raw"),
    pick: fc.nat(),
  }),
  { maxLength: 150 },
);

/** Runs operations; after each, no two live or still-referenced blocks may overlap. */
function play(
  allocator: Allocator,
  list: { kind: string; size: number; use: SpaceUse; pick: number }[],
  check: (block: Block, live: readonly Block[]) => void,
): void {
  const start = allocator.end;
  const live: Block[] = [];
  /** Freed, but referred to by the last commit. */
  let referenced: Block[] = [];
  let epoch = 0;
  for (const { kind, size, use, pick } of list) {
    if (kind === "allocate" || kind === "allocate low") {
      const at = kind === "allocate" ? allocator.allocate(size, use) : allocator.allocateLow(size, use);
      const block = { at, size, use, epoch };
      for (const other of [...live, ...referenced])
        expect(block.at >= other.at + other.size || other.at >= block.at + size, "overlap").toBe(true);
      expect(block.at).toBeGreaterThanOrEqual(start);
      expect(block.at + size).toBeLessThanOrEqual(allocator.end);
      expect(allocator.isFresh(block.at, size)).toBe(true);
      check(block, [...live, ...referenced]);
      live.push(block);
    } else if (kind === "free" && live.length > 0) {
      const [block] = live.splice(pick % live.length, 1);
      allocator.free(block.at, block.size, block.use);
      if (block.epoch < epoch) referenced.push(block);
    } else if (kind === "extend" && live.length > 0) {
      const block = live[pick % live.length];
      if (allocator.extendAt(asAddress(block.at + block.size), size, block.use)) {
        live.push({ at: asAddress(block.at + block.size), size, use: block.use, epoch });
      }
    } else if (kind === "commit") {
      allocator.shrink();
      allocator.committed();
      referenced = [];
      epoch++;
    }
  }
  const used =
    live.reduce((sum, block) => sum + block.size, 0) + referenced.reduce((sum, block) => sum + block.size, 0);
  const free = Object.values(allocator.freeSpace())
    .flat()
    .reduce((sum, extent) => sum + extent.size, 0);
  const pending = referenced.reduce((sum, block) => sum + block.size, 0);
  expect(used - pending + free).toBe(allocator.end - start);
}

describe("allocator", () => {
  it("gives no byte twice, and none that the last commit refers to; loses none", () => {
    fc.assert(fc.property(operations, (list) => play(new Allocator({ end: START }), list, () => {})));
  });

  it("keeps pages to one use, and small pieces within a page", () => {
    const pageSize = 1024;
    fc.assert(
      fc.property(operations, (list) => {
        const page = (at: number): number => Math.floor(at / pageSize);
        play(new Allocator({ end: START, pageSize }), list, ({ at, size, use }, others) => {
          if (size < pageSize) expect(page(at + size - 1)).toBe(page(at));
          else expect(at % pageSize).toBe(0);
          for (const other of others) {
            if (page(other.at + other.size - 1) < page(at) || page(other.at) > page(at + size - 1)) continue;
            expect(other.use, "a page of two uses").toBe(use);
          }
        });
      }),
    );
  });

  it("reuses what it freed since the last commit at once, the rest after the next one", () => {
    const allocator = new Allocator({ end: START });
    const a = allocator.allocate(4096, "raw");
    allocator.free(a, 4096, "raw");
    expect(allocator.allocate(4096, "raw")).toBe(a);
    allocator.committed();
    allocator.free(a, 4096, "raw");
    expect(allocator.allocate(4096, "raw")).toBe(a + 4096);
    allocator.committed();
    expect(allocator.allocate(4096, "raw")).toBe(a);
  });

  it("gives the end of the file back", () => {
    const allocator = new Allocator({ end: START });
    const a = allocator.allocate(4096, "raw");
    allocator.allocate(4096, "raw");
    allocator.committed();
    allocator.free(asAddress(a + 4096), 4096, "raw");
    allocator.free(a, 4096, "raw");
    allocator.shrink();
    expect(allocator.end).toBe(START);
  });

  it("leaves the end alone where nothing was changed", () => {
    const allocator = new Allocator({ end: 4096 });
    allocator.adopt(asAddress(4000), 96, "raw");
    allocator.shrink();
    expect(allocator.end).toBe(4096);
    allocator.allocate(10, "metadata");
    allocator.shrink();
    expect(allocator.end).toBeLessThan(4096);
  });

  it("gives pages back that became free in parts", () => {
    const allocator = new Allocator({ end: 4096, pageSize: 1024 });
    const [a, b] = [allocator.allocate(700, "raw"), allocator.allocate(200, "raw")];
    allocator.committed();
    const c = allocator.allocate(100, "raw");
    allocator.free(a, 700, "raw");
    allocator.free(c, 100, "raw");
    allocator.free(b, 200, "raw");
    allocator.shrink();
    expect(allocator.end).toBe(4096);
  });

  it("uses pages that are free as a whole for anything", () => {
    const allocator = new Allocator({ end: 0, pageSize: 1024 });
    const raw = allocator.allocate(3000, "raw");
    allocator.allocate(100, "metadata");
    allocator.committed();
    allocator.free(raw, 3000, "raw");
    allocator.committed();
    expect(allocator.freeSpace().pages).toEqual([{ at: 0, size: 3072 }]);
    expect(allocator.allocate(2000, "metadata")).toBe(raw);
  });

  it("stops where addresses can say no more, and lets nothing of what was begun be committed", () => {
    const allocator = new Allocator({ end: START, limit: 65_534 });
    allocator.allocate(60_000, "raw");
    expect(allocator.allocate(5000, "metadata")).toBe(60_000 + START);
    expect(() => allocator.check()).not.toThrow();
    expect(() => allocator.allocate(500, "raw")).toThrow("addresses");
    expect(() => allocator.check()).toThrow("addresses");
    const narrow = new Allocator({ end: START, longest: 65_533 });
    expect(narrow.allocate(65_533, "raw")).toBe(START);
    expect(() => narrow.allocate(65_534, "raw")).toThrow("lengths");
  });
});
