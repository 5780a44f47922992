/** Whether a storage holds an HDF5 file. */
import { isH5Error } from "../errors.ts";
import { PageCache } from "../steps/page-cache.ts";
import type { Steps } from "../steps/steps.ts";
import type { Storage } from "../steps/storage.ts";
import { findSuperblock } from "./superblock.ts";

/** Looks for the signature of a superblock, and no further. */
export function* isHdf5Storage(storage: Storage): Steps<boolean> {
  try {
    yield* findSuperblock(new PageCache(storage), storage);
    return true;
  } catch (error) {
    if (isH5Error(error, "FormatError")) return false;
    throw error;
  }
}
