/** Options of copying. */
import type { CallOptions } from "../../mode.ts";

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
  readonly withoutAttrs?: boolean;
}
