/** Views of a dataset: other ways to read the same elements. */
import type { DatasetInfo } from "../contract.ts";
import type { AnyData } from "../data/arrays.ts";
import { type ArrayMaker, type ElementView, viewType } from "../data/codecs/view.ts";
import { DType } from "../data/dtype/dtype.ts";
import type { Data, DTypeLike } from "../data/dtype/like.ts";
import type { Result } from "../data/result.ts";
import type { SelectionInput } from "../data/selection/input.ts";
import type { Steps } from "../steps/steps.ts";
import type { CallOptions, Mode, Outcomes } from "./mode.ts";
import { fillTarget, readElements } from "./read-elements.ts";
import { changeOn, type Node, runOn } from "./session.ts";
import type { Writer } from "./writer.ts";

/** Options of `read`: whether the result may share the storage's memory, and what stops it. */
export interface ReadOptions extends CallOptions {
  /**
   * Allows the result to share memory with the storage, where that holds the file in memory and the elements stand there
   * as they are read. Default false: a result owns its memory.
   */
  readonly view?: boolean;
}

/** How elements are put into the caller's memory. */
export interface ReadIntoOptions extends CallOptions {
  /** Element of the target at which they begin. Default 0. */
  readonly at?: number;
}

/** What numbers are read into, in place of the array that their datatype has: `Float16Array` for "f2". */
export interface ArrayOptions<out A> {
  /** Class of the arrays. */
  readonly array: ArrayMaker & (new (buffer: ArrayBuffer, byteOffset: number, length: number) => A);
}

/** Data of the members `K` of a compound: of one that column, of several columns. */
export type FieldData<T, K extends string> = {
  readonly [P in K]: T extends { readonly [Q in P]: infer V } ? V : AnyData;
};

/** Data read as numbers: 64-bit integers become floats of 64 bits. */
export type NumberData<T> = T extends BigInt64Array | BigUint64Array ? Float64Array<ArrayBuffer> : T;

/** Data read as bytes: one array of fixed-size elements; of variable-length ones an array each. */
export type ByteData = Uint8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>[];

/**
 * Elements of a dataset, read as `asType`, `asBytes` or `fields` say. `T` is the type of the data.
 */
export class DatasetView<out M extends Mode, out T> {
  private readonly node: Node<M, DatasetInfo>;
  private readonly how: ElementView;
  private type: DType<T> | undefined;

  /** Views are made by datasets. */
  constructor(node: Node<M, DatasetInfo>, how: ElementView) {
    this.node = node;
    this.how = how;
  }

  /** The datatype as which elements are read. */
  get dtype(): DType<T> {
    return (this.type ??= new DType(viewType(this.node.info.datatype, this.how)));
  }

  /** The same elements as another datatype; see `Dataset.asType`. */
  asType<D = T>(this: DatasetView<M, D>, dtype: "number"): DatasetView<M, NumberData<D>>;
  asType<A>(dtype: DTypeLike, options: ArrayOptions<A>): DatasetView<M, A>;
  asType<const N extends DTypeLike>(dtype: N): DatasetView<M, Data<N>>;
  asType(dtype: DTypeLike | "number", options?: ArrayOptions<unknown>): DatasetView<M, unknown> {
    const as = dtype === "number" ? dtype : DType.from(dtype).datatype;
    return new DatasetView(this.node, { ...this.how, as, array: options?.array });
  }

  /** The file's own bytes of the same elements; see `Dataset.asBytes`. */
  asBytes(): DatasetView<M, ByteData> {
    return new DatasetView(this.node, { ...this.how, as: "bytes", array: undefined });
  }

  /** As `Dataset.read`. */
  read(selection?: SelectionInput, options?: ReadOptions): Outcomes<Result<T>>[M] {
    return this.run(readElements<T>(this.node, this.how, selection, options?.view), options);
  }

  /** As `Dataset.readInto`. */
  readInto(target: unknown, selection?: SelectionInput, options?: ReadIntoOptions): Outcomes<void>[M] {
    return this.run(fillTarget(this.node, this.how, selection, { into: target, at: options?.at }), options);
  }

  /**
   * As `Dataset.write`: of the members of `fields` alone; of `asBytes` a `Uint8Array` with the elements as they shall stand in the
   * file, in row-major order. UnsupportedError for views as another datatype, and for bytes of elements that lead elsewhere.
   */
  write(value: unknown, selection?: SelectionInput, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.write(this.node, this.how, value, selection), options);
  }

  private change(change: (writer: Writer) => Steps<void>, options: CallOptions | undefined): Outcomes<void>[M] {
    return changeOn(this.node, change, options);
  }

  private run<S>(steps: Steps<S>, options: CallOptions | undefined): Outcomes<S>[M] {
    return runOn(this.node, steps, options);
  }
}
