/** Datasets: arrays of elements of one datatype. */
import type { ChunkInfo, VirtualMapping } from "../contract.ts";
import type { AnyData, Item } from "../data/arrays.ts";
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
import { DatasetProperties } from "./dataset-properties.ts";
import {
  type ArrayOptions,
  type ByteData,
  DatasetView,
  type FieldData,
  type NumberData,
  type ReadIntoOptions,
  type ReadOptions,
} from "./dataset-view.ts";
import { Dimension, isScale } from "./dimensions.ts";
import { readFillValue } from "./fill-value.ts";
import { chunkSelections } from "./iterate-chunks.ts";
import type { CallOptions, Mode, Outcomes } from "./mode.ts";
import type { Batches } from "./writing/batches.ts";

/**
 * A dataset. `T` is the type of its data, known where it was opened with a dtype:
 * `file.dataset("x", "f4")` is a `Dataset<..., Float32Array>`.
 */
export class Dataset<out M extends Mode, out T = AnyData> extends DatasetProperties<M, T> {
  private seen: DatasetView<M, T> | undefined;

  /** One for each dimension: its label and its scales. */
  get dims(): readonly Dimension<M>[] {
    return this.shape.map((_, axis) => new Dimension(this.node, axis));
  }

  /** The same of data of any type: reads, if it must, what stands elsewhere in the file. */
  readFillValue<D = T>(this: Dataset<M, D>, options?: CallOptions): Outcomes<Item<D>>[M] {
    return this.run(readFillValue(this.node) as Steps<Item<D>>, "", options);
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

  /**
   * Reads the file's own bytes: of text before decoding, of any other elements as they stand, with one more axis. Writing to it takes
   * them so.
   */
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
    if (Array.isArray(first)) return this.runStored(findChunk(this.node, first), second);
    return this.runStored(listChunks(this.node), first as CallOptions | undefined);
  }

  /** The bytes of the chunk whose first element stands at `offset`, as stored. NotFoundError if it is not stored. */
  readChunk(offset: readonly number[], options?: CallOptions): Outcomes<StoredChunk>[M] {
    return this.runStored(takeChunk(this.node, offset), options);
  }

  /**
   * Writes elements: all, or those selected. The value is cast to the datatype as NumPy casts, and broadcast to the shape of
   * the selection; see `createDataset` for its forms.
   *
   * ```ts
   * d.write(0);                                   // every element
   * d.write(row, 42);                             // h5py's d[42] = row
   * d.write([1, 2, 3], [null, slice(10, 13)]);    // each row, columns 10 to 12
   * ```
   *
   * DTypeError for values that the datatype cannot hold, ShapeError where the shapes do not agree; nothing was written then.
   */
  write(value: unknown, selection?: SelectionInput, options?: CallOptions): Outcomes<void>[M] {
    return this.plain.write(value, selection, options);
  }

  /**
   * Writes behind the end of an axis, by which the dataset grows. The value has all its axes, or all but that one, or is data in
   * row-major order. How long the axis is now. ShapeError where it may not grow so far.
   */
  append(value: unknown, axis = 0, options?: CallOptions): Outcomes<number>[M] {
    return this.change((writer) => writer.append(this.node, value, axis), "", options);
  }

  /**
   * The same with each of many values, one at a time: an array, a generator, in async mode also an async iterable. Those before one
   * that fails stay written.
   */
  appendAll(batches: Batches[M], axis = 0, options?: CallOptions): Outcomes<number>[M] {
    return (
      this.node.session.writer?.appendAll(this.node, batches, axis, options) ?? this.append(undefined, axis, options)
    );
  }

  /**
   * Gives it another shape, or along one axis another size. What is cut off is gone: if it grows again, its elements are the fill
   * value. ShapeError beyond `maxShape`, UnsupportedError if it is not chunked.
   */
  resize(shape: readonly number[], options?: CallOptions): Outcomes<void>[M];
  resize(size: number, axis: number, options?: CallOptions): Outcomes<void>[M];
  resize(size: readonly number[] | number, second?: number | CallOptions, third?: CallOptions): Outcomes<void>[M] {
    return this.change(
      (writer) => writer.resize(this.node, size, typeof second === "number" ? second : undefined),
      "",
      typeof second === "number" ? third : second,
    );
  }

  /**
   * Stores a chunk as it is, by the coordinates of its first element: its bytes have been through all filters but those that
   * `filterMask` names, bit i for filter i. It is not looked at whether they can be decoded.
   */
  writeChunk(offset: readonly number[], data: Uint8Array, filterMask = 0, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.writeChunk(this.node, offset, data, filterMask), "", options);
  }

  /** Makes it a dimension scale, of that name; see `dims`. */
  makeScale(name = "", options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.makeScale(this.node, name), "", options);
  }

  /** Whether it is a dimension scale. */
  isScale(options?: CallOptions): Outcomes<boolean>[M] {
    return this.run(isScale(this.node), "", options);
  }

  /** Makes all changes of its file durable: `file.flush()`. */
  flush(options?: CallOptions): Outcomes<void>[M] {
    return this.file.flush(options);
  }

  /** A reference to selected elements, for use in its file. SelectionError where they do not fit its shape. */
  regionRef(selection?: SelectionInput): RegionReference {
    return new RegionReference(this.info.address, storeSelection(parseSelection(selection, this.shape), this.shape));
  }

  /** Bytes that its elements take in the file: after the filters, without external files and virtual sources. */
  storageSize(options?: CallOptions): Outcomes<number>[M] {
    return this.runStored(this.stored(), options);
  }

  /** Where its elements come from. NotFoundError if it is not virtual. */
  virtualSources(options?: CallOptions): Outcomes<VirtualMapping[]>[M] {
    return this.run(this.mappings(), "", options);
  }

  /** Looks at the file anew, which another program may be writing: the extent may have grown. */
  refresh(options?: CallOptions): Outcomes<void>[M] {
    return this.run(this.lookAgain(), "", options);
  }

  private *lookAgain(): Steps<void> {
    const { session, info } = this.node;
    // What waits to be written must not be forgotten.
    if (session.writer === undefined) yield* session.reader.refresh(info.address);
    const now = yield* session.reader.object(info.address);
    if (now.kind !== "dataset") throw new NotFoundError("is no dataset any more", { found: now.kind });
    const { name, parent } = this.node;
    this.node = session.node(now, name, parent);
    this.seen = undefined;
    this.forget();
  }

  private *stored(): Steps<number> {
    return yield* this.node.session.reader.storageSize(this.info);
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
