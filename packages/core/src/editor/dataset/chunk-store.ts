/**
 * Storing of chunks: a stored chunk goes to new space, its index then points there, and the old space is freed. Space
 * taken since the last commit is written again where the size is the same, and so are chunks without an index.
 */
import type { Address } from "../../bytes/address.ts";
import { asAddress } from "../../bytes/address.ts";
import type { ChunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import { chunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import { CHUNK_INDEXES } from "../../engine/chunk-index/indexes.ts";
import { type ChunkGrid, chunkOffset, isEdgeChunk } from "../../engine/dataset/chunk-grid.ts";
import { FilterError } from "../../errors.ts";
import { ABSENT, chunkSizeWidth } from "../../format/chunk-element/chunk-elements.ts";
import type { Steps } from "../../steps/steps.ts";
import { EDITED_INDEXES } from "../chunk-index/edited-indexes.ts";
import type { EditorFile } from "../editor-file.ts";
import { freeRaw, RawRuns } from "../raw-space.ts";
import { putLayout } from "./current-dataset.ts";
import { type EncodedChunk, EncodePipeline } from "./encode-pipeline.ts";

/** Chunks to be stored: their numbers ascend. */
export interface ChunksToStore {
  readonly count: number;
  readonly numbers: Float64Array;
  /** Where they stand now. */
  readonly places: ChunkPlaces;
}

/** Where chunks stand in the file. */
export function* locateChunks(
  file: EditorFile,
  grid: ChunkGrid,
  numbers: Float64Array,
  count: number,
): Steps<ChunkPlaces> {
  const places = chunkPlaces(count);
  if (count > 0) yield* CHUNK_INDEXES[grid.layout.index.kind].locate(file, grid, numbers, count, places);
  if (!grid.filtered) places.sizes.fill(grid.bytes);
  return places;
}

/** Whether a chunk goes through the filters. */
export const isFiltered = (grid: ChunkGrid, number: number): boolean =>
  grid.filtered && !(grid.layout.edgeUnfiltered && isEdgeChunk(grid, number));

/** Filters and stores chunks, given by their decoded bytes. */
export function* storeChunks(
  file: EditorFile,
  grid: ChunkGrid,
  chunks: ChunksToStore,
  decoded: readonly Uint8Array[],
): Steps<void> {
  if (chunks.count === 0) return;
  const encoded: EncodedChunk[] = decoded.map((stored) => ({ stored, mask: 0 }));
  const filtered = decoded.flatMap((_, i) => (isFiltered(grid, chunks.numbers[i]) ? [i] : []));
  if (filtered.length > 0) {
    const { pipeline: filters, address } = grid.info;
    const pipeline = yield* EncodePipeline.open(file, filters, address);
    const through = yield* pipeline.encodeAll(
      filtered.map((i) => decoded[i]),
      (k) => describe(grid, chunks.numbers[filtered[k]]),
    );
    filtered.forEach((i, k) => {
      encoded[i] = through[k];
    });
  }
  yield* storeEncoded(file, grid, chunks, encoded);
}

const describe = (grid: ChunkGrid, number: number): { structure: string } => ({
  structure: `Chunk at [${chunkOffset(grid, number).join(", ")}]`,
});

/** Stores chunks that have been through the filters. */
export function* storeEncoded(
  file: EditorFile,
  grid: ChunkGrid,
  chunks: ChunksToStore,
  encoded: readonly EncodedChunk[],
): Steps<void> {
  checkSizes(file, grid, chunks, encoded);
  const placing = new Placing(file, grid, chunks, encoded);
  try {
    yield* placing.write();
    yield* placing.changeIndex();
  } catch (error) {
    placing.undo();
    throw error;
  }
  placing.freeOld();
}

/** The index must be able to say how large a chunk is. */
function checkSizes(file: EditorFile, grid: ChunkGrid, chunks: ChunksToStore, encoded: readonly EncodedChunk[]): void {
  if (!grid.filtered) return;
  const { index, version = 3 } = grid.layout;
  const { sizes } = file.structures;
  const width =
    index.kind === "btree-v1"
      ? 4
      : index.kind === "single"
        ? sizes.lengths
        : chunkSizeWidth(version, grid.bytes, sizes);
  const most = width >= 7 ? Number.MAX_SAFE_INTEGER : 256 ** width - 1;
  encoded.forEach(({ stored }, i) => {
    if (stored.length <= most) return;
    throw new FilterError("is too large behind its filters for its index", {
      ...describe(grid, chunks.numbers[i]),
      found: `${stored.length} bytes`,
      allowed: `at most ${most}`,
    });
  });
}

class Placing {
  private readonly file: EditorFile;
  private readonly grid: ChunkGrid;
  private readonly chunks: ChunksToStore;
  private readonly encoded: readonly EncodedChunk[];
  private readonly places: ChunkPlaces;
  /** Which chunks get new space. */
  private readonly moved: number[] = [];

  constructor(file: EditorFile, grid: ChunkGrid, chunks: ChunksToStore, encoded: readonly EncodedChunk[]) {
    const { count, places: old } = chunks;
    this.file = file;
    this.grid = grid;
    this.chunks = chunks;
    this.encoded = encoded;
    this.places = chunkPlaces(count);
    for (let i = 0; i < count; i++) {
      const { length } = encoded[i].stored;
      this.places.sizes[i] = length;
      this.places.masks[i] = encoded[i].mask;
      if (this.staysAt(i, old)) this.places.addresses[i] = old.addresses[i];
      else {
        this.places.addresses[i] = file.allocator.allocate(length, "raw");
        this.moved.push(i);
      }
    }
  }

  /** Whether a chunk may be written where it stands. */
  private staysAt(i: number, old: ChunkPlaces): boolean {
    if (this.grid.layout.index.kind === "implicit") return true;
    const at = old.addresses[i];
    return at !== ABSENT && old.sizes[i] === this.places.sizes[i] && this.file.allocator.isFresh(at, old.sizes[i]);
  }

  *write(): Steps<void> {
    const runs = new RawRuns(this.file);
    for (let i = 0; i < this.chunks.count; i++) yield* runs.add(this.places.addresses[i], this.encoded[i].stored);
    yield* runs.flush();
  }

  /** The index points at the new places. */
  *changeIndex(): Steps<void> {
    const { file, grid, chunks, places } = this;
    const { masks } = chunks.places;
    const changed = this.moved.length > 0 || places.masks.some((mask, i) => mask !== masks[i]);
    if (!changed) return;
    const { count, numbers } = chunks;
    const index = yield* EDITED_INDEXES[grid.layout.index.kind].set(file, grid, { count, numbers, places });
    if (index !== undefined) yield* putLayout(file, grid.info.address, { ...grid.layout, index });
  }

  /** Nothing points at the new places. */
  undo(): void {
    for (const i of this.moved) freeRaw(this.file, this.at(i), this.places.sizes[i]);
  }

  /** Nothing points at the old places any more. */
  freeOld(): void {
    const { addresses, sizes } = this.chunks.places;
    for (const i of this.moved) {
      if (addresses[i] !== ABSENT) freeRaw(this.file, asAddress(addresses[i]), sizes[i]);
    }
  }

  private at(i: number): Address {
    return asAddress(this.places.addresses[i]);
  }
}
