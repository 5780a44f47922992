/** The options of `open` that concern writing. */
import type { Durability, LibraryVersion, NewFile } from "@h5ts/core";

/** How a file is written. Of no effect in mode `"r"`; those of new files of none where it exists. */
export interface WriteOptions {
  /**
   * Oldest and newest library version whose structures are written, or the oldest. Default `"earliest"`, as h5py: what every version
   * reads, but where a feature needs newer ones. `"latest"`: the newest that HDF5 1.10 reads.
   */
  readonly libver?: LibraryVersion | readonly [low: LibraryVersion, high: LibraryVersion];
  /**
   * What a commit (`flush`, `close`) survives. `"process"`, the default: the end of this process at any instant; `"disk"`: a power
   * cut too; `"none"`: neither, as in libhdf5.
   */
  readonly durability?: Durability;
  /** Of a new file: bytes before the HDF5 content for others to use, 0 or a power of 2 from 512 on. Default 0. */
  readonly userblockSize?: number;
  /** Of a new file: keep the order in which links and attributes of its root group are made. Default false. */
  readonly trackOrder?: boolean;
  /** Of a new file: keep in the header of its root group when that was made and changed. Default false, as h5py. */
  readonly trackTimes?: boolean;
  /** Of a new file: how space is taken. Default `"fsm"`; `"page"` suits reading from afar. */
  readonly fsStrategy?: NewFile["fsStrategy"];
  /** Of a new file: keep free space for sessions to come. Default false. */
  readonly fsPersist?: boolean;
  /** Of a new file: bytes of the smallest free section that is kept track of. Default 1. */
  readonly fsThreshold?: number;
  /** Of a new file: bytes of a page, 512 to 2^30, for `"page"`. Default 4096. */
  readonly fsPageSize?: number;
}
