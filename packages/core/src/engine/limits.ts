/** Bounds on what a file may ask for (option `limits`); each is checked before the allocation or the loop it bounds. */
import { LimitError } from "../errors.ts";

export interface Limits {
  /** Bytes of one decoded chunk. */
  readonly chunkBytes: number;
  /** Bytes that the result of one read may take in memory. */
  readonly resultBytes: number;
  /** Bytes of one object header with its continuations. */
  readonly objectHeaderBytes: number;
  /** Continuation blocks of one object header. */
  readonly continuationBlocks: number;
  /** Messages of one object header. */
  readonly messages: number;
  /** Attributes taken in one call. */
  readonly attributes: number;
  /** Levels of datatypes in datatypes: members, elements of arrays and sequences, bases of enumerations. */
  readonly datatypeNesting: number;
  /** Members of a datatype, nested ones counted. */
  readonly datatypeMembers: number;
  /** Levels of a B-tree, and of indirect blocks in a heap. */
  readonly treeDepth: number;
  /** Soft links that are followed on the way to one object. */
  readonly softLinks: number;
  /** External links that are followed on the way to one object. */
  readonly externalLinks: number;
  /** Mappings of one virtual dataset. */
  readonly virtualMappings: number;
  /** Virtual datasets that are each a source of the one before. */
  readonly virtualNesting: number;
  /** Bytes of one variable-length element. */
  readonly vlenElementBytes: number;
  /** Bytes of all variable-length elements of one read. */
  readonly vlenBytes: number;
}

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** Defaults: the largest that ordinary files reach, far below what exhausts a machine. */
export const DEFAULT_LIMITS: Limits = {
  chunkBytes: GiB,
  resultBytes: 2 * GiB,
  objectHeaderBytes: 64 * MiB,
  continuationBlocks: 1024,
  messages: 65_536,
  attributes: 65_536,
  datatypeNesting: 32,
  datatypeMembers: 65_535,
  treeDepth: 32,
  softLinks: 64,
  externalLinks: 8,
  virtualMappings: 1_000_000,
  virtualNesting: 8,
  vlenElementBytes: 256 * MiB,
  vlenBytes: 2 * GiB,
};

/** Throws a LimitError that names the option if `value` exceeds it. */
export function withinLimit(limits: Limits, option: keyof Limits, value: number, structure: string): void {
  if (!(value <= limits[option])) {
    throw new LimitError(`exceeds the option limits.${option}`, {
      structure,
      found: value,
      allowed: `at most ${limits[option]}`,
    });
  }
}
