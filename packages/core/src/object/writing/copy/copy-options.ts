/** Options of copying. */
import type { DatasetInfo } from "../../../contract.ts";
import type { CallOptions } from "../../mode.ts";
import type { DatasetOptions } from "../dataset-options.ts";

/** Options of `copy`; those that are not given are off, as in h5py. */
export interface CopyOptions extends CallOptions {
  /** Name of the copy, where the destination is a group. Default: the last part of the source's own name. */
  readonly name?: string;
  /** Of a group only what its own links lead to: the groups among them are left empty. */
  readonly shallow?: boolean;
  /** Soft links become copies of what they lead to, where that is something. */
  readonly expandSoft?: boolean;
  /** External links become copies of what they lead to, where that is something. */
  readonly expandExternal?: boolean;
  /**
   * Between files: what references of datasets and attributes point at is copied too, and the references point at the copies. Those
   * that no link leads to are linked in the root group, under names that begin with `~obj_pointed_by_`, as libhdf5 does. Without it
   * references are null in another file; within one file they stay as they are.
   */
  readonly expandRefs?: boolean;
  /** Copies objects without their attributes. Default false. */
  readonly withoutAttrs?: boolean;
}

/** How a dataset of a copy is stored where it is not as the original: chunks, and filters; `chunks: false` is contiguous. */
export type StoredOtherwise = Pick<
  DatasetOptions,
  "chunks" | "compression" | "compressionOpts" | "shuffle" | "fletcher32" | "scaleOffset" | "filters"
>;

/** Options of the copying of all that a group holds. */
export interface MembersOptions extends CallOptions {
  /** Asked for each dataset, with its path in the file that is copied; `undefined`: it is stored as it was. */
  readonly stored?: (path: string, dataset: DatasetInfo) => StoredOtherwise | undefined;
  /** Called before the elements of each dataset are copied, of which there are `total`. */
  readonly progress?: (done: number, total: number, path: string) => void;
}
