/** Takes the chunks that an index has, wherever they stand. */
import { ChunkList } from "../chunk-index/chunk-list.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { Checker } from "./checker.ts";

export const CHUNK = "Chunk";

export class FoundChunks {
  readonly list: ChunkList = new ChunkList();
  readonly grid: ChunkGrid;
  /** Stored outside the extent. */
  outside = 0;
  private readonly check: Checker;

  constructor(check: Checker, grid: ChunkGrid) {
    this.check = check;
    this.grid = grid;
  }

  /** `number`: -1 of a chunk outside the extent. */
  add(number: number, address: number, size: number, mask: number): void {
    const stored = this.grid.filtered ? size : this.grid.bytes;
    this.check.counts.chunks++;
    this.check.uses(address, stored, CHUNK);
    if (number < 0) this.outside++;
    else this.list.add(number, address, stored, mask);
  }
}
