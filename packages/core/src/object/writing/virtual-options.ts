/** What virtual datasets are made of. */
import type { VirtualMapping } from "../../contract.ts";
import type { DTypeLike } from "../../data/dtype/like.ts";
import type { CallOptions } from "../mode.ts";
import type { DatasetOptions } from "./dataset-options.ts";

/** Says what a virtual dataset is, and where its elements come from: a `VirtualLayout` of the package `@h5ts/vds`. */
export interface VirtualDescription<N extends DTypeLike = DTypeLike> {
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** Type of its elements. */
  readonly dtype: N;
  /** The most that each axis may grow to; `null`: without end. Default: the shape. */
  readonly maxShape?: readonly (number | null)[];
  /** Its mappings, in a file that is called so. */
  mappings(filename: string): readonly VirtualMapping[];
}

/** Options of `createVirtualDataset`. */
export interface VirtualDatasetOptions
  extends CallOptions,
    Pick<DatasetOptions, "fillValue" | "trackTimes" | "trackOrder"> {}

/** What a new dataset is asked to be: by options, or by mappings to others. */
export interface DatasetRequest extends DatasetOptions {
  readonly mappings?: readonly VirtualMapping[];
}
