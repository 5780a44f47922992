/** Divides a dataset into blocks that follow one another in row-major order, so that it is never in memory as a whole. */
import { type Slice, slice } from "h5ts";

/** Elements from `from` to `to` along one axis; all of the axes after it, one place of those before it. */
export interface Block {
  readonly selection: readonly (number | Slice | null)[];
  readonly count: number;
}

/**
 * Blocks of at most `most` elements, or of one row of the last axis's chunk; whole rows of chunks where that fits.
 * A scalar is one block with an empty selection.
 */
export function* blocksOf(
  shape: readonly number[],
  most: number,
  chunk: readonly number[] | undefined,
): Generator<Block> {
  if (shape.includes(0)) return;
  let axis = 0;
  let inner = shape.slice(1).reduce((product, dim) => product * dim, 1);
  while (axis < shape.length - 1 && inner > most) inner /= shape[++axis];
  if (shape.length === 0) return yield { selection: [], count: 1 };
  let step = Math.max(1, Math.floor(most / inner));
  const unit = chunk?.[axis] ?? 1;
  if (step > unit) step -= step % unit;
  for (const place of placesOf(shape.slice(0, axis))) {
    for (let from = 0; from < shape[axis]; from += step) {
      const to = Math.min(from + step, shape[axis]);
      const selection = [...place, slice(from, to), ...shape.slice(axis + 1).map(() => null)];
      yield { selection, count: (to - from) * inner };
    }
  }
}

/** All places of a shape, the last axis fastest. */
function* placesOf(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) return yield [];
  for (const place of placesOf(shape.slice(0, -1))) {
    for (let i = 0; i < shape[shape.length - 1]; i++) yield [...place, i];
  }
}
