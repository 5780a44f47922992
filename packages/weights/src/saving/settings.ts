/** How tensors are saved: options as a caller gives them, and what is told on the way. */
import { type DatasetOptions, FormatError, type Source } from "h5ts";
import type { StoredTensor, WeightsFormat } from "../model-file.ts";
import type { PieceReader } from "../pieces.ts";

/** Formats that are written. */
export type WritableFormat = Exclude<WeightsFormat, "torch-zip" | "torch-legacy" | "onnx">;

/** Where further files go: by their names, where the target is no path beside which they stand. */
export type SiblingTargets = Readonly<Record<string, Source>> | ((name: string) => Source | Promise<Source>);

/** How datasets are stored. */
export type StorageOptions = Pick<
  DatasetOptions,
  "chunks" | "compression" | "compressionOpts" | "shuffle" | "fletcher32"
>;

/** How weights are saved. */
export interface SaveWeightsOptions {
  /** The format that is written. */
  readonly format: WritableFormat;
  /** Text beside the tensors: `__metadata__` of safetensors, attributes of a state dict. Default: the source's own. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The model's description as JSON, for Keras and TensorFlow.js. Default: the source's own; `null`: weights alone. */
  readonly config?: unknown;
  /** How it was trained, likewise, for Keras's `.h5`. Default: the source's own. */
  readonly trainingConfig?: unknown;
  /** Of `hdf5-state-dict`: dots in names separate groups. Default false: they stay in the names of datasets. */
  readonly nested?: boolean;
  /** Of HDF5: chunks and filters of datasets, as `createDataset` takes them; not of scalars and tensors without elements. Default: none. */
  readonly dataset?: StorageOptions;
  /** Bytes of a shard at most, of safetensors and TensorFlow.js. Default: one file; of TensorFlow.js shards of 4 MiB. */
  readonly shardBytes?: number;
  /** Further files of a target that is no path: shards. */
  readonly files?: SiblingTargets;
  /** Told now and then: bytes written of all, and the tensor at hand. */
  readonly onProgress?: (done: number, total: number, tensor: string) => void;
  /** Stops the saving at its next access to a storage. */
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface SavedWeights {
  /** The format that was written. */
  readonly format: WritableFormat;
  /** The tensors that were written. */
  readonly tensors: number;
  /** Bytes of all tensors; those that share their elements count once where the format can say so. */
  readonly bytes: number;
  /** Names of further files beside the target. */
  readonly files: readonly string[];
}

/** A model to be written. */
export interface ModelToSave {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly config?: unknown;
  readonly trainingConfig?: unknown;
}

/** Counts bytes, tells of them, and watches over those who give them. */
export class SaveProgress {
  done = 0;
  private readonly total: number;
  private readonly options: Pick<SaveWeightsOptions, "onProgress" | "signal">;

  constructor(total: number, options: Pick<SaveWeightsOptions, "onProgress" | "signal">) {
    this.total = total;
    this.options = options;
  }

  /** So many bytes more are written. The signal's reason is thrown where it was aborted. */
  add(bytes: number, tensor: string): void {
    this.options.signal?.throwIfAborted();
    this.done += bytes;
    this.options.onProgress?.(this.done, this.total, tensor);
  }

  /** Takes the next bytes of a tensor. FormatError where it has fewer. */
  async take(reader: PieceReader, length: number, tensor: StoredTensor): Promise<Uint8Array> {
    const bytes = await reader.take(length);
    if (bytes.length < length) throw wrongLength(tensor, "fewer");
    return bytes;
  }

  /** FormatError where a tensor has given more bytes than it has. */
  async checkEnd(reader: PieceReader, tensor: StoredTensor): Promise<void> {
    if (!(await reader.isAtEnd())) throw wrongLength(tensor, "more");
  }
}

/** A tensor has given other bytes than its type and shape need. */
export const wrongLength = ({ name, bytes }: StoredTensor, found: number | string): FormatError =>
  new FormatError("has other bytes than its type and shape need", {
    structure: "Tensor",
    path: name,
    found,
    allowed: `${bytes} bytes`,
  });
