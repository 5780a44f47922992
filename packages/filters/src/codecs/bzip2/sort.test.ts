import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sample } from "../../../test/bytes.ts";
import { sortRotations } from "./sort.ts";

/** By comparing all bytes. */
function plainly(block: Uint8Array): Uint8Array {
  const n = block.length;
  const rows = Array.from(block.keys()).sort((a, b) => {
    for (let i = 0; i < n; i++) {
      const order = block[(a + i) % n] - block[(b + i) % n];
      if (order !== 0) return order;
    }
    return 0;
  });
  return Uint8Array.from(rows, (row) => block[(row + n - 1) % n]);
}

/** Undoes the transform. */
function restored({ last, origin }: { last: Uint8Array; origin: number }): Uint8Array {
  const rows = Array.from(last.keys()).sort((a, b) => last[a] - last[b] || a - b);
  let row = rows[origin];
  return Uint8Array.from(last, () => {
    const byte = last[row];
    row = rows[row];
    return byte;
  });
}

describe("rotations", () => {
  it("are sorted as by comparing them", () => {
    const blocks = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.array(fc.constantFrom(1, 2), { minLength: 1, maxLength: 200 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(blocks, (block) => {
        const sorted = sortRotations(block);
        expect(sorted.last).toEqual(plainly(block));
        expect(restored(sorted)).toEqual(block);
      }),
      { numRuns: 300 },
    );
  });
  it.each([
    ["of many kinds of rows", sample("walk", 20_000)],
    ["with long rows in common", Uint8Array.from([...sample("random", 3000), ...sample("random", 3000), 1])],
    ["of one byte", sample("zeros", 5000)],
    ["of text", sample("text", 20_000)],
  ])("%s come back", (_what, block) => {
    expect(Buffer.compare(restored(sortRotations(block)), block)).toBe(0);
  });
});
