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
  /** The place of chunk `i` in the result, where it stands there as it is and as a whole. */
  target?(i: number): Uint8Array | undefined;
}

/** Smaller chunks are copied faster than their place is found. */
const TARGETED = 16 << 10;

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
    const rooms = new RoomsInUse();
    try {
      yield* chunks(this.request(inFileOrder(chosen, places.addresses), pipeline, rooms));
    } finally {
      rooms.release();
    }
  }

  private request(order: readonly number[], pipeline: Pipeline, inUse: RoomsInUse): Omit<ChunksRequest, "kind"> {
    const { file, grid, places } = this;
    const decoding = this.decoding(order, pipeline, inUse);
    return {
      storage: file.storage,
      at: Float64Array.from(order, (i) => file.base + places.addresses[i]),
      lengths: Float64Array.from(order, (i) => places.sizes[i]),
      decodedSize: grid.bytes,
      decode: decoding.decode,
      decodeAsync: pipeline.asyncFor(grid.bytes) ? decoding.decodeAsync : undefined,
      place: (k, bytes) => {
        this.place(order[k], bytes, { view: decoding.views[k], all: order.length });
        inUse.give(k);
      },
      failed: (k, outcome) => this.failed(order[k], outcome),
    };
  }

  /** How chunks are decoded, and what of their bytes is not their own: codecs may give views of what they are given. */
  private decoding(order: readonly number[], pipeline: Pipeline, inUse: RoomsInUse): Decoding {
    const { grid, places, placing } = this;
    const views = new Uint8Array(order.length);
    const roomsFor = (k: number): FilterRooms => {
      const rooms = inUse.take(k);
      rooms.target = grid.bytes < TARGETED ? undefined : placing.target?.(order[k]);
      return rooms;
    };
    const decoded = (k: number, stored: Uint8Array, bytes: Uint8Array, rooms: FilterRooms): Uint8Array => {
      if (bytes.buffer === stored.buffer || rooms.has(bytes)) views[k] = VIEW;
      if (isSame(bytes, rooms.target)) views[k] = IN_PLACE;
      return bytes;
    };
    const what = (k: number) => (): FilteredBytes => this.describe(order[k]);
    const size = (k: number): DecodedSize => ({
      length: grid.bytes,
      least: () => bytesInExtent(grid, this.numbers[order[k]]),
    });
    return {
      views,
      decode: (k, stored) => {
        const rooms = roomsFor(k);
        return decoded(k, stored, pipeline.decode(stored, places.masks[order[k]], size(k), what(k), rooms), rooms);
      },
      decodeAsync: async (k, stored, signal) => {
        const rooms = roomsFor(k);
        const mask = places.masks[order[k]];
        const bytes = await pipeline.decodeAsync(stored, mask, size(k), what(k), { signal, rooms });
        return decoded(k, stored, bytes, rooms);
      },
    };
  }

  /** Puts a chunk where it belongs, unless it stands there. */
  private place(i: number, bytes: Uint8Array, { view, all }: { view: number; all: number }): void {
    const { file, grid, placing } = this;
    if (view !== IN_PLACE) {
      placing.sink.source(bytes, 0);
      placing.visit(i);
    }
    this.keep(i, bytes, { view: view !== 0, keepWhole: file.chunkCache.fits(2 * all * grid.bytes) });
  }

  /** Keeps a chunk for reads to come: one read in part, and one read whole where all of this read have room. */
  private keep(i: number, bytes: Uint8Array, { view, keepWhole }: { view: boolean; keepWhole: boolean }): void {
    const { file, grid, placing } = this;
    if (!file.chunkCache.fits(grid.bytes)) return;
    const whole = placing.whole(i);
    if (whole && !keepWhole) return;
    const { address } = grid.info;
    if (view) file.chunkCache.setCopy(address, this.numbers[i], bytes, whole);
    else file.chunkCache.set(address, this.numbers[i], bytes, whole);
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

interface Decoding {
  /** Of each chunk that is decoded: whether its bytes are a view. */
  readonly views: Uint8Array;
  readonly decode: ChunksRequest["decode"];
  readonly decodeAsync: NonNullable<ChunksRequest["decodeAsync"]>;
}

/** Decoded bytes that are not their own: they stand in a room, or where they belong in the result. */
const VIEW = 1;
const IN_PLACE = 2;

const isSame = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
  a.buffer === b?.buffer && a.byteOffset === b.byteOffset;

/** Rooms for each of the chunks that are being decoded. One whose decoding fails keeps its own. */
class RoomsInUse {
  private readonly idle: FilterRooms[] = [];
  private readonly taken = new Map<number, FilterRooms>();

  take(k: number): FilterRooms {
    const rooms = this.idle.pop() ?? new FilterRooms();
    this.taken.set(k, rooms);
    return rooms;
  }

  give(k: number): void {
    const rooms = this.taken.get(k);
    this.taken.delete(k);
    if (rooms !== undefined) this.idle.push(rooms);
  }

  release(): void {
    for (const rooms of this.idle) rooms.release();
  }
}

/** The positions, by address. */
function inFileOrder(chosen: readonly number[], addresses: Float64Array): readonly number[] {
  for (let i = 1; i < chosen.length; i++)
    if (addresses[chosen[i]] < addresses[chosen[i - 1]]) return [...chosen].sort((a, b) => addresses[a] - addresses[b]);
  return chosen;
}
