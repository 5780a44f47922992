/** A chunked dataset's grid of chunks: what follows from its extent and its layout, computed once. */
import type { DatasetInfo } from "../../contract.ts";
import { FormatError, UnsupportedError } from "../../errors.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import type { EngineFile } from "../file.ts";
import { withinLimit } from "../limits.ts";

/** Chunks are numbered in row-major order over the grid of the current extent; numbers ascend as coordinates do. */
export interface ChunkGrid {
  readonly info: DatasetInfo;
  readonly layout: ChunkedLayout;
  readonly rank: number;
  readonly dims: readonly number[];
  /** Shape of a chunk in elements. */
  readonly chunk: readonly number[];
  /** Chunks along each dimension. */
  readonly counts: readonly number[];
  /** Chunks from one coordinate to the next along each dimension: a number is their sum of products with the coordinates. */
  readonly strides: readonly number[];
  /** Chunks in all. */
  readonly total: number;
  /** Chunks along each dimension of the largest extent; `Infinity` if unlimited. */
  readonly maxCounts: readonly number[];
  readonly elementSize: number;
  /** Elements of a chunk. */
  readonly elements: number;
  /** Decoded bytes of a chunk. */
  readonly bytes: number;
  readonly filtered: boolean;
}

const grids = new WeakMap<DatasetInfo, ChunkGrid>();

/** The grid of a chunked dataset. FormatError where layout, extent and type contradict each other. */
export function chunkGrid(file: EngineFile, info: DatasetInfo, layout: ChunkedLayout): ChunkGrid {
  let grid = grids.get(info);
  if (grid === undefined) {
    grid = makeGrid(file, info, layout);
    grids.set(info, grid);
  }
  return grid;
}

function makeGrid(file: EngineFile, info: DatasetInfo, layout: ChunkedLayout): ChunkGrid {
  const { dims, maxDims } = info.dataspace;
  check(info, layout);
  const elements = product(layout.chunk);
  const bytes = elements * layout.elementSize;
  const filtered = info.pipeline.filters.length > 0;
  if (filtered) withinLimit(file.limits, "chunkBytes", bytes, "Chunk");
  const counts = dims.map((n, d) => Math.ceil(n / layout.chunk[d]));
  const total = product(counts);
  if (total > Number.MAX_SAFE_INTEGER)
    throw new UnsupportedError("has more than 2^53 chunks", { structure: "Data layout", address: info.address });
  return {
    info,
    layout,
    rank: dims.length,
    dims,
    chunk: layout.chunk,
    counts,
    strides: rowMajorStrides(counts),
    total,
    maxCounts: maxDims.map((n, d) => Math.ceil(n / layout.chunk[d])),
    elementSize: layout.elementSize,
    elements,
    bytes,
    filtered,
  };
}

function check(info: DatasetInfo, layout: ChunkedLayout): void {
  const where = { structure: "Data layout", address: info.address };
  const rank = info.dataspace.dims.length;
  if (info.dataspace.kind !== "simple" || layout.chunk.length !== rank)
    throw new FormatError("has chunks of another rank than the dataset", {
      ...where,
      found: layout.chunk.length,
      allowed: String(rank),
    });
  if (layout.elementSize !== info.datatype.size)
    throw new FormatError("has elements of another size than the datatype", {
      ...where,
      found: layout.elementSize,
      allowed: String(info.datatype.size),
    });
}

const product = (values: readonly number[]): number => values.reduce((all, n) => all * n, 1);

/** Elements from one index to the next along each dimension of an array of this shape. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let d = shape.length - 2; d >= 0; d--) strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

/** Coordinates, in chunks, of a chunk. */
export function chunkCoordinates(grid: ChunkGrid, number: number): number[] {
  return grid.strides.map((stride, d) => Math.floor(number / stride) % grid.counts[d]);
}

/** Coordinates of a chunk's first element. */
export function chunkOffset(grid: ChunkGrid, number: number): number[] {
  return chunkCoordinates(grid, number).map((c, d) => c * grid.chunk[d]);
}

/** Whether the chunk reaches over the edge of the extent. */
export function isEdgeChunk(grid: ChunkGrid, number: number): boolean {
  for (let d = 0; d < grid.rank; d++) {
    const coordinate = Math.floor(number / grid.strides[d]) % grid.counts[d];
    if ((coordinate + 1) * grid.chunk[d] > grid.dims[d]) return true;
  }
  return false;
}

/** Bytes of a chunk up to its last element within the extent. */
export function bytesInExtent(grid: ChunkGrid, number: number): number {
  const offset = chunkOffset(grid, number);
  const strides = rowMajorStrides(grid.chunk);
  let last = 0;
  for (let d = 0; d < grid.rank; d++) {
    last += (Math.min(grid.chunk[d], grid.dims[d] - offset[d]) - 1) * strides[d];
  }
  return (last + 1) * grid.elementSize;
}
