/** How the other files of a file in several parts are found and joined. Implemented beside the storages. */
import type { LinkPolicy } from "./link-policy.ts";
import type { Steps } from "./steps.ts";
import type { Storage } from "./storage.ts";

/** One file of the multi driver, or of the split driver. */
export interface MultiPart {
  /** Its name, with `%s` for what all have in common. */
  readonly template: string;
  /** Where it stands in the storage that joins them. */
  readonly at: number;
  /** Bytes that it has, as the driver information says: 0 where it need not exist. */
  readonly length: number;
}

/**
 * Finds members by the name of the first. The storages that they return own the first: closing them closes it. Where
 * they throw, the first is the caller's to close.
 */
export interface MemberFiles {
  /** The file whose parts these are; `first` is the one that stands at 0. */
  multi(first: Storage, parts: readonly MultiPart[]): Steps<Storage>;
  /**
   * The family whose first member is `first`. `size` is that of all members but the last, as the driver information
   * says; `undefined` where it says nothing: then nothing is joined unless the others look like members.
   */
  family(first: Storage, size: number | undefined): Steps<Storage | undefined>;
  /** The same for another file, which links led to; `links` is the policy for names that stand in it. */
  within(links: LinkPolicy): MemberFiles;
}
