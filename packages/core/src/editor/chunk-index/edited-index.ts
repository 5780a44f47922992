/** The one interface of all chunk indexes while they are edited. */
import type { Address } from "../../bytes/address.ts";
import type { ChunkPlaces } from "../../engine/chunk-index/chunk-index.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";

/** Chunks that get other places: their numbers ascend, and an address of -1 (`ABSENT`) takes a chunk out. */
export interface ChangedPlaces {
  readonly count: number;
  readonly numbers: Float64Array;
  readonly places: ChunkPlaces;
}

/** One kind of chunk index. */
export interface EditedIndex {
  /**
   * Changes the places of chunks; an index that is not there is made. First reads what it needs, then changes all without
   * asking for anything. What the layout message must say from then on, where that is something else than before.
   */
  set(file: EditorFile, grid: ChunkGrid, changed: ChangedPlaces): Steps<ChunkIndexing | undefined>;
  /** Gives back what the index itself takes; chunks stay. */
  free(file: EditorFile, grid: ChunkGrid): Steps<void>;
}

/** Gives back the space of a structure. */
export function freeStructure(file: EditorFile, address: Address, room: number): void {
  file.structures.forget(address);
  file.allocator.free(address, room, "metadata");
  file.pages.invalidate(address, room);
}
