import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coalesce, partOf } from "./coalesce.ts";
import type { Extent } from "./storage.ts";

const into = (at: number, length: number): Extent => ({ at, length, into: new Uint8Array(length) });

describe("accesses", () => {
  const cases: [name: string, extents: Extent[], gap: number, maxAccess: number, accesses: [number, number][]][] = [
    [
      "neighbours",
      [
        { at: 10, length: 5 },
        { at: 15, length: 5 },
      ],
      0,
      100,
      [[10, 10]],
    ],
    [
      "in any order",
      [
        { at: 15, length: 5 },
        { at: 10, length: 5 },
      ],
      0,
      100,
      [[10, 10]],
    ],
    [
      "over a gap",
      [
        { at: 0, length: 5 },
        { at: 9, length: 1 },
      ],
      4,
      100,
      [[0, 10]],
    ],
    [
      "not over a wider one",
      [
        { at: 0, length: 5 },
        { at: 10, length: 1 },
      ],
      4,
      100,
      [
        [0, 5],
        [10, 1],
      ],
    ],
    [
      "not at all",
      [
        { at: 0, length: 5 },
        { at: 5, length: 5 },
      ],
      -1,
      100,
      [
        [0, 5],
        [5, 5],
      ],
    ],
    [
      "within others",
      [
        { at: 0, length: 50 },
        { at: 10, length: 5 },
        { at: 50, length: 1 },
      ],
      0,
      100,
      [[0, 51]],
    ],
    [
      "equal",
      [
        { at: 3, length: 5 },
        { at: 3, length: 5 },
      ],
      0,
      2,
      [[3, 5]],
    ],
    [
      "up to the largest",
      [
        { at: 0, length: 6 },
        { at: 6, length: 6 },
      ],
      0,
      10,
      [
        [0, 6],
        [6, 6],
      ],
    ],
    [
      "overlapping beyond it",
      [
        { at: 0, length: 6 },
        { at: 5, length: 6 },
      ],
      0,
      10,
      [[0, 11]],
    ],
    ["short, with buffers", [into(0, 4), into(6, 4)], 4, 100, [[0, 10]]],
    [
      "long, with buffers",
      [into(0, 8), { at: 8, length: 2 }, into(10, 8)],
      4,
      100,
      [
        [0, 8],
        [8, 2],
        [10, 8],
      ],
    ],
    ["none", [], 4, 100, []],
  ];
  it.each(cases)("%s", (_, extents, gap, maxAccess, accesses) => {
    expect(coalesce(extents, { gap, maxAccess }).map(({ at, length }) => [at, length])).toEqual(accesses);
  });

  it("read through gaps only up to as much as is asked for", () => {
    const gap = 64 << 10;
    const extents = Array.from({ length: 1000 }, (_, i) => ({ at: i * (gap + 1000), length: 1000 }));
    const read = coalesce(extents, { gap, maxAccess: 8 << 20 }).reduce((sum, { length }) => sum + length, 0);
    expect(read).toBeLessThan(2 * 1000 * 1000 + (256 << 10));
    const near = Array.from({ length: 1000 }, (_, i) => ({ at: i * 1500, length: 1000 }));
    expect(coalesce(near, { gap, maxAccess: 8 << 20 }).length).toBe(1);
  });
});

it("every extent gets its own bytes, from accesses that do not overlap", () => {
  const file = Uint8Array.from({ length: 400 }, (_, i) => i);
  const extent = fc.record({ at: fc.nat(380), length: fc.nat(60), buffered: fc.boolean() });
  const property = fc.property(
    fc.array(extent),
    fc.integer({ min: -1, max: 50 }),
    fc.integer({ min: 1, max: 200 }),
    (list, gap, maxAccess) => {
      const extents: Extent[] = list.map(({ at, length, buffered }) => (buffered ? into(at, length) : { at, length }));
      const accesses = coalesce(extents, { gap, maxAccess });
      const seen: number[] = [];
      for (const access of accesses) {
        const outcome = file.subarray(access.at, access.at + access.length);
        for (const i of access.members) {
          seen.push(i);
          const { at, length, into: buffer } = extents[i];
          const part = partOf(extents[i], access, outcome) as Uint8Array;
          expect(part).toEqual(file.slice(at, at + length));
          if (buffer !== undefined) expect(part.buffer).toBe(buffer.buffer);
        }
      }
      expect(seen.sort((a, b) => a - b)).toEqual(extents.map((_, i) => i));
    },
  );
  fc.assert(property);
});
