/** How new datasets are compressed, in PyTables' words. */
import { type FilterSpec, UnsupportedError } from "h5ts";
import { BLOSC_CODECS } from "./filters.ts";

/** pandas' `complevel`, `complib` and `fletcher32`. */
export interface Compression {
  /** 0 to 9; 0, the default: none. */
  readonly complevel?: number;
  /** `"zlib"` (default), `"bzip2"`, `"blosc"`, `"blosc:zstd"`, `"blosc2:lz4"` ... */
  readonly complib?: string;
  /** Default: true where it is compressed. */
  readonly shuffle?: boolean;
  /** A checksum for each chunk. Default false. */
  readonly fletcher32?: boolean;
}

/** Whether anything is to be done to chunks. */
export const isFiltered = ({ complevel = 0, fletcher32 = false }: Compression): boolean => complevel > 0 || fletcher32;

/** What PyTables names in the words that it stores: kinds of objects. */
export type ObjectKind = "table" | "vlarray" | "carray" | "earray";
const KINDS: Readonly<Record<ObjectKind, number>> = { table: 0, earray: 2, vlarray: 3, carray: 4 };

/** The filters of a dataset whose elements have `typesize` bytes and whose chunks have `chunkBytes`. */
export function filterSpecs(
  compression: Compression,
  kind: ObjectKind,
  typesize: number,
  chunkBytes: number,
): FilterSpec[] {
  const { complevel = 0, complib = "zlib", fletcher32 = false, shuffle = complevel > 0 } = compression;
  const specs: FilterSpec[] = [];
  const [family, codec] = complib.split(":");
  const isBlosc = family === "blosc" || family === "blosc2";
  if (complevel > 0) {
    if (!Number.isInteger(complevel) || complevel > 9) refuse("complevel", complevel, "0 to 9");
    if (shuffle && !isBlosc) specs.push({ filter: "shuffle" });
    if (isBlosc) specs.push(bloscSpec(family, codec, { complevel, shuffle, typesize, chunkBytes }));
    else if (family === "zlib") specs.push({ filter: "gzip", options: complevel });
    else if (family === "bzip2") specs.push({ filter: 307, clientData: [complevel, 27, KINDS[kind]] });
    else refuse("complib", complib, "zlib, bzip2, blosc, blosc2 with their codecs");
  }
  if (fletcher32) specs.push({ filter: "fletcher32" });
  return specs;
}

function refuse(structure: string, found: unknown, allowed: string): never {
  throw new UnsupportedError("is no compression that is written", { structure, found, allowed });
}

interface BloscWords {
  readonly complevel: number;
  readonly shuffle: boolean;
  readonly typesize: number;
  readonly chunkBytes: number;
}

function bloscSpec(family: string, codec: string | undefined, words: BloscWords): FilterSpec {
  const { complevel, shuffle, typesize, chunkBytes } = words;
  const number = codec === undefined ? undefined : BLOSC_CODECS.indexOf(codec);
  if (number === -1) refuse("complib", `${family}:${codec}`, BLOSC_CODECS.join(", "));
  const size = typesize > 255 ? 1 : typesize;
  const common = [size, chunkBytes, complevel, shuffle ? 1 : 0, ...(number === undefined ? [] : [number])];
  if (family === "blosc") return { filter: 32001, clientData: [2, 2, ...common] };
  return { filter: 32026, clientData: [1, chunkBytes, ...common] };
}
