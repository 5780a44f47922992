/** Datasets: arrays of elements of one datatype. */
import type { ChunkInfo, DatasetInfo, ExternalFile, VirtualMapping } from "../contract.ts";
import type { AnyData, Item } from "../data/arrays.ts";
import { DType } from "../data/dtype/dtype.ts";
import type { Data, DTypeLike } from "../data/dtype/like.ts";
import { RegionReference } from "../data/reference.ts";
import type { Result } from "../data/result.ts";
import type { SelectionInput } from "../data/selection/input.ts";
import { parseSelection } from "../data/selection/parse.ts";
import type { Slice } from "../data/selection/slice.ts";
import { storeSelection } from "../data/selection/to-stored.ts";
import { NotFoundError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import { findChunk, listChunks, type StoredChunk, takeChunk } from "./chunks.ts";
import {
  type ArrayOptions,
  type ByteData,
  DatasetView,
  type FieldData,
  type NumberData,
  type ReadIntoOptions,
  type ReadOptions,
} from "./dataset-view.ts";
import { Dimension } from "./dimensions.ts";
import { fillValueOf, readFillValue } from "./fill-value.ts";
import { chunkSelections } from "./iterate-chunks.ts";
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
  private seen: DatasetView<M, T> | undefined;
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

  /** One for each dimension: its label and its scales. */
  get dims(): readonly Dimension<M>[] {
    return this.shape.map((_, axis) => new Dimension(this.node, axis));
  }

  /**
   * What elements read as that were never written: a single value. `undefined` of variable-length data with a fill value of its
   * own, which stands elsewhere in the file: see {@link readFillValue}.
   */
  get fillValue(): Item<T> | undefined {
    return fillValueOf(this.info, this.node.session) as Item<T> | undefined;
  }

  /** The same of data of any type: reads, if it must, what stands elsewhere in the file. */
  readFillValue<D = T>(this: Dataset<M, D>, options?: CallOptions): Outcomes<Item<D>>[M] {
    return this.run(readFillValue(this.info, this.node.session) as Steps<Item<D>>, "", options);
  }

  /**
   * Reads elements: all, or those selected. The result has one axis less for each axis that is given a single index.
   *
   * ```ts
   * d.read();                              // everything
   * d.read(42);                            // h5py's d[42]
   * d.read([null, slice(10, 20)]);         // d[:, 10:20]
   * d.read([[0, 5, 42]]);                  // d[[0, 5, 42]]
   * ```
   */
  read(selection?: SelectionInput, options?: ReadOptions): Outcomes<Result<T>>[M] {
    return this.plain.read(selection, options);
  }

  /**
   * Reads elements into memory of the caller, in row-major order (h5py's `read_direct`): a typed array, to whose type numbers are
   * converted; an array of strings or other values; for compounds an object of these by member.
   */
  readInto(target: unknown, selection?: SelectionInput, options?: ReadIntoOptions): Outcomes<void>[M] {
    return this.plain.readInto(target, selection, options);
  }

  /** Reads only these members of a compound: of one name that column, of a list of names columns. */
  fields<K extends string, D = T>(this: Dataset<M, D>, name: K): DatasetView<M, FieldData<D, K>[K]>;
  fields<K extends string, D = T>(this: Dataset<M, D>, names: readonly K[]): DatasetView<M, FieldData<D, K>>;
  fields(fields: string | readonly string[]): DatasetView<M, unknown> {
    return new DatasetView(this.node, { fields });
  }

  /**
   * Reads the elements as another datatype, as NumPy's `astype` would give them. `"number"`: 64-bit integers as numbers, an error for
   * those that are not exact. With `array`, into arrays of that class: `asType("f2", { array: Float16Array })`.
   */
  asType<D = T>(this: Dataset<M, D>, dtype: "number"): DatasetView<M, NumberData<D>>;
  asType<A>(dtype: DTypeLike, options: ArrayOptions<A>): DatasetView<M, A>;
  asType<const N extends DTypeLike>(dtype: N): DatasetView<M, Data<N>>;
  asType(dtype: DTypeLike | "number", options?: ArrayOptions<unknown>): DatasetView<M, unknown> {
    const { plain } = this;
    return dtype === "number" ? plain.asType(dtype) : options ? plain.asType(dtype, options) : plain.asType(dtype);
  }

  /** Reads the file's own bytes: of text before decoding, of any other elements as they stand, with one more axis. */
  asBytes(): DatasetView<M, ByteData> {
    return this.plain.asBytes();
  }

  /**
   * The parts of the dataset, or of what is selected of it by slices, that lie in one chunk each, in row-major order: h5py's
   * `iter_chunks`. Each is a selection for `read`. NotFoundError if it is not chunked.
   */
  iterChunks(selection?: SelectionInput): IterableIterator<Slice[]> {
    return chunkSelections(this.info, selection);
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

  /** A reference to selected elements, for use in its file. SelectionError where they do not fit its shape. */
  regionRef(selection?: SelectionInput): RegionReference {
    return new RegionReference(this.info.address, storeSelection(parseSelection(selection, this.shape), this.shape));
  }

  /** Bytes that its elements take in the file: after the filters, without external files and virtual sources. */
  storageSize(options?: CallOptions): Outcomes<number>[M] {
    return this.run(this.node.session.reader.storageSize(this.info), "", options);
  }

  /** Where its elements come from. NotFoundError if it is not virtual. */
  virtualSources(options?: CallOptions): Outcomes<VirtualMapping[]>[M] {
    return this.run(this.mappings(), "", options);
  }

  /** Looks at the file anew, which another program may be writing: the extent may have grown. */
  refresh(options?: CallOptions): Outcomes<void>[M] {
    return this.run(this.lookAgain(), "", options);
  }

  protected override describe(): string {
    const { kind } = this.info.dataspace;
    const shape = kind === "null" ? "null" : `(${this.shape.join(", ")}${this.ndim === 1 ? "," : ""})`;
    return `dataset ${this.quoted()}: shape ${shape}, type "${this.dtype}"`;
  }

  private *lookAgain(): Steps<void> {
    const { session, info } = this.node;
    yield* session.reader.refresh(info.address);
    const now = yield* session.reader.object(info.address);
    if (now.kind !== "dataset") throw new NotFoundError("is no dataset any more", { found: now.kind });
    this.node = { ...this.node, info: now };
    this.type = undefined;
    this.seen = undefined;
    this.pipe = undefined;
  }

  private get plain(): DatasetView<M, T> {
    return (this.seen ??= new DatasetView(this.node, {}));
  }

  private *mappings(): Steps<VirtualMapping[]> {
    const { info, session } = this.node;
    if (info.layout.class === "virtual") return [...(yield* session.reader.virtualMappings(info))];
    throw new NotFoundError("is not virtual", { found: info.layout.class });
  }
}
