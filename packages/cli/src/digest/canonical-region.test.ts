import type { StoredSelection } from "h5ts";
import { describe, expect, it } from "vitest";
import { CanonicalOut } from "./canonical-out.ts";
import { putSelection } from "./canonical-region.ts";

/** Kind, rank, and the numbers that follow. */
function canonical(selection: StoredSelection, shape: number[]): number[] {
  const out = new CanonicalOut();
  putSelection(out, selection, shape);
  const view = new DataView(Uint8Array.from(out.bytes).buffer);
  if (view.byteLength === 1) return [view.getUint8(0)];
  const numbers = Array.from({ length: (view.byteLength - 5) / 8 }, (_, i) =>
    Number(view.getBigUint64(5 + 8 * i, true)),
  );
  return [view.getUint8(0), view.getUint32(1, true), ...numbers];
}

describe("canonical selections", () => {
  it.each<[string, StoredSelection, number[], number[]]>([
    ["nothing", { kind: "none" }, [4], [0]],
    ["all", { kind: "all" }, [4, 5], [2, 2, 1, 0, 20]],
    [
      "points, as they come",
      { kind: "points", rank: 2, points: Float64Array.of(3, 1, 0, 2) },
      [4, 5],
      [1, 2, 2, 3, 1, 0, 2],
    ],
    [
      "rows of a hyperslab",
      { kind: "hyperslab", rank: 2, start: [1, 1], stride: [2, 3], count: [2, 1], block: [1, 2] },
      [4, 5],
      [2, 2, 2, 6, 2, 16, 2],
    ],
    [
      "rows that touch, as one",
      { kind: "hyperslab", rank: 2, start: [1, 0], stride: [1, 1], count: [2, 5], block: [1, 1] },
      [4, 5],
      [2, 2, 1, 5, 10],
    ],
    [
      "an unlimited hyperslab, up to the extent",
      { kind: "hyperslab", rank: 1, start: [2], stride: [3], count: [Infinity], block: [2] },
      [9],
      [2, 1, 3, 2, 2, 5, 2, 8, 1],
    ],
    ["blocks", { kind: "blocks", rank: 1, corners: Float64Array.of(5, 6, 0, 1) }, [9], [2, 1, 2, 0, 2, 5, 2]],
  ])("%s", (_, selection, shape, expected) => {
    expect(canonical(selection, shape)).toEqual(expected);
  });

  it("refuses a selection of another rank, and one with more rows than can be listed", () => {
    const points: StoredSelection = { kind: "points", rank: 3, points: Float64Array.of(1, 2, 3) };
    expect(() => canonical(points, [4])).toThrow(/another rank/);
    const rows: StoredSelection = {
      kind: "hyperslab",
      rank: 2,
      start: [0, 0],
      stride: [1, 1],
      count: [1e8, 1],
      block: [1, 1],
    };
    expect(() => canonical(rows, [1e9, 2])).toThrow(/too many rows/);
  });
});
