import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editingOptions, h5wasmFile } from "../../../test/support/editing.ts";
import type { Address } from "../../bytes/address.ts";
import { openFractalHeap } from "../../engine/fractal-heap/heap.ts";
import { heapObject } from "../../engine/fractal-heap/objects.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { EditorFile } from "../editor-file.ts";
import { openForEditing } from "../open-editor.ts";
import { insertObject, removeObject } from "./edited-heap.ts";
import { ATTRIBUTE_HEAP, createFractalHeap, LINK_HEAP } from "./new-heap.ts";

const original = h5wasmFile("latest", () => {});

const object = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff);

function expectAll(file: EditorFile, address: Address, kept: readonly (readonly [Uint8Array, Uint8Array])[]): void {
  const heap = runSync(openFractalHeap(file, address));
  for (const [id, bytes] of kept) expect(Buffer.compare(runSync(heapObject(file, heap, id)), bytes)).toBe(0);
  const { header } = heap;
  expect(header.managedObjects + header.tinyObjects + header.hugeObjects).toBe(kept.length);
}

const operations = fc.array(
  fc.record({
    remove: fc.boolean(),
    length: fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 1, max: 300 }) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 9000 }) },
    ),
    pick: fc.nat(),
  }),
  { maxLength: 400, size: "max" },
);

describe.each([
  ["links", LINK_HEAP],
  ["attributes", ATTRIBUTE_HEAP],
] as const)("fractal heaps of %s", (_, parameters) => {
  it("give back what was put in, while others come and go", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const storage = new MemoryStorage(original.slice());
        const { file, commit } = runSync(openForEditing(storage, editingOptions()));
        const address = createFractalHeap(file, parameters);
        const kept: [Uint8Array, Uint8Array][] = [];
        for (const { remove, length, pick } of list) {
          if (remove && kept.length > 0) {
            const [[id]] = kept.splice(pick % kept.length, 1);
            runSync(removeObject(file, address, id));
          } else {
            const bytes = object(length, pick);
            kept.push([runSync(insertObject(file, address, bytes)), bytes]);
          }
          if (pick % 50 === 0) runSync(commit());
        }
        expectAll(file, address, kept);
        runSync(commit());
        expectAll(
          runSync(openForEditing(new MemoryStorage(storage.toUint8Array()), editingOptions())).file,
          address,
          kept,
        );
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it("grow to indirect blocks below indirect blocks", () => {
    const storage = new MemoryStorage(original.slice());
    const { file, commit } = runSync(openForEditing(storage, editingOptions()));
    const address = createFractalHeap(file, parameters);
    const kept: [Uint8Array, Uint8Array][] = [];
    for (let i = 0; i < 900; i++) {
      const bytes = object(1000 + ((i * 7) % 3000), i);
      kept.push([runSync(insertObject(file, address, bytes)), bytes]);
    }
    runSync(commit());
    const again = runSync(openForEditing(new MemoryStorage(storage.toUint8Array()), editingOptions())).file;
    expectAll(again, address, kept);
    const heap = runSync(openFractalHeap(again, address));
    expect(heap.header.rootRows).toBeGreaterThan(heap.table.directRows);
  });
});
