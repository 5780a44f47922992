/** An open file without a superblock: bytes, and what the engine needs to find its way in them. */
import { DEFAULT_SIZES, type Sizes } from "../../src/bytes/address.ts";
import type { FileInfo } from "../../src/contract.ts";
import { LruChunkCache } from "../../src/engine/chunk-cache.ts";
import type { EngineFile } from "../../src/engine/file.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/engine/limits.ts";
import { Structures } from "../../src/engine/structures.ts";
import type { LinkPolicy } from "../../src/steps/link-policy.ts";
import { PageCache } from "../../src/steps/page-cache.ts";
import type { Storage } from "../../src/steps/storage.ts";

/** Nothing that a link names is there. */
export const noLinks: LinkPolicy = {
  *storage() {
    return undefined;
  },
  within: () => noLinks,
};

export interface EngineFileOptions extends Partial<Omit<EngineFile, "limits">> {
  readonly limits?: Partial<Limits>;
  readonly end?: number;
  readonly sizes?: Sizes;
}

/** `end`: end-of-file address, unlimited where it is not given. */
export function engineFile(storage: Storage, options: EngineFileOptions = {}): EngineFile {
  const { limits, end = Number.MAX_SAFE_INTEGER, sizes = DEFAULT_SIZES, ...rest } = options;
  const pages = new PageCache(storage);
  const info = { label: "test", sizes, endOfFile: end } as Partial<FileInfo> as FileInfo;
  return {
    storage,
    info,
    base: 0,
    pages,
    structures: new Structures(pages, sizes),
    limits: { ...DEFAULT_LIMITS, ...limits },
    filters: { get: () => undefined },
    chunkCache: new LruChunkCache(),
    links: noLinks,
    ...rest,
  };
}
