/** A file of weights: its tensors in the model's order, each read when it is asked for. */
import { NotFoundError } from "h5ts";
import type { ModelFile, StoredTensor, WeightsFormat } from "./model-file.ts";
import { piecesOf } from "./pieces.ts";
import { type PieceOptions, type ReadOptions, Tensor, type TensorInfo } from "./tensor.ts";

/**
 * An open file of weights, of whatever format.
 *
 * ```ts
 * const weights = await openWeights("model.safetensors");
 * for (const { name, dtype, shape } of weights.tensors) console.log(name, dtype, shape);
 * const kernel = await weights.tensor("dense/kernel");
 * kernel.array(); // Float32Array
 * await weights.close();
 * ```
 */
export class Weights {
  private readonly file: ModelFile;
  private readonly byName: ReadonlyMap<string, StoredTensor>;
  private readonly known: ReadonlySet<TensorInfo>;

  /** Files are opened by `openWeights`. */
  constructor(file: ModelFile) {
    this.file = file;
    // Several layers may have weights of one name: the first has it.
    this.known = new Set(file.tensors);
    this.byName = new Map([...file.tensors].reverse().map((tensor) => [tensor.name, tensor]));
  }

  /** The format that was found. */
  get format(): WeightsFormat {
    return this.file.format;
  }

  /** What is known of the tensors, in the model's own order; nothing of their elements was read. */
  get tensors(): readonly TensorInfo[] {
    return this.file.tensors;
  }

  /** What the file says beside the tensors, as text. */
  get metadata(): Readonly<Record<string, string>> {
    return this.file.metadata;
  }

  /** The model's description as parsed JSON, where the file has it. */
  get config(): unknown {
    return this.file.config;
  }

  /** How the model was trained, as parsed JSON, where the file has it. */
  get trainingConfig(): unknown {
    return this.file.trainingConfig;
  }

  /** Whether there is a tensor of that name. */
  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Reads a tensor by its name, or one of {@link tensors}. NotFoundError where there is none of that name. */
  async tensor(which: string | TensorInfo, { signal }: ReadOptions = {}): Promise<Tensor> {
    const stored = this.find(which);
    return new Tensor(stored.name, stored.dtype, stored.shape, await stored.read(signal));
  }

  /**
   * The elements of a tensor in pieces of about so many bytes, default 4 MiB, for tensors that are too large to be held whole. A piece
   * is valid until the next is asked for.
   */
  async *pieces(which: string | TensorInfo, { bytes, signal }: PieceOptions = {}): AsyncGenerator<Uint8Array, void> {
    yield* piecesOf(this.find(which), bytes, signal);
  }

  /** @internal The tensors, to be saved elsewhere. */
  stored(): readonly StoredTensor[] {
    return this.file.tensors;
  }

  /** Reads all tensors one after the other: one is in memory at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Tensor> {
    for (const stored of this.file.tensors)
      yield new Tensor(stored.name, stored.dtype, stored.shape, await stored.read());
  }

  private find(which: string | TensorInfo): StoredTensor {
    const stored =
      typeof which === "string" ? this.byName.get(which) : this.known.has(which) ? (which as StoredTensor) : undefined;
    if (stored !== undefined) return stored;
    const found = typeof which === "string" ? which : which.name;
    throw new NotFoundError("has no such tensor", { structure: "Weights", found });
  }

  /** Closes the file or files; tensors that were read stay as they are. */
  close(): Promise<void> {
    return this.file.close();
  }

  /** `await using weights = await openWeights(...)` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
