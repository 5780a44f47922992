/** What the algorithms of the engine share of an open file. */
import type { Filter } from "@h5ts/filters";
import type { DatasetInfo, FileInfo } from "../contract.ts";
import type { Selection } from "../data/selection/selection.ts";
import type { Sink } from "../data/sink.ts";
import type { LinkPolicy } from "../steps/link-policy.ts";
import type { Pages } from "../steps/pages.ts";
import type { Steps } from "../steps/steps.ts";
import type { Storage } from "../steps/storage.ts";
import type { ChunkCache } from "./chunk-cache.ts";
import type { Limits } from "./limits.ts";
import type { Structures } from "./structures.ts";

export interface EngineFile {
  readonly storage: Storage;
  readonly info: FileInfo;
  /** Position of the base address in the storage: add it to an address to read raw data. */
  readonly base: number;
  readonly pages: Pages;
  readonly structures: Structures;
  readonly limits: Limits;
  /** The registry of filters, by id. */
  readonly filters: { get(id: number): Filter | undefined };
  /** Decoded chunks kept between reads. */
  readonly chunkCache: ChunkCache;
  /** Ranks of version 1 B-trees, where they are known. */
  readonly ranks?: { readonly chunkInternalK: number };
  /** Reads virtual datasets, where one was handed in. */
  readonly virtual?: VirtualReader;
  /** How other files (external links, raw files, virtual sources) are found and opened. */
  readonly links: LinkPolicy;
}

/** Composes virtual datasets from the mappings that `virtualMappings` gives; not part of the engine. */
export interface VirtualReader {
  /** Reads the selected elements into a sink; variable-length data is fetched by the caller, as for other layouts. */
  read(file: EngineFile, dataset: DatasetInfo, selection: Selection, sink: Sink): Steps<void>;
}
