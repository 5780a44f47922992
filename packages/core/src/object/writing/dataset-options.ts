/** Options of new datasets: h5py's keyword arguments of `create_dataset`. */
import type { ExternalFile } from "../../contract.ts";
import type { DTypeLike } from "../../data/dtype/like.ts";
import type { Datatype } from "../datatype.ts";
import type { CallOptions, Mode } from "../mode.ts";

/** What a filter is told: a level, h5py's list, or names and values: `{ codec: "zstd", level: 5 }`. */
export type CompressionOptions = number | string | readonly (number | string)[] | Readonly<Record<string, unknown>>;

/** A filter of an explicit pipeline. */
export interface FilterSpec {
  /** Name in the registry that the file was opened with, or number in the HDF Group's. */
  readonly filter: string | number;
  /** What it is told. Default: the filter's own defaults. */
  readonly options?: CompressionOptions;
  /** The words to be stored for it, in place of what follows from `options`. */
  readonly clientData?: readonly number[];
  /** Whether a chunk may be stored without it, where it fails or does not help. Default: as libhdf5 has it, true of all but fletcher32. */
  readonly optional?: boolean;
}

/** Options of `createDataset`. One of `data`, `shape` and `dtype` must be given. */
export interface DatasetOptions<D = unknown> extends CallOptions {
  /**
   * Its elements: a typed array (in row-major order, where `shape` has more axes), `{ data, shape }` or a result of reading,
   * nested arrays, a single value; text; for compounds an object of columns or an array of rows. It must not change before
   * the call is done. Default: every element is the fill value.
   */
  readonly data?: D;
  /** Elements along each axis; `[]` for a scalar, `null` for a null dataspace. Default: that of `data`. */
  readonly shape?: readonly number[] | number | null;
  /** Default: as the data is; `"f4"` without data. A committed datatype of the file is referred to. */
  readonly dtype?: DTypeLike | Datatype<Mode>;
  /** Shape of chunks, or `true`: one is chosen as h5py does. Default: chunks where another option needs them. */
  readonly chunks?: readonly number[] | number | boolean;
  /** The most that each axis may grow to, `null`: without end; `true`: all of them. Default: it does not grow. */
  readonly maxShape?: readonly (number | null)[] | number | true;
  /** `"gzip"`, `"lzf"`, `"szip"`, `"zstd"`, `"blosc"` ..., or a filter's number; 0 to 9 and `true` are levels of gzip, as in h5py. */
  readonly compression?: string | number | boolean;
  /** Of gzip the level (default 4), of szip `["nn", 8]`; of others see the package `@h5ts/filters`. For numbers a list is what is stored. */
  readonly compressionOpts?: CompressionOptions;
  /** Sort the bytes of elements by their place before compression. Default false. */
  readonly shuffle?: boolean;
  /** Give every chunk a checksum. Default false. */
  readonly fletcher32?: boolean;
  /** Of floats decimal digits to be kept, of integers bits; 0 or `true`: as many as each chunk needs. Default: none of it. */
  readonly scaleOffset?: number | boolean;
  /** Allow a `compression` that is in no registry: its chunks can be written by `writeChunk` alone. Default false. */
  readonly allowUnknownFilter?: boolean;
  /** The filters in the order of writing, in place of `scaleOffset`, `shuffle`, `compression` and `fletcher32`. */
  readonly filters?: readonly (FilterSpec | string | number)[];
  /** What elements are that were never written. Default 0, or empty. */
  readonly fillValue?: unknown;
  /** When space is filled: as it is allocated, never, or as it is allocated if there is a fill value. Default `"ifset"`. */
  readonly fillTime?: "alloc" | "never" | "ifset";
  /** When space is taken in the file. Default: `"incremental"` of chunks, `"late"` of others. */
  readonly allocTime?: "early" | "late" | "incremental";
  /** `"compact"`: in the object header, for less than 64 KiB. Default: chunked or contiguous, as other options need. */
  readonly layout?: "compact" | "contiguous" | "chunked";
  /** Keep the time of the last change in the header. Default false, as h5py. */
  readonly trackTimes?: boolean;
  /** Keep the order in which attributes are made. Default false. */
  readonly trackOrder?: boolean;
  /** Files outside that hold the elements, as they stand, one after the other: names relative to this file. */
  readonly external?: string | readonly (ExternalFile | readonly [name: string, offset: number, size: number])[];
}

/** Options of `requireDataset`. */
export interface RequireOptions<D = unknown> extends DatasetOptions<D> {
  /** Whether the datatype must be the same; else its values must be safely cast. Default false. */
  readonly exact?: boolean;
}
