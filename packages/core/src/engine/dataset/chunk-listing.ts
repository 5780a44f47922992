/** What is stored of a dataset: its chunks one by one, and the bytes that they take. */
import { asAddress } from "../../bytes/address.ts";
import type { ChunkInfo, DatasetInfo } from "../../contract.ts";
import { FormatError, SelectionError, UnsupportedError } from "../../errors.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import { read, type Steps, size } from "../../steps/steps.ts";
import { chunkPlaces } from "../chunk-index/chunk-index.ts";
import { ChunkList } from "../chunk-index/chunk-list.ts";
import { CHUNK_INDEXES } from "../chunk-index/indexes.ts";
import type { EngineFile } from "../file.ts";
import { withinLimit } from "../limits.ts";
import { type ChunkGrid, chunkGrid, chunkOffset } from "./chunk-grid.ts";

/** All stored chunks, in the order of their offsets; of datasets without chunks none. */
export function* listChunks(file: EngineFile, info: DatasetInfo): Steps<ChunkInfo[]> {
  if (info.layout.class !== "chunked") return [];
  const grid = chunkGrid(file, info, info.layout);
  const list = yield* allChunks(file, grid);
  return Array.from(list.order(), (i) => ({
    offset: chunkOffset(grid, list.numbers[i]),
    address: asAddress(list.addresses[i]),
    size: storedSize(grid, list.sizes[i]),
    filterMask: list.masks[i],
  }));
}

function* allChunks(file: EngineFile, grid: ChunkGrid): Steps<ChunkList> {
  const list = new ChunkList();
  if (grid.total > 0) yield* CHUNK_INDEXES[grid.layout.index.kind].list(file, grid, list);
  return list;
}

/** Without filters a chunk takes its own bytes, whatever its index says. */
const storedSize = (grid: ChunkGrid, size: number): number => (grid.filtered ? size : grid.bytes);

/**
 * The chunk whose first element has these coordinates; `undefined` where it is not stored. SelectionError where no chunk
 * begins there.
 */
export function* findChunk(
  file: EngineFile,
  info: DatasetInfo,
  offset: readonly number[],
): Steps<ChunkInfo | undefined> {
  const grid = chunkGrid(file, info, chunkedLayout(info));
  const number = numberOfChunk(grid, offset);
  const places = chunkPlaces(1);
  yield* CHUNK_INDEXES[grid.layout.index.kind].locate(file, grid, Float64Array.of(number), 1, places);
  if (places.addresses[0] === ABSENT) return undefined;
  return {
    offset: [...offset],
    address: asAddress(places.addresses[0]),
    size: storedSize(grid, places.sizes[0]),
    filterMask: places.masks[0],
  };
}

function chunkedLayout(info: DatasetInfo): ChunkedLayout {
  if (info.layout.class === "chunked") return info.layout;
  throw new UnsupportedError("has no chunks", {
    structure: "Data layout",
    address: info.address,
    found: info.layout.class,
    allowed: "chunked",
  });
}

/** Number of the chunk whose first element has these coordinates. SelectionError where none begins there. */
export function numberOfChunk(grid: ChunkGrid, offset: readonly number[]): number {
  let number = 0;
  const fits = offset.length === grid.rank && offset.every((at, d) => at >= 0 && at < grid.dims[d]);
  for (let d = 0; fits && d < grid.rank; d++) number += (offset[d] / grid.chunk[d]) * grid.strides[d];
  if (fits && offset.every((at, d) => at % grid.chunk[d] === 0)) return number;
  throw new SelectionError("is not the offset of a chunk", {
    found: `[${offset.join(", ")}]`,
    allowed: `multiples of [${grid.chunk.join(", ")}] within [${grid.dims.join(", ")}]`,
  });
}

/** Stored bytes of a chunk, still filtered. */
export function* readStoredChunk(file: EngineFile, _info: DatasetInfo, chunk: ChunkInfo): Steps<Uint8Array> {
  const where = { structure: `Chunk at [${chunk.offset.join(", ")}]`, address: chunk.address };
  withinLimit(file.limits, "chunkBytes", chunk.size, where.structure);
  const end = chunk.address + chunk.size;
  if (end > file.info.endOfFile && file.base + end > (yield* size(file.storage))) throw cutShort(where, end);
  const into = new Uint8Array(chunk.size);
  const [outcome] = yield* read(file.storage, [{ at: file.base + chunk.address, length: chunk.size, into }]);
  if (!(outcome instanceof Uint8Array)) throw outcome;
  if (outcome.length < chunk.size) throw cutShort(where, outcome.length);
  // Memory may answer with views of itself: what is handed out owns its bytes.
  return outcome.buffer === into.buffer ? outcome : outcome.slice();
}

function cutShort(where: { structure: string; address: number }, found: number): FormatError {
  return new FormatError("runs past the end of the file", { ...where, found });
}

/** Bytes that the raw data takes in the file: external files and the sources of virtual datasets do not count. */
export function* storageSize(file: EngineFile, info: DatasetInfo): Steps<number> {
  const { layout } = info;
  switch (layout.class) {
    case "compact":
      return layout.data.length;
    case "contiguous":
      return layout.address === null || info.external.length > 0 ? 0 : (layout.size ?? extentBytes(info));
    case "chunked": {
      const grid = chunkGrid(file, info, layout);
      const list = yield* allChunks(file, grid);
      let bytes = 0;
      for (let i = 0; i < list.count; i++) bytes += storedSize(grid, list.sizes[i]);
      return bytes;
    }
    case "virtual":
      return 0;
  }
}

const extentBytes = (info: DatasetInfo): number => info.dataspace.dims.reduce((all, n) => all * n, info.datatype.size);
