/** An open file over bytes that have no superblock: for tests of one structure at a time. */
import { defaultFilters } from "@h5ts/filters";
import { asAddress, DEFAULT_SIZES, type Sizes } from "../../src/bytes/address.ts";
import { LruChunkCache } from "../../src/engine/chunk-cache.ts";
import { BlockCache } from "../../src/engine/fractal-heap/block-cache.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/engine/limits.ts";
import { GroupHints, type MetadataFile } from "../../src/engine/metadata-file.ts";
import { Structures } from "../../src/engine/structures.ts";
import { HeaderRoom } from "../../src/format/object-header/header-message.ts";
import type { LinkPolicy } from "../../src/steps/link-policy.ts";
import { PageCache } from "../../src/steps/page-cache.ts";
import type { Storage } from "../../src/steps/storage.ts";
import { MemoryStorage } from "../../src/storage/memory.ts";

const NO_LINKS: LinkPolicy = {
  *storage() {
    return undefined;
  },
  within: () => NO_LINKS,
};

export interface BareFileOptions {
  readonly sizes?: Sizes;
  readonly limits?: Partial<Limits>;
  readonly filters?: MetadataFile["filters"];
  readonly pageSize?: number;
}

export function bareFile(source: Uint8Array | Storage, options: BareFileOptions = {}): MetadataFile {
  const { sizes = DEFAULT_SIZES, pageSize } = options;
  const storage = source instanceof Uint8Array ? new MemoryStorage(source) : source;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const pages = new PageCache(storage, { pageSize });
  return {
    storage,
    info: {
      label: "test",
      superblockVersion: 2,
      userblockSize: 0,
      sizes,
      root: asAddress(0),
      endOfFile: 0,
      consistencyFlags: 0,
    },
    base: 0,
    pages,
    structures: new Structures(pages, sizes),
    limits,
    filters: options.filters ?? defaultFilters,
    chunkCache: new LruChunkCache(),
    links: NO_LINKS,
    ranks: { groupLeafK: 4, groupInternalK: 16, chunkInternalK: 32 },
    sharedMessages: undefined,
    headers: { objectHeaderBytes: limits.objectHeaderBytes, room: new HeaderRoom() },
    hints: new GroupHints(),
    heapBlocks: new BlockCache(),
  };
}
