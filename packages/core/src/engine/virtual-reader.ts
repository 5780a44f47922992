/** What reads virtual datasets: handed in from outside, and what it sees of the files that it reads. */
import type { Address } from "../bytes/address.ts";
import type { AnyObjectInfo, DatasetInfo, Reader } from "../contract.ts";
import type { Selection } from "../data/selection/selection.ts";
import type { Sink } from "../data/sink.ts";
import type { Steps } from "../steps/steps.ts";
import type { Limits } from "./limits.ts";

/** A file that has virtual datasets, or the sources of some. */
export interface VirtualFile extends Reader {
  readonly limits: Limits;
  /** Whether objects may be changed while it is open: what was found out about them does not stay true. */
  readonly changing: boolean;
  /** What the header at an address says, the extent of a virtual dataset as it stands there. */
  stored(address: Address): Steps<AnyObjectInfo>;
  /**
   * The file that a mapping names, opened once and closed with this one; `undefined` where it does not exist. PolicyError: it
   * may not be opened.
   */
  source(name: string): Steps<VirtualFile | undefined>;
}

/** Composes virtual datasets from the mappings that `virtualMappings` gives; not part of the engine. */
export interface VirtualReader {
  /** The dataset with the extent that its sources give it: as stored, unless mappings are unlimited. */
  describe(file: VirtualFile, dataset: DatasetInfo): Steps<DatasetInfo>;
  /** Reads the selected elements into a sink, and the heap objects that they refer to. */
  read(file: VirtualFile, dataset: DatasetInfo, selection: Selection, sink: Sink): Steps<void>;
  /** Forgets what is known of the sources of a file's datasets, and has their files look anew. */
  refresh(file: VirtualFile): Steps<void>;
}
