/** Telling HDF5 files from others. */
import { closeStorage, isH5Error, isHdf5Storage, runAsync, runSync, type Steps, type Storage } from "@h5ts/core";
import type { Place } from "./place.ts";

/**
 * Whether there is an HDF5 file: one with the signature, at its beginning or behind a user block. `false` where there is
 * no file, as in h5py.
 */
export async function isHdf5Place(find: () => Place | Promise<Place>, signal?: AbortSignal): Promise<boolean> {
  try {
    const { storage } = await find();
    return await runAsync(looking(storage), signal);
  } catch (error) {
    if (isH5Error(error, "NotFoundError")) return false;
    throw error;
  }
}

/** The same, without waiting. */
export function isHdf5PlaceSync(find: () => Place): boolean {
  try {
    return runSync(looking(find().storage));
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
