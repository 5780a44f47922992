/** What the header of a dataset says, in h5py's words. */
import type { DatasetInfo, ExternalFile } from "../contract.ts";
import type { AnyData, Item } from "../data/arrays.ts";
import { DType } from "../data/dtype/dtype.ts";
import { fillValueOf } from "./fill-value.ts";
import type { Mode } from "./mode.ts";
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

/** The properties of a dataset: they never do I/O. `T` is the type of its data. */
export abstract class DatasetProperties<out M extends Mode, out T = AnyData> extends H5Object<M, DatasetInfo> {
  /** Tells datasets from other objects. */
  override readonly kind: "dataset" = "dataset";
  private type: DType<T> | undefined;
  private pipe: Pipeline | undefined;

  /** Elements along each dimension; empty of scalars, and of null dataspaces (whose `size` is 0). */
  get shape(): readonly number[] {
    return this.info.dataspace.dims;
  }

  /** Type of its elements. */
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

  /**
   * What elements read as that were never written: a single value. `undefined` of variable-length data with a fill value of its
   * own, which stands elsewhere in the file: see `readFillValue`.
   */
  get fillValue(): Item<T> | undefined {
    return fillValueOf(this.info, this.node.session) as Item<T> | undefined;
  }

  protected override describe(): string {
    const { kind } = this.info.dataspace;
    const shape = kind === "null" ? "null" : `(${this.shape.join(", ")}${this.ndim === 1 ? "," : ""})`;
    return `dataset ${this.quoted()}: shape ${shape}, type "${this.dtype}"`;
  }

  /** The header is to be looked at anew. */
  protected forget(): void {
    this.type = undefined;
    this.pipe = undefined;
  }
}
