/** What the small entry opens: what is in hand already. Names that must be looked up first are `openSource`'s. */
import {
  BlobStorage,
  isAsync,
  isSync,
  MemoryStorage,
  NO_FOLDER,
  type Storage,
  type SyncStorage,
  UnsupportedError,
} from "@h5ts/core";
import type { Place } from "./place.ts";

/** Bytes, a storage that can be read without waiting, or what `openSourceSync` found. */
export type GivenSync = ArrayBuffer | Uint8Array | SyncStorage | Place<SyncStorage>;

/** All of these, a `Blob` or `File`, any storage, or what `openSource` found. */
export type Given = GivenSync | Blob | Storage | Place;

/** A file that stands in no folder, unless `openSource` found it. */
export function placeOf(given: GivenSync): Place<SyncStorage>;
export function placeOf(given: Given): Place;
export function placeOf(given: Given): Place {
  if (typeof given === "object" && "storage" in given) return given;
  return { storage: storageOf(given), links: NO_FOLDER };
}

function storageOf(given: Exclude<Given, Place>): Storage {
  if (given instanceof Uint8Array || given instanceof ArrayBuffer) return new MemoryStorage(given);
  if (given instanceof Blob) return new BlobStorage(given);
  if (typeof given === "object" && (isSync(given) || isAsync(given))) return given;
  throw new UnsupportedError("cannot open a source of this kind", {
    found: given,
    allowed: "bytes, a Blob or File, a Storage, or what openSource gives",
  });
}
