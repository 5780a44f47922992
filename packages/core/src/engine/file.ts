/** What the algorithms of the engine share of an open file. */
import type { Filter } from "@h5ts/filters";
import type { FileInfo } from "../contract.ts";
import type { LinkPolicy } from "../steps/link-policy.ts";
import type { Pages } from "../steps/pages.ts";
import type { Storage } from "../steps/storage.ts";
import type { ChunkCache } from "./chunk-cache.ts";
import type { Limits } from "./limits.ts";
import type { Structures } from "./structures.ts";

/** The part of a registry of filters that the engine uses. */
export interface Filters {
  get(id: number): Filter | undefined;
  /** The name of a filter that there is none of, for errors. */
  describe?(id: number): string;
}

export interface EngineFile {
  readonly storage: Storage;
  readonly info: FileInfo;
  /** Position of the base address in the storage: add it to an address to read raw data. */
  readonly base: number;
  readonly pages: Pages;
  readonly structures: Structures;
  readonly limits: Limits;
  /** The registry of filters, by id. */
  readonly filters: Filters;
  /** Decoded chunks kept between reads. */
  readonly chunkCache: ChunkCache;
  /** Ranks of version 1 B-trees, where they are known. */
  readonly ranks?: { readonly chunkInternalK: number };
  /** How other files (external links, raw files, virtual sources) are found and opened. */
  readonly links: LinkPolicy;
}
