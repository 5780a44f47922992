/** What a check of a file finds. */
import type { FormatError, H5Error } from "../../errors.ts";

/** A stretch of the file that one structure, or the raw data of one dataset, takes. */
export interface FileExtent {
  /** Relative to the file's base address, in bytes. */
  readonly address: number;
  /** How many bytes it has. */
  readonly length: number;
  /** By the specification's title: `"Object header"`; raw data is `"Raw data"`, `"Chunk"` or `"Huge object"`. */
  readonly structure: string;
  /** Path of the object that it belongs to; empty for what belongs to the file itself. */
  readonly path: string;
}

/** Free space: tracked by a free-space manager, or lost. */
export interface FreeExtent {
  /** Byte of the file at which it begins. */
  readonly address: number;
  /** How many bytes it has. */
  readonly length: number;
}

/** What `check` found: faults, lost space, and counts of what it looked at. */
export interface CheckReport {
  /** Path, URL or other label of the file. */
  readonly label: string;
  /** Whether nothing is at fault. */
  readonly ok: boolean;
  /** What contradicts the format, or itself; at most 1,000. */
  readonly faults: readonly FormatError[];
  /** What could not be looked at: filters that are not there, features that are not supported, limits. */
  readonly unchecked: readonly H5Error[];
  /** What is worth knowing and no fault, a line each. */
  readonly notes: readonly string[];
  /** Objects by kind, and what was looked at besides. */
  readonly counts: CheckCounts;
  /** All that is in use, by ascending address. */
  readonly extents: readonly FileExtent[];
  /** What the persistent free-space managers of the file name, by ascending address. */
  readonly free: readonly FreeExtent[];
  /** What is in no extent and in no free-space manager, by ascending address. */
  readonly leaks: readonly FreeExtent[];
  /** Position of the base address in the storage: add it to the address of an extent to find its bytes. */
  readonly base: number;
  /** End-of-file address, relative to the base address. */
  readonly endOfFile: number;
}

/** How many of each were found. */
export interface CheckCounts {
  /** Groups, with the root. */
  groups: number;
  /** Datasets, each once, by however many links it is reached. */
  datasets: number;
  /** Committed datatypes. */
  datatypes: number;
  /** Objects of no known kind. */
  unknown: number;
  /** Links of all groups, of every kind. */
  links: number;
  /** Attributes of all objects. */
  attributes: number;
  /** Chunks that are stored, of all datasets. */
  chunks: number;
  /** Objects of global heaps: values of variable length. */
  heapObjects: number;
}

/** Faults that are kept: one damaged index can give thousands. */
export const MOST_FAULTS = 1000;

export interface CheckOptions {
  /**
   * Also undo the filters of every chunk. Default `false`: only of those with a checksum, and of data that refers to heap
   * objects.
   */
  readonly data?: boolean;
  /** Called now and then with the number of objects looked at, and of those known so far. */
  readonly progress?: (done: number, known: number, path: string) => void;
}
