/** Telling HDF5 files from others. */
import {
  closeStorage,
  isH5Error,
  isHdf5Storage,
  openSource,
  openSourceSync,
  runAsync,
  runSync,
  type Source,
  type Steps,
  type Storage,
  type SyncSource,
} from "@h5ts/core";
import type { OpenOptions } from "./options.ts";

/**
 * Whether a source is an HDF5 file: has the signature of one, at its beginning or behind a user block. `false` where
 * there is no file, as in h5py.
 */
export async function isHdf5(source: Source, options: Pick<OpenOptions, "http" | "signal"> = {}): Promise<boolean> {
  try {
    const { storage } = await openSource(source, options);
    return await runAsync(looking(storage), options.signal);
  } catch (error) {
    if (isH5Error(error, "NotFoundError")) return false;
    throw error;
  }
}

/** The same, without waiting. */
export function isHdf5Sync(source: SyncSource): boolean {
  try {
    return runSync(looking(openSourceSync(source).storage));
  } catch (error) {
    if (isH5Error(error, "NotFoundError")) return false;
    throw error;
  }
}

function* looking(storage: Storage): Steps<boolean> {
  try {
    return yield* isHdf5Storage(storage);
  } finally {
    yield* closeStorage(storage);
  }
}
