/** The reader of a file that is being changed: it sees every change at once, whatever of a dataset its caller remembers. */
import type { ChunkInfo, DatasetInfo, VirtualMapping } from "../contract.ts";
import type { Selection } from "../data/selection/selection.ts";
import type { Sink } from "../data/sink.ts";
import { FileReader, type FileReaderOptions } from "../engine/file-reader.ts";
import { peekObjectHeader } from "../engine/object-header.ts";
import { peekObjectInfo } from "../engine/object-info.ts";
import type { Steps } from "../steps/steps.ts";
import { currentDataset } from "./dataset/current-dataset.ts";
import { flushDataset } from "./dataset/flush-chunks.ts";
import type { EditorFile } from "./editor-file.ts";

/**
 * What is asked of stored chunks first stores those that wait in the cache, so these questions are changes, and belong in
 * their row: `chunks`, `chunk`, `storedChunk` and `storageSize`.
 */
export class EditedReader extends FileReader {
  private readonly edited: EditorFile;

  constructor(file: EditorFile, options: FileReaderOptions) {
    super(file, options);
    this.edited = file;
  }

  override *read(dataset: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
    yield* super.read(yield* this.now(dataset), selection, sink);
  }

  override shared(dataset: DatasetInfo, selection: Selection): Uint8Array | undefined {
    const header = peekObjectHeader(this.file, dataset.address);
    const info = header && peekObjectInfo(this.file, header);
    return info?.kind === "dataset" ? super.shared(info, selection) : undefined;
  }

  override *chunks(dataset: DatasetInfo): Steps<ChunkInfo[]> {
    return yield* super.chunks(yield* this.whole(dataset));
  }

  override *chunk(dataset: DatasetInfo, offset: readonly number[]): Steps<ChunkInfo | undefined> {
    return yield* super.chunk(yield* this.whole(dataset), offset);
  }

  override *storedChunk(dataset: DatasetInfo, chunk: ChunkInfo): Steps<Uint8Array> {
    return yield* super.storedChunk(yield* this.whole(dataset), chunk);
  }

  override *storageSize(dataset: DatasetInfo): Steps<number> {
    return yield* super.storageSize(yield* this.whole(dataset));
  }

  override *virtualMappings(dataset: DatasetInfo): Steps<readonly VirtualMapping[]> {
    return yield* super.virtualMappings(yield* this.now(dataset));
  }

  /** The dataset as it is now. The extent of a virtual one follows from its sources, not from its header alone. */
  private *now(dataset: DatasetInfo): Steps<DatasetInfo> {
    return dataset.layout.class === "virtual" ? dataset : yield* currentDataset(this.edited, dataset.address);
  }

  /** The dataset as it is now, with all its chunks stored. */
  private *whole(dataset: DatasetInfo): Steps<DatasetInfo> {
    yield* flushDataset(this.edited, dataset.address);
    return yield* this.now(dataset);
  }
}
