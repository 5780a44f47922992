/** How a structure is found in a file: what to ask for, how long it is, how to read it. */
import type { Decoder } from "../bytes/decoder.ts";

/**
 * An on-disk structure that stands at an address of its own.
 *
 * `C` is what must be known beforehand: the record size and node size that a B-tree's header gives to its nodes, say.
 */
export interface Structure<T, C = undefined> {
  /** The specification's title, as errors name it: `"Version 2 B-tree header"`. */
  readonly title: string;
  /** Bytes to ask for at first: usually covers the whole structure. */
  guess(context: C): number;
  /**
   * Whole length in bytes, from the first bytes in hand (fewer than `guess` only at the end of the file). Asked again
   * with more bytes while the answer exceeds what is there, at most once for most structures.
   */
  extent(head: Decoder, context: C): number;
  /** Reads it from exactly `extent` bytes. */
  decode(from: Decoder, context: C): T;
}
