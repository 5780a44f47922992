/**
 * Another extent for a chunked dataset. Chunks outside it are freed; what of the others lies outside becomes the fill value,
 * so that it shows when the extent grows again.
 */
import { type Address, asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import { chunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import { ChunkList } from "../../engine/chunk-index/chunk-list.ts";
import { CHUNK_INDEXES } from "../../engine/chunk-index/indexes.ts";
import { type ChunkGrid, chunkCoordinates, chunkGrid, isEdgeChunk } from "../../engine/dataset/chunk-grid.ts";
import { peekObjectHeader } from "../../engine/object-header.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ChangedPlaces } from "../chunk-index/edited-index.ts";
import { EDITED_INDEXES } from "../chunk-index/edited-indexes.ts";
import type { EditorFile } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { touch } from "../object-header/touch.ts";
import { freeRaw } from "../raw-space.ts";
import { locateChunks } from "./chunk-store.ts";
import { currentDataset, replaceDataspace, replaceLayout } from "./current-dataset.ts";
import { FillPattern } from "./fill-elements.ts";
import { fillOutside } from "./fill-outside.ts";
import { makeRoom } from "./flush-chunks.ts";
import { loadChunks } from "./load-chunks.ts";

export function* resizeChunks(
  file: EditorFile,
  info: DatasetInfo,
  layout: ChunkedLayout,
  dims: readonly number[],
): Steps<void> {
  const before = info.dataspace.dims;
  const shrinks = dims.some((n, d) => n < before[d]);
  const unfiltered = layout.edgeUnfiltered && info.pipeline.filters.length > 0;
  let outside: ChunkList | undefined;
  if (shrinks || unfiltered) {
    const chunks = yield* storedChunks(file, info);
    const resizing = new Resizing(file, info, dims, unfiltered);
    const moved = yield* resizing.cut(chunks);
    outside = resizing.outside(moved ? yield* storedChunks(file, yield* currentDataset(file, info.address)) : chunks);
  }
  yield* changeExtent(file, info.address, dims, outside);
}

function* storedChunks(file: EditorFile, info: DatasetInfo): Steps<ChunkList> {
  const layout = info.layout as ChunkedLayout;
  const grid = chunkGrid(file, info, layout);
  const list = new ChunkList();
  if (grid.total > 0) yield* CHUNK_INDEXES[layout.index.kind].list(file, grid, list);
  return list;
}

/** The grid with other dimensions. */
function gridWith(file: EditorFile, info: DatasetInfo, dims: readonly number[]): ChunkGrid {
  return chunkGrid(file, { ...info, dataspace: { ...info.dataspace, dims } }, info.layout as ChunkedLayout);
}

class Resizing {
  private readonly file: EditorFile;
  private readonly grid: ChunkGrid;
  private readonly after: ChunkGrid;
  private readonly dims: readonly number[];
  /** Chunks at the edge are not filtered. */
  private readonly unfiltered: boolean;

  constructor(file: EditorFile, info: DatasetInfo, dims: readonly number[], unfiltered: boolean) {
    this.file = file;
    this.grid = chunkGrid(file, info, info.layout as ChunkedLayout);
    this.after = gridWith(file, info, dims);
    this.dims = dims;
    this.unfiltered = unfiltered;
  }

  /**
   * Sets what new edges cut off to the fill value; has chunks stored anew that come to an edge, or leave it. Whether it did
   * anything: chunks may then stand elsewhere.
   */
  *cut(chunks: ChunkList): Steps<boolean> {
    const { file } = this;
    const { address } = this.grid.info;
    const stored = chunks.numbers.subarray(0, chunks.count);
    const all = new Set([...stored, ...file.chunkCache.numbers(address)]);
    const chosen = Float64Array.from([...all].filter((number) => this.isConcerned(number))).sort();
    yield* this.fillCut(chosen);
    return chosen.length > 0;
  }

  private *fillCut(numbers: Float64Array): Steps<void> {
    const { file, dims } = this;
    const { address } = this.grid.info;
    const pattern = yield* FillPattern.load(file, this.grid.info);
    const some = this.unfiltered ? numbers.length : Math.max(1, Math.floor(file.chunkCache.room / this.grid.bytes));
    for (let from = 0; from < numbers.length; from += some) {
      const now = numbers.subarray(from, from + some);
      const info = yield* currentDataset(file, address);
      const grid = chunkGrid(file, info, info.layout as ChunkedLayout);
      const places = yield* locateChunks(file, grid, now, now.length);
      yield* loadChunks(file, grid, { numbers: now, places, chosen: Array.from(now, (_, i) => i) });
      for (const number of now) fillOutside(grid, dims, number, file.chunkCache.changed(address, number)!, pattern);
      // Chunks that are not filtered at an edge must wait until it is one.
      if (!this.unfiltered) yield* makeRoom(file, address);
    }
  }

  private isConcerned(number: number): boolean {
    const { grid, after, dims } = this;
    const coordinates = chunkCoordinates(grid, number);
    if (coordinates.some((c, d) => c >= after.counts[d])) return false;
    const cut = coordinates.some((c, d) => dims[d] < grid.dims[d] && (c + 1) * grid.chunk[d] > dims[d]);
    if (cut || !this.unfiltered) return cut;
    return isEdgeChunk(grid, number) !== isEdgeChunk(after, numberIn(after, coordinates));
  }

  /** Stored chunks that are in the extent no more, in the order of their numbers. */
  outside(chunks: ChunkList): ChunkList {
    const { grid, after } = this;
    const outside = new ChunkList();
    for (const i of chunks.order()) {
      const { numbers, addresses, sizes, masks } = chunks;
      if (chunkCoordinates(grid, numbers[i]).some((c, d) => c >= after.counts[d]))
        outside.add(numbers[i], addresses[i], grid.filtered ? sizes[i] : grid.bytes, masks[i]);
    }
    return outside;
  }
}

const numberIn = (grid: ChunkGrid, coordinates: readonly number[]): number =>
  coordinates.reduce((number, c, d) => number + c * grid.strides[d], 0);

/** Takes chunks out of the index, and then changes the extent. */
function* changeExtent(
  file: EditorFile,
  address: Address,
  dims: readonly number[],
  outside: ChunkList | undefined,
): Steps<void> {
  const info = yield* currentDataset(file, address);
  const layout = info.layout as ChunkedLayout;
  const header = yield* EditedHeader.load(file, address);
  const { kind } = layout.index;
  if (outside !== undefined && outside.count > 0) {
    const index = yield* EDITED_INDEXES[kind].set(file, chunkGrid(file, info, layout), withoutPlaces(outside));
    if (index !== undefined) replaceLayout(header, { ...layout, index });
  }
  yield* replaceDataspace(file, header, { ...info.dataspace, dims });
  touch(file, header);
  header.apply();
  // Where times are kept they have changed too.
  if (outside === undefined && info.times === undefined) keepInfo(file, info, dims);
  if (kind !== "implicit")
    for (let i = 0; i < (outside?.count ?? 0); i++) freeRaw(file, asAddress(outside!.addresses[i]), outside!.sizes[i]);
  renumber(file, info, dims);
}

/** What the header says now is known: rows are often appended one by one, and decoding it would be most of the work. */
function keepInfo(file: EditorFile, info: DatasetInfo, dims: readonly number[]): void {
  const header = peekObjectHeader(file, info.address);
  if (header === undefined) return;
  const { kind, maxDims, version } = info.dataspace;
  // Property by property: spread, it takes as long as all else.
  header.info = {
    address: info.address,
    kind: info.kind,
    headerVersion: info.headerVersion,
    referenceCount: info.referenceCount,
    times: info.times,
    comment: info.comment,
    attributeOrder: info.attributeOrder,
    attributeStorage: info.attributeStorage,
    datatype: info.datatype,
    committed: info.committed,
    dataspace: { kind, dims, maxDims, version },
    layout: info.layout,
    pipeline: info.pipeline,
    fill: info.fill,
    external: info.external,
  };
}

/** Gives chunks in the cache the numbers that they have now. */
function renumber(file: EditorFile, info: DatasetInfo, dims: readonly number[]): void {
  const { address, dataspace, layout } = info;
  const { chunk } = layout as ChunkedLayout;
  if (!file.chunkCache.has(address)) return;
  // Rows of chunks that are added or taken away leave the numbers of the others as they are.
  const countsStay = dims.every(
    (n, d) => d === 0 || Math.ceil(n / chunk[d]) === Math.ceil(dataspace.dims[d] / chunk[d]),
  );
  if (countsStay && dims[0] >= dataspace.dims[0]) return;
  const grid = chunkGrid(file, info, layout as ChunkedLayout);
  const after = gridWith(file, info, dims);
  file.chunkCache.renumber(address, (number) => {
    const coordinates = chunkCoordinates(grid, number);
    return coordinates.some((c, d) => c >= after.counts[d]) ? undefined : numberIn(after, coordinates);
  });
}

function withoutPlaces({ count, numbers }: ChunkList): ChangedPlaces {
  const places = chunkPlaces(count);
  places.addresses.fill(ABSENT);
  return { count, numbers: numbers.subarray(0, count), places };
}
