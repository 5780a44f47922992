/** The files of `make_chunk_indexes.py`, and what their datasets hold. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { readerFilters } from "@h5ts/filters";
import type { DatasetInfo } from "../../src/contract.ts";
import { type FileReader, type FileReaderOptions, openReader } from "../../src/engine/file-reader.ts";
import { runSync } from "../../src/steps/run-sync.ts";
import type { Storage } from "../../src/steps/storage.ts";
import { noLinks } from "./engine-file.ts";

export const GENERATIONS = ["earliest", "v110", "v200"] as const;
export type Generation = (typeof GENERATIONS)[number];

const unpacked = new Map<Generation, Uint8Array>();

/** The bytes of a file; not to be changed. */
export function indexFile(generation: Generation): Uint8Array {
  let bytes = unpacked.get(generation);
  if (bytes === undefined) {
    const packed = readFileSync(new URL(`../fixtures/chunk-indexes_${generation}.h5.gz`, import.meta.url));
    bytes = new Uint8Array(gunzipSync(packed));
    unpacked.set(generation, bytes);
  }
  return bytes;
}

export function openIndexFile(storage: Storage, options: Partial<FileReaderOptions> = {}): FileReader {
  return runSync(openReader(storage, { filters: readerFilters, links: noLinks, ...options }));
}

export function datasetOf(file: FileReader, name: string): DatasetInfo {
  const found = runSync(file.resolve(file.info.root, name));
  const info = runSync(file.object(found!.address));
  if (info.kind !== "dataset") throw new Error(`${name} is a ${info.kind}`);
  return info;
}
