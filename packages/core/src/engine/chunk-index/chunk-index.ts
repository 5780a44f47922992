/** The one interface of all chunk indexes: where chunks stand in the file, as flat arrays. */
import type { Steps } from "../../steps/steps.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { EngineFile } from "../file.ts";
import type { ChunkList } from "./chunk-list.ts";

/** For each of a list of wanted chunks, the place in the same position. */
export interface ChunkPlaces {
  /** Addresses, relative to the base address; -1 (`ABSENT`) where the chunk is not stored. */
  readonly addresses: Float64Array;
  /** Stored bytes. */
  readonly sizes: Float64Array;
  /** Bit i: filter i was skipped. */
  readonly masks: Uint32Array;
}

/** Room for the places of `count` chunks. */
export function chunkPlaces(count: number): ChunkPlaces {
  return {
    addresses: new Float64Array(count),
    sizes: new Float64Array(count),
    masks: new Uint32Array(count),
  };
}

/** One kind of chunk index. Neither method reads more of it than the wanted chunks need. */
export interface ChunkIndex {
  /**
   * Fills in the places of the first `count` of `numbers`, which ascend without repetition. Many chunks are asked for in
   * one call, so that the blocks of the index are read together; the caller bounds how many.
   */
  locate(file: EngineFile, grid: ChunkGrid, numbers: Float64Array, count: number, places: ChunkPlaces): Steps<void>;
  /** Adds all stored chunks within the extent. */
  list(file: EngineFile, grid: ChunkGrid, list: ChunkList): Steps<void>;
}
