/** What every format gives: the tensors of a file, in the model's order, and what it says beside them. */
import type { ByteSource } from "./byte-source.ts";
import type { TensorInfo } from "./tensor.ts";

/** Formats that are recognized, by the names that `h5ts weights` prints. */
export type WeightsFormat =
  | "safetensors"
  | "hdf5-state-dict"
  | "keras-legacy-h5"
  | "keras3-h5"
  | "keras-archive"
  | "torch-zip"
  | "torch-legacy"
  | "tfjs"
  | "onnx";

/** A tensor that can be read. */
export interface StoredTensor extends TensorInfo {
  /** Name of an earlier tensor of the same type and shape whose elements are the very same ones. */
  readonly sameAs?: string;
  /** Its elements: little-endian, in C order, packed. May be a view of memory that others see. */
  read(signal?: AbortSignal): Promise<Uint8Array>;
  /** The same in pieces of whole elements, of about `most` bytes each; absent where it can only be had whole. See `piecesOf`. */
  pieces?(most: number, signal?: AbortSignal): AsyncGenerator<Uint8Array, void>;
}

/** A file of weights. */
export interface ModelFile {
  readonly format: WeightsFormat;
  readonly tensors: readonly StoredTensor[];
  /** What the file says beside the tensors, as text: `__metadata__` of safetensors, versions of Keras. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The model's own description, as parsed JSON. */
  readonly config?: unknown;
  /** How it was trained, as parsed JSON. */
  readonly trainingConfig?: unknown;
  close(): Promise<void>;
}

/** Opens files beside the one that was given: shards, by their plain names. */
export type Siblings = (name: string) => Promise<ByteSource>;
