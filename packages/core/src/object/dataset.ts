/** Datasets: arrays of elements of one datatype. */
import type { ChunkInfo, DatasetInfo, ExternalFile, VirtualMapping } from "../contract.ts";
import type { AnyData } from "../data/arrays.ts";
import { DType } from "../data/dtype/dtype.ts";
import { NotFoundError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import { findChunk, listChunks, type StoredChunk, takeChunk } from "./chunks.ts";
import type { CallOptions, Mode, Outcomes } from "./mode.ts";
import { H5Object } from "./object.ts";
import {
  compressionOf,
  compressionOptsOf,
  type FilterInfo,
  hasFletcher32,
  hasShuffle,
  type Pipeline,
  pipelineOf,
  type SzipOptions,
  scaleOffsetOf,
} from "./pipeline.ts";

/**
 * A dataset. `T` is the type of its data, known where it was opened with a dtype:
 * `file.dataset("x", "f4")` is a `Dataset<..., Float32Array>`.
 */
export class Dataset<out M extends Mode, out T = AnyData> extends H5Object<M, DatasetInfo> {
  override readonly kind: "dataset" = "dataset";
  private type: DType<T> | undefined;
  private pipe: Pipeline | undefined;

  /** Elements along each dimension; empty of scalars, and of null dataspaces (whose `size` is 0). */
  get shape(): readonly number[] {
    return this.info.dataspace.dims;
  }

  get dtype(): DType<T> {
    return (this.type ??= new DType(this.info.datatype));
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    const { kind, dims } = this.info.dataspace;
    return kind === "null" ? 0 : dims.reduce((product, dim) => product * dim, 1);
  }

  /** Bytes that the elements take without filters, in the file's encoding: `size * dtype.itemsize`. */
  get nbytes(): number {
    return this.size * this.info.datatype.size;
  }

  /** The most that each dimension may grow to; `null`: without end. */
  get maxShape(): readonly (number | null)[] {
    return this.info.dataspace.maxDims.map((dim) => (dim === Number.POSITIVE_INFINITY ? null : dim));
  }

  /** How its elements are stored. */
  get layout(): "compact" | "contiguous" | "chunked" | "virtual" {
    return this.info.layout.class;
  }

  /** Shape of its chunks; `undefined` if it is not chunked. */
  get chunks(): readonly number[] | undefined {
    const { layout } = this.info;
    return layout.class === "chunked" ? layout.chunk : undefined;
  }

  /** Its filters, in the order of writing. */
  get filters(): readonly FilterInfo[] {
    return (this.pipe ??= pipelineOf(this.info, this.node.session.options.filterName));
  }

  /** Name of the filter that compresses: `"gzip"`, `"lzf"`, `"szip"`, `"zstd"` ..., its number where it has no name; else `undefined`. */
  get compression(): string | number | undefined {
    return compressionOf(this.filters);
  }

  /** What that filter was told: of gzip the level, of szip coding and block; of others their client data. */
  get compressionOpts(): number | SzipOptions | readonly number[] | undefined {
    return compressionOptsOf(this.filters);
  }

  /** Whether the bytes of elements are shuffled before compression. */
  get shuffle(): boolean {
    return hasShuffle(this.filters);
  }

  /** Whether chunks carry a checksum. */
  get fletcher32(): boolean {
    return hasFletcher32(this.filters);
  }

  /** Of the scale-offset filter: decimal digits kept of floats, or bits kept of integers (0: as each chunk needs); else `undefined`. */
  get scaleOffset(): number | undefined {
    return scaleOffsetOf(this.filters);
  }

  /** Files outside that hold its elements; empty if it has none. */
  get external(): readonly ExternalFile[] {
    return this.info.external;
  }

  /** Whether its elements are those of other datasets. */
  get isVirtual(): boolean {
    return this.info.layout.class === "virtual";
  }

  /** The stored chunks, in the order of their offsets. NotFoundError if it is not chunked. */
  chunkInfo(options?: CallOptions): Outcomes<ChunkInfo[]>[M];
  /** The stored chunk that holds the element at `offset`; `undefined` if that is not stored. */
  chunkInfo(offset: readonly number[], options?: CallOptions): Outcomes<ChunkInfo | undefined>[M];
  chunkInfo(
    first?: readonly number[] | CallOptions,
    second?: CallOptions,
  ): Outcomes<ChunkInfo[]>[M] | Outcomes<ChunkInfo | undefined>[M] {
    if (Array.isArray(first)) return this.run(findChunk(this.node, first), "", second);
    return this.run(listChunks(this.node), "", first as CallOptions | undefined);
  }

  /** The bytes of the chunk whose first element stands at `offset`, as stored. NotFoundError if it is not stored. */
  readChunk(offset: readonly number[], options?: CallOptions): Outcomes<StoredChunk>[M] {
    return this.run(takeChunk(this.node, offset), "", options);
  }

  /** Bytes that its elements take in the file: after the filters, without external files and virtual sources. */
  storageSize(options?: CallOptions): Outcomes<number>[M] {
    return this.run(this.node.session.reader.storageSize(this.info), "", options);
  }

  /** Where its elements come from. NotFoundError if it is not virtual. */
  virtualSources(options?: CallOptions): Outcomes<VirtualMapping[]>[M] {
    return this.run(this.mappings(), "", options);
  }

  protected override describe(): string {
    const { kind } = this.info.dataspace;
    const shape = kind === "null" ? "null" : `(${this.shape.join(", ")}${this.ndim === 1 ? "," : ""})`;
    return `dataset ${this.quoted()}: shape ${shape}, type "${this.dtype}"`;
  }

  private *mappings(): Steps<VirtualMapping[]> {
    const { info, session } = this.node;
    if (info.layout.class === "virtual") return yield* session.reader.virtualMappings(info);
    throw new NotFoundError("is not virtual", { found: info.layout.class });
  }
}
