import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EditedFile } from "../../test/support/new-datasets.ts";
import { asAddress } from "../bytes/address.ts";
import { Decoder } from "../bytes/decoder.ts";
import { GLOBAL_HEAP_TABLE, globalHeapCollection } from "../format/global-heap/global-heap-collection.ts";
import { runSync } from "../steps/run-sync.ts";
import { placeHeapObjects, removeHeapObjects } from "./global-heap.ts";

interface Kept {
  readonly address: number;
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Stores objects of these sizes. */
function place(edited: EditedFile, sizes: readonly number[], seed: number): Kept[] {
  const objects = sizes.map((size, i) => new Uint8Array(size).fill(1 + ((seed + i) % 250)));
  const kept: Kept[] = [];
  let asked = false;
  const prepare = () => {
    if (asked) return undefined;
    asked = true;
    return {
      count: objects.length,
      bytes: (i: number) => objects[i],
      placed: (i: number, address: number, index: number) => void kept.push({ address, index, bytes: objects[i] }),
    };
  };
  runSync(placeHeapObjects(edited.file, { prepare }));
  return kept;
}

/** The object as readers find it. */
function found({ file }: EditedFile, { address, index }: Kept): Uint8Array {
  const table = runSync(file.structures.get(GLOBAL_HEAP_TABLE, asAddress(address), undefined));
  const from = table.start + table.offsets[index];
  return table.block.slice(from, from + table.lengths[index]);
}

const operations = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("place" as const),
      sizes: fc.array(fc.oneof(fc.nat(100), fc.nat(9000)), { maxLength: 90 }),
    }),
    fc.record({ kind: fc.constant("remove" as const), every: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant("commit" as const) }),
  ),
  { maxLength: 12 },
);

describe("global heaps", () => {
  it("keep what is put in until it is taken out, and give their collections back", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const edited = EditedFile.create("earliest");
        const before = edited.used;
        let kept: Kept[] = [];
        const remove = (gone: Kept[]): void =>
          runSync(
            removeHeapObjects(edited.file, {
              addresses: gone.map(({ address }) => address),
              indices: gone.map(({ index }) => index),
            }),
          );
        list.forEach((operation, n) => {
          if (operation.kind === "place") kept.push(...place(edited, operation.sizes, 37 * n));
          else if (operation.kind === "commit") edited.commit();
          else {
            remove(kept.filter((_, i) => i % operation.every === 0));
            kept = kept.filter((_, i) => i % operation.every !== 0);
          }
          for (const object of kept) expect(found(edited, object)).toEqual(object.bytes);
        });
        const bytes = edited.commit();
        for (const address of new Set(kept.map((object) => object.address))) {
          const from = new Decoder(bytes, edited.file.structures.sizes, "Global heap collection", 0, address);
          const { objects } = globalHeapCollection(from);
          expect(objects.length).toBe(kept.filter((object) => object.address === address).length);
        }
        const again = edited.reopened();
        for (const object of kept) expect(found(again, object)).toEqual(object.bytes);
        remove(kept);
        remove(kept.slice(0, 0));
        edited.commit();
        expect(edited.used).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  it("have collections that grow with what is put in at once", () => {
    const edited = EditedFile.create("earliest");
    const kept = place(edited, new Array<number>(20_000).fill(10), 1);
    expect(new Set(kept.map(({ address }) => address)).size).toBeLessThan(20);
    expect(new Set(place(edited, [8, 8], 1).map(({ address }) => address)).size).toBe(1);
  });
});
