/** What of a chunk lies outside the extent, set to the fill value. */
import { type ChunkGrid, chunkCoordinates, rowMajorStrides } from "../../engine/dataset/chunk-grid.ts";
import type { FillPattern } from "./fill-elements.ts";

/** `number`: of the chunk in `grid`; `dims`: the extent that counts. */
export function fillOutside(
  grid: ChunkGrid,
  dims: readonly number[],
  number: number,
  bytes: Uint8Array,
  pattern: FillPattern,
): void {
  const { chunk, rank } = grid;
  const strides = rowMajorStrides(chunk);
  const kept = chunkCoordinates(grid, number).map((c, d) => Math.min(chunk[d], dims[d] - c * chunk[d]));
  const fill = (d: number, base: number): void => {
    pattern.fill(bytes, base + kept[d] * strides[d], base + chunk[d] * strides[d]);
    // Only where a later dimension is cut is there more to do.
    if (kept.slice(d + 1).every((n, i) => n === chunk[d + 1 + i])) return;
    for (let i = 0; i < kept[d]; i++) fill(d + 1, base + i * strides[d]);
  };
  if (rank > 0) fill(0, 0);
}
