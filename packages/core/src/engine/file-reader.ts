/** An open file: the engine's implementation of `Reader`, metadata and raw data together. */
import type { Address } from "../bytes/address.ts";
import type { ChunkInfo, DatasetInfo, LinkInfo, Located, Reader, VirtualMapping } from "../contract.ts";
import type { Selection } from "../data/selection/selection.ts";
import type { Sink } from "../data/sink.ts";
import type { Steps } from "../steps/steps.ts";
import type { Storage } from "../steps/storage.ts";
import { type ChunkCacheOptions, LruChunkCache } from "./chunk-cache.ts";
import { findChunk, listChunks, readStoredChunk, storageSize } from "./dataset/chunk-listing.ts";
import { completeSink } from "./dataset/complete-sink.ts";
import { checkSelection, readDataset } from "./dataset/read-dataset.ts";
import { sharedElements } from "./dataset/shared-elements.ts";
import { virtualMappings } from "./dataset/virtual-mappings.ts";
import type { Limits } from "./limits.ts";
import { LinkedFiles } from "./linked-files.ts";
import type { MetadataFile } from "./metadata-file.ts";
import { MetadataReader } from "./metadata-reader.ts";
import { openMetadata, type ReaderOptions } from "./open-file.ts";
import { followLink, type PathFile, resolvePath } from "./paths.ts";
import type { VirtualFile, VirtualReader } from "./virtual-reader.ts";

export interface FileReaderOptions extends Omit<ReaderOptions, "chunkCache"> {
  /** Knobs of the chunk cache; each file has one of its own. */
  readonly chunkCache?: ChunkCacheOptions;
  /** Reads virtual datasets; without it they are an UnsupportedError. */
  readonly virtual?: VirtualReader;
}

/** Opens the HDF5 file in a storage. FormatError where there is none. */
export function* openReader(storage: Storage, options: FileReaderOptions): Steps<FileReader> {
  const file = yield* openMetadata(storage, { ...options, chunkCache: new LruChunkCache(options.chunkCache) });
  return new FileReader(file, options);
}

export class FileReader extends MetadataReader implements Reader, PathFile, VirtualFile {
  /** Whether the file was opened to be changed. */
  readonly changing: boolean;
  private readonly virtual: VirtualReader | undefined;
  private readonly others: LinkedFiles<FileReader>;

  constructor(file: MetadataFile, options: FileReaderOptions) {
    super(file);
    this.changing = "raw" in file;
    this.virtual = options.virtual;
    this.others = new LinkedFiles(file.links, (storage, links) =>
      openReader(storage, { ...options, links, members: options.members?.within(links) }),
    );
  }

  resolve(from: Address, path: string): Steps<Located | undefined> {
    return resolvePath(this, from, path);
  }

  follow(group: Address, link: LinkInfo): Steps<Located | undefined> {
    return followLink(this, group, link);
  }

  linked(name: string): Steps<FileReader | undefined> {
    return this.others.get(name, "external link");
  }

  source(name: string): Steps<FileReader | undefined> {
    return this.others.get(name, "virtual source");
  }

  get limits(): Limits {
    return this.file.limits;
  }

  protected override *virtualDataset(dataset: DatasetInfo): Steps<DatasetInfo> {
    return this.virtual === undefined ? dataset : yield* this.virtual.describe(this, dataset);
  }

  read(dataset: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
    const { virtual } = this;
    if (dataset.layout.class !== "virtual" || virtual === undefined)
      return readDataset(this.file, dataset, selection, sink);
    checkSelection(this.limits, dataset, selection, sink);
    return virtual.read(this, dataset, selection, sink);
  }

  shared(dataset: DatasetInfo, selection: Selection): Uint8Array | undefined {
    return sharedElements(this.file, dataset, selection);
  }

  complete(sink: Sink): Steps<void> {
    return completeSink(this.file, sink);
  }

  chunks(dataset: DatasetInfo): Steps<ChunkInfo[]> {
    return listChunks(this.file, dataset);
  }

  chunk(dataset: DatasetInfo, offset: readonly number[]): Steps<ChunkInfo | undefined> {
    return findChunk(this.file, dataset, offset);
  }

  storedChunk(dataset: DatasetInfo, chunk: ChunkInfo): Steps<Uint8Array> {
    return readStoredChunk(this.file, dataset, chunk);
  }

  storageSize(dataset: DatasetInfo): Steps<number> {
    return storageSize(this.file, dataset);
  }

  virtualMappings(dataset: DatasetInfo): Steps<readonly VirtualMapping[]> {
    return virtualMappings(this.file, dataset);
  }

  override *refresh(object: Address): Steps<void> {
    yield* super.refresh(object);
    if (this.virtual !== undefined) yield* this.virtual.refresh(this);
  }

  override *close(): Steps<void> {
    yield* this.others.close();
    yield* super.close();
  }
}
