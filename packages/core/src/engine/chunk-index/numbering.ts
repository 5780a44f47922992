/**
 * The order of chunks in implicit indexes, fixed and extensible arrays: over the grid of the largest extent, and where a
 * dimension is unlimited with that one first, so that an element keeps its place while the dataset grows.
 */
import { FormatError } from "../../errors.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";

export interface Numbering {
  /** Position in the index of a chunk. */
  toIndex(number: number): number;
  /** The chunk at a position of the index; -1 where it is outside the current extent. */
  toNumber(index: number): number;
}

const same: Numbering = { toIndex: (number) => number, toNumber: (index) => index };
const numberings = new WeakMap<ChunkGrid, Numbering>();

/** The numbering of a dataset's index. */
export function numberingOf(grid: ChunkGrid): Numbering {
  let numbering = numberings.get(grid);
  if (numbering === undefined) {
    numbering = makeNumbering(grid);
    numberings.set(grid, numbering);
  }
  return numbering;
}

function makeNumbering(grid: ChunkGrid): Numbering {
  const { rank, counts, strides, maxCounts, total } = grid;
  if (maxCounts.filter((n) => n === Infinity).length > 1)
    throw new FormatError("has an index for one unlimited dimension at most", {
      structure: "Data layout",
      address: grid.info.address,
      found: maxCounts.join(" x "),
    });
  const order = dimensionOrder(maxCounts);
  const indexStrides = new Array<number>(rank).fill(1);
  for (let i = rank - 2, stride = 1; i >= 0; i--) {
    stride *= maxCounts[order[i + 1]];
    indexStrides[order[i]] = stride;
  }
  if (indexStrides.every((stride, d) => stride === strides[d] || counts[d] === 1))
    return { ...same, toNumber: (index) => (index < total ? index : -1) };
  return {
    toIndex: (number) => {
      let index = 0;
      for (let d = 0; d < rank; d++) index += (Math.floor(number / strides[d]) % counts[d]) * indexStrides[d];
      return index;
    },
    toNumber: (index) => {
      let number = 0;
      let rest = index;
      for (const d of order) {
        const coordinate = Math.floor(rest / indexStrides[d]);
        if (coordinate >= counts[d]) return -1;
        rest -= coordinate * indexStrides[d];
        number += coordinate * strides[d];
      }
      return number;
    },
  };
}

/** Dimensions from the slowest: the unlimited one, then the others as they come. */
function dimensionOrder(maxCounts: readonly number[]): number[] {
  const order = maxCounts.map((_, d) => d);
  const unlimited = maxCounts.indexOf(Infinity);
  if (unlimited > 0) {
    order.splice(unlimited, 1);
    order.unshift(unlimited);
  }
  return order;
}
