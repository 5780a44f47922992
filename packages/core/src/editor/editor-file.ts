/** What the algorithms of the editor share: the file as the engine sees it, and the means to change it. */
import type { Address } from "../bytes/address.ts";
import type { MetadataFile } from "../engine/metadata-file.ts";
import type { Steps } from "../steps/steps.ts";
import type { Allocator } from "./allocator.ts";
import type { WriteChunkCache } from "./dataset/write-chunk-cache.ts";
import type { FreeExtents } from "./free-extents.ts";
import type { EditedHeaders } from "./object-header/edited-headers.ts";
import type { Unreferenced } from "./object-header/unreferenced.ts";

/** Raw data and other bytes that are no structures. Addresses are relative to the base address. */
export interface RawWriter {
  /** Bytes to an address: at once where the space was taken since the last commit, else with the next one. Reads see them. */
  write(address: Address, bytes: Uint8Array): Steps<void>;
  /** Drops what was to be written there: the space was freed. */
  discard(address: Address, length: number): void;
  /** ClosedError if an earlier change or commit failed half-way. */
  check(): void;
  /** Whether so many structures wait for the commit that {@link relieve} should write some before the next change. */
  readonly crowded: boolean;
  relieve(): Steps<void>;
  /** A change failed half-way: what is in memory must not become part of the file. */
  fail(cause: unknown): void;
}

/**
 * Versions of the library whose structures may be used: bounds of the option `libver`, in h5py's names. `"earliest"`:
 * what 1.6 reads, unless a feature needs newer ones.
 */
export type StructureVersion = "earliest" | "v108" | "v110" | "v112" | "v114" | "v200";

export interface VersionBounds {
  readonly low: StructureVersion;
  readonly high: StructureVersion;
}

export interface EditorFile extends MetadataFile {
  readonly allocator: Allocator;
  readonly raw: RawWriter;
  readonly bounds: VersionBounds;
  /** With the chunks that wait to be stored. */
  readonly chunkCache: WriteChunkCache;
  /** Free space of fractal heaps that were edited since the last commit, by the address of their headers: heap offsets. */
  readonly heapSpace: Map<Address, FreeExtents>;
  readonly editedHeaders: EditedHeaders;
  /** Objects that nothing refers to. */
  readonly unreferenced: Unreferenced;
  /** Seconds since the epoch, for the times in object headers. */
  readonly now: () => number;
}
