/** The chunks of fixtures/vectors.json.gz, as libhdf5 and hdf5plugin store them; made by scripts/generate-vectors.py. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { defaultFilters } from "../src/default.ts";
import type { Codec } from "../src/filter.ts";
import { loadFilters } from "../src/registry.ts";

/** A chunk with its pipeline in write order. */
export interface Vector {
  readonly name: string;
  readonly filters: readonly { readonly id: number; readonly cd: readonly number[] }[];
  /** Bit i set: filter i was skipped. */
  readonly mask: number;
  readonly chunk: Uint8Array;
  /** What decoding must yield. */
  readonly data: Uint8Array;
}

/** All vectors. */
export function readVectors(): Vector[] {
  const url = new URL("./fixtures/vectors.json.gz", import.meta.url);
  const { vectors } = JSON.parse(gunzipSync(readFileSync(url)).toString("utf8")) as {
    vectors: (Omit<Vector, "chunk" | "data"> & { chunk: string; data: string })[];
  };
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "base64"));
  return vectors.map((vector) => ({ ...vector, chunk: bytes(vector.chunk), data: bytes(vector.data) }));
}

/** The codec of a filter, loaded before by {@link loadAll}. */
export function codecOf(id: number): Codec {
  const codec = defaultFilters.get(id)?.codec;
  if (!codec) throw new Error(`filter ${id} is not loaded`);
  return codec;
}

/** Loads every codec of the default registry. */
export async function loadAll(): Promise<void> {
  await loadFilters(defaultFilters);
}

/** Decodes `chunk` through the pipeline of a vector, with the sizes that are known as core knows them. */
export function decodeVector({ filters, mask, data }: Vector, chunk: Uint8Array): Uint8Array {
  const sizes = knownSizes(filters, mask, data.length);
  let bytes = chunk;
  for (let i = filters.length - 1; i >= 0; i--) {
    if ((mask >>> i) & 1) continue;
    const exact = sizes[i];
    const size = exact === undefined ? { max: 2 * data.length + 1000 } : { exact, max: exact };
    bytes = codecOf(filters[i].id).decode(bytes, filters[i].cd, size);
  }
  return bytes;
}

/** The size before each filter, where it follows from the size of the chunk. */
export function knownSizes(filters: Vector["filters"], mask: number, bytes: number): (number | undefined)[] {
  const sizes: (number | undefined)[] = [];
  let size: number | undefined = bytes;
  for (const [i, { id, cd }] of filters.entries()) {
    sizes.push(size);
    if (!((mask >>> i) & 1) && size !== undefined) size = codecOf(id).encodedSize?.(size, cd);
  }
  return sizes;
}
