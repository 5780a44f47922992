/** Filtered chunks: read, decoded and placed by one request, in the order of the file. */
import { FormatError, LimitError } from "../../errors.ts";
import { type ChunksRequest, chunks, type Steps, size } from "../../steps/steps.ts";
import type { Outcome } from "../../steps/storage.ts";
import type { ChunkPlaces } from "../chunk-index/chunk-index.ts";
import type { EngineFile } from "../file.ts";
import { bytesInExtent, type ChunkGrid, chunkOffset } from "./chunk-grid.ts";
import type { Copier } from "./copy-elements.ts";
import { FilterRooms } from "./filter-rooms.ts";
import { type DecodedSize, type FilteredBytes, openPipeline, type Pipeline, peekPipeline } from "./pipeline.ts";

/** What becomes of the decoded chunks. */
export interface ChunkPlacing {
  readonly sink: Copier;
  /** Copies the wanted elements of chunk `i` from the source that {@link sink} was given. */
  visit(i: number): void;
  /** Whether all elements of chunk `i` are wanted. */
  whole(i: number): boolean;
}

export class FilteredChunks {
  private readonly file: EngineFile;
  private readonly grid: ChunkGrid;
  private readonly numbers: Float64Array;
  private readonly places: ChunkPlaces;
  private readonly placing: ChunkPlacing;

  constructor(file: EngineFile, grid: ChunkGrid, numbers: Float64Array, places: ChunkPlaces, placing: ChunkPlacing) {
    this.file = file;
    this.grid = grid;
    this.numbers = numbers;
    this.places = places;
    this.placing = placing;
  }

  /** Reads the chunks of these positions in the lists. */
  *read(chosen: readonly number[]): Steps<void> {
    const { file, grid, places } = this;
    yield* this.checkEnds(chosen);
    const { pipeline: filters, address } = grid.info;
    const pipeline =
      peekPipeline(file, filters) ?? (yield* openPipeline(file, filters, { structure: "Filter pipeline", address }));
    const rooms = new FilterRooms();
    try {
      yield* chunks(this.request(inFileOrder(chosen, places.addresses), pipeline, rooms));
    } finally {
      rooms.release();
    }
  }

  private request(order: readonly number[], pipeline: Pipeline, rooms: FilterRooms): Omit<ChunksRequest, "kind"> {
    const { file, grid, places, placing } = this;
    const keepWhole = file.chunkCache.fits(2 * order.length * grid.bytes);
    // Codecs may give views of what they are given, which is another chunk's room soon.
    const views = new Uint8Array(order.length);
    const decoded = (k: number, stored: Uint8Array, bytes: Uint8Array): Uint8Array => {
      if (bytes.buffer === stored.buffer || rooms.has(bytes)) views[k] = 1;
      return bytes;
    };
    const what = (k: number) => (): FilteredBytes => this.describe(order[k]);
    const size = (k: number): DecodedSize => ({
      length: grid.bytes,
      least: () => bytesInExtent(grid, this.numbers[order[k]]),
    });
    return {
      storage: file.storage,
      at: Float64Array.from(order, (i) => file.base + places.addresses[i]),
      lengths: Float64Array.from(order, (i) => places.sizes[i]),
      decodedSize: grid.bytes,
      decode: (k, stored) =>
        decoded(k, stored, pipeline.decode(stored, places.masks[order[k]], size(k), what(k), rooms)),
      decodeAsync: pipeline.asyncFor(grid.bytes)
        ? async (k, stored, signal) =>
            decoded(k, stored, await pipeline.decodeAsync(stored, places.masks[order[k]], size(k), what(k), signal))
        : undefined,
      place: (k, bytes) => {
        const i = order[k];
        placing.sink.source(bytes, 0);
        placing.visit(i);
        this.keep(i, bytes, { view: views[k] === 1, keepWhole });
      },
      failed: (k, outcome) => this.failed(order[k], outcome),
    };
  }

  /** Keeps a chunk for reads to come: one read in part, and one read whole where all of this read have room. */
  private keep(i: number, bytes: Uint8Array, { view, keepWhole }: { view: boolean; keepWhole: boolean }): void {
    const { file, grid, placing } = this;
    if (!file.chunkCache.fits(grid.bytes)) return;
    const whole = placing.whole(i);
    if (whole && !keepWhole) return;
    file.chunkCache.set(grid.info.address, this.numbers[i], view ? bytes.slice() : bytes, whole);
  }

  private describe(i: number): FilteredBytes {
    return {
      structure: `Chunk at [${chunkOffset(this.grid, this.numbers[i]).join(", ")}]`,
      address: this.places.addresses[i],
    };
  }

  private failed(i: number, outcome: Outcome): Error {
    if (!(outcome instanceof Uint8Array)) return outcome;
    return new FormatError("runs past the end of the file", {
      ...this.describe(i),
      found: `${outcome.length} bytes`,
      allowed: `at least ${this.places.sizes[i]}`,
    });
  }

  /** No chunk may end behind the file: its buffer would be allocated for nothing. */
  private *checkEnds(chosen: readonly number[]): Steps<void> {
    const { file, places } = this;
    let last = chosen[0];
    for (const i of chosen) {
      const { addresses, sizes } = places;
      if (sizes[i] > file.limits.chunkBytes) throw this.tooLarge(i);
      if (addresses[i] + sizes[i] > addresses[last] + sizes[last]) last = i;
    }
    const end = places.addresses[last] + places.sizes[last];
    if (end <= file.info.endOfFile) return;
    const length = yield* size(file.storage);
    if (file.base + end > length)
      throw new FormatError("runs past the end of the file", {
        ...this.describe(last),
        found: `ends at ${end}`,
        allowed: `at most ${length - file.base}`,
      });
  }

  private tooLarge(i: number): LimitError {
    return new LimitError("exceeds the option limits.chunkBytes", {
      ...this.describe(i),
      found: this.places.sizes[i],
      allowed: `at most ${this.file.limits.chunkBytes}`,
    });
  }
}

/** The positions, by address. */
function inFileOrder(chosen: readonly number[], addresses: Float64Array): readonly number[] {
  for (let i = 1; i < chosen.length; i++)
    if (addresses[chosen[i]] < addresses[chosen[i - 1]]) return [...chosen].sort((a, b) => addresses[a] - addresses[b]);
  return chosen;
}
