import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectionIn } from "../../../test/support/arbitrary-selections.ts";
import { axes, ByteSink, selectedElements } from "../../../test/support/byte-sink.ts";
import { Disk } from "../../../test/support/disk.ts";
import type { Selection } from "../../data/selection/selection.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { rowMajorStrides } from "./chunk-grid.ts";
import { chunkPlan } from "./chunk-plan.ts";
import { copierFor, Filler } from "./copy-elements.ts";
import type { PlanGrid } from "./plan.ts";
import { tilesOf } from "./read-contiguous.ts";
import { SpanReader } from "./span-reader.ts";

/** Bytes of an element that tell its number. */
function elementBytes(element: number, size: number): number[] {
  return Array.from({ length: size }, (_, k) => (Math.floor(element / 251 ** (k % 3)) + k) & 255);
}

function gridOf(dims: readonly number[], chunk: readonly number[]): PlanGrid & { counts: number[] } {
  const counts = dims.map((n, d) => Math.ceil(n / chunk[d]));
  return { dims, chunk, counts, strides: rowMajorStrides(counts), elements: chunk.reduce((all, n) => all * n, 1) };
}

/** All chunks of the grid, one after the other, with junk behind the edge. */
function chunkBytes(grid: ReturnType<typeof gridOf>, size: number): Uint8Array {
  const total = grid.counts.reduce((all, n) => all * n, 1);
  const bytes = new Uint8Array(total * grid.elements * size).fill(0x77);
  const dimStrides = rowMajorStrides(grid.dims);
  const chunkStrides = rowMajorStrides(grid.chunk);
  const elements = grid.dims.reduce((all, n) => all * n, 1);
  for (let e = 0; e < elements; e++) {
    let at = 0;
    for (let d = 0; d < grid.dims.length; d++) {
      const index = Math.floor(e / dimStrides[d]) % grid.dims[d];
      const c = Math.floor(index / grid.chunk[d]);
      at += c * grid.strides[d] * grid.elements + (index - c * grid.chunk[d]) * chunkStrides[d];
    }
    bytes.set(elementBytes(e, size), at * size);
  }
  return bytes;
}

const shapes = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 6 })), { maxLength: 4 })
  .map((list) => ({ dims: list.map(([n]) => n), chunk: list.map(([, c]) => c) }));
const cases = shapes.chain(({ dims, chunk }) =>
  fc.record({
    dims: fc.constant(dims),
    chunk: fc.constant(chunk),
    selection: selectionIn(dims),
    size: fc.constantFrom(1, 2, 3, 4, 8, 12),
    window: fc.integer({ min: 1, max: 5 }),
    direct: fc.boolean(),
    shift: fc.nat(3),
  }),
);

function expected(selection: Selection, dims: readonly number[], size: number): number[] {
  return selectedElements(selection, dims).flatMap((element) => elementBytes(element, size));
}

describe("chunk plan", () => {
  it("copies what a list of elements would, from chunks in windows of any size", () => {
    fc.assert(
      fc.property(cases, ({ dims, chunk, selection, size, window, direct, shift }) => {
        const grid = gridOf(dims, chunk);
        const room = new Uint8Array(shift + chunkBytes(grid, size).length);
        room.set(chunkBytes(grid, size), shift);
        const sink = new ByteSink(size, selection.count, direct);
        const plan = chunkPlan(selection, grid);
        const copier = copierFor(sink);
        const numbers = new Float64Array(window);
        for (let count = plan.next(numbers); count > 0; count = plan.next(numbers)) {
          for (let i = 0; i < count; i++) {
            if (i > 0) expect(numbers[i]).toBeGreaterThan(numbers[i - 1]);
            copier.source(room, shift + numbers[i] * grid.elements * size);
            plan.visit(i, copier);
          }
        }
        expect([...sink.bytes]).toEqual(expected(selection, dims, size));
      }),
      { numRuns: 1000 },
    );
  });

  it("fills every selected element, and no other", () => {
    fc.assert(
      fc.property(cases, ({ dims, chunk, selection }) => {
        const sink = new ByteSink(1, selection.count, false, Uint8Array.of(9));
        const plan = chunkPlan(selection, gridOf(dims, chunk));
        const numbers = new Float64Array(3);
        for (let count = plan.next(numbers); count > 0; count = plan.next(numbers))
          for (let i = 0; i < count; i++) plan.visit(i, new Filler(sink));
        expect(sink.bytes.every((byte) => byte === 9)).toBe(true);
      }),
    );
  });

  it("knows which chunks are taken whole", () => {
    const grid = gridOf([10, 10], [4, 4]);
    const range = (start: number, count: number) => ({ kind: "range" as const, start, count, stride: 1, block: 1 });
    const plan = chunkPlan(axes([range(0, 10), range(4, 6)]), grid);
    expect(plan.next(new Float64Array(9))).toBe(6);
    expect([0, 1, 2, 3, 4, 5].map((i) => plan.whole(i))).toEqual(new Array(6).fill(true));
    const partial = chunkPlan(axes([range(1, 9), range(5, 5)]), grid);
    partial.next(new Float64Array(9));
    expect([0, 1, 2, 3, 4, 5].map((i) => partial.whole(i))).toEqual([false, false, false, true, false, true]);
  });

  it("of a million chunks along an axis takes room for one window", () => {
    const everySecond = axes([{ kind: "range", start: 1, count: 5_000_000, stride: 2, block: 1 }]);
    const plan = chunkPlan(everySecond, gridOf([10_000_001], [4]));
    const numbers = new Float64Array(1000);
    let chunks = 0;
    let elements = 0;
    for (let count = plan.next(numbers); count > 0; count = plan.next(numbers)) {
      chunks += count;
      plan.visit(0, { nest: (_at, _index, loops) => (elements += loops.counts[0]) });
    }
    expect([chunks, elements]).toEqual([2_500_000, 5000]);
  });
});

describe("span reader", () => {
  it("reads what a list of elements would, through gaps of any size", () => {
    const gaps = fc.constantFrom(-1, 0, 1, 7, 40, 1000, Infinity);
    fc.assert(
      fc.property(cases, gaps, ({ dims, chunk, selection, size, direct, shift }, gap) => {
        const grid = gridOf(dims, chunk);
        const stored = chunkBytes(grid, size);
        const bytes = new Uint8Array(shift + stored.length);
        bytes.set(stored, shift);
        const storage = gap === Infinity ? new MemoryStorage(bytes) : new Disk(bytes, { gap });
        const sink = new ByteSink(size, selection.count, direct);
        const spans = new SpanReader(storage, sink, { structure: "test" });
        const plan = chunkPlan(selection, grid);
        const numbers = new Float64Array(4);
        for (let count = plan.next(numbers); count > 0; count = plan.next(numbers)) {
          for (let i = 0; i < count; i++) {
            spans.begin(shift + numbers[i] * grid.elements * size);
            plan.visit(i, spans);
          }
          runSync(spans.flush());
        }
        expect([...sink.bytes]).toEqual(expected(selection, dims, size));
      }),
      { numRuns: 1000 },
    );
  });

  it("reads long runs straight into the result, neighbours in one access", () => {
    const bytes = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 31 + (i >> 9)) & 255);
    const storage = new Disk(bytes, { gap: 100 });
    const sink = new ByteSink(1, bytes.length, true);
    const spans = new SpanReader(storage, sink, { structure: "test" });
    const plan = chunkPlan(axes([{ kind: "range", start: 0, count: bytes.length, stride: 1, block: 1 }]), {
      ...gridOf([bytes.length], [65_536]),
    });
    const numbers = new Float64Array(16);
    expect(plan.next(numbers)).toBe(16);
    for (let i = 0; i < 16; i++) {
      spans.begin(numbers[i] * 65_536);
      plan.visit(i, spans);
    }
    runSync(spans.flush());
    expect(storage.reads).toBe(1);
    expect(Buffer.compare(sink.bytes, bytes)).toBe(0);
  });

  it("says where the file ends too soon", () => {
    for (const storage of [new Disk(new Uint8Array(100)), new MemoryStorage(new Uint8Array(100))]) {
      const sink = new ByteSink(4, 30, true);
      const spans = new SpanReader(storage, sink, { structure: "Raw data", address: 5 });
      const grid = gridOf([30], [30]);
      const plan = chunkPlan(axes([{ kind: "range", start: 0, count: 30, stride: 1, block: 1 }]), grid);
      plan.next(new Float64Array(1));
      const run = (): void => {
        spans.begin(0);
        plan.visit(0, spans);
        runSync(spans.flush());
      };
      expect(run).toThrow(/Raw data at 0x5: runs past the end of the file/);
    }
  });
});

describe("tiles", () => {
  it("cover every element in order, and are small", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 5000 }), (dims, size) => {
        const tiles = tilesOf(dims, size);
        expect(tiles.elements * size <= 1 << 20 || tiles.elements === 1).toBe(true);
        const cut = tiles.chunk.findIndex((n, d) => n > 1 && n < dims[d]);
        if (cut >= 0) expect(tiles.chunk.slice(cut + 1)).toEqual(dims.slice(cut + 1));
        expect(tiles.firstElement(0)).toBe(0);
      }),
    );
  });
});
