/** What the algorithms over metadata share of an open file, beyond what those over raw data need. */
import type { Address } from "../bytes/address.ts";
import type { SharedMessageTableMessage } from "../format/messages/shared-message-table.ts";
import type { HeaderContext } from "../format/object-header/object-header.ts";
import type { PageCache } from "../steps/page-cache.ts";
import type { EngineFile } from "./file.ts";
import type { BlockCache } from "./fractal-heap/block-cache.ts";

export interface MetadataFile extends EngineFile {
  readonly pages: PageCache;
  /** Ranks of version 1 B-trees. */
  readonly ranks: BtreeRanks;
  /** Where messages shared by several headers stand, if the file has any. */
  readonly sharedMessages: SharedMessageTableMessage | undefined;
  readonly headers: HeaderContext;
  readonly hints: GroupHints;
  readonly heapBlocks: BlockCache;
}

export interface BtreeRanks {
  readonly groupLeafK: number;
  readonly groupInternalK: number;
  readonly chunkInternalK: number;
}

/** The symbol table of a group, as the link to it remembers it. */
export interface GroupHint {
  readonly btree: Address;
  readonly heap: Address;
}

const CAPACITY = 65_536;

/**
 * What scratch-pad spaces of symbol table entries say of the groups that they point at: only ever used to fetch early
 * what is probably needed soon.
 */
export class GroupHints {
  private readonly hints = new Map<Address, GroupHint>();

  set(header: Address, hint: GroupHint): void {
    if (this.hints.size < CAPACITY) this.hints.set(header, hint);
  }

  /** The hint, once: whoever asks acts on it. */
  take(header: Address): GroupHint | undefined {
    const hint = this.hints.get(header);
    if (hint !== undefined) this.hints.delete(header);
    return hint;
  }

  get size(): number {
    return this.hints.size;
  }
}
