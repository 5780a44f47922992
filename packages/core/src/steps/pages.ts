/** The page cache of a file's metadata: blocks of equal size, kept by recent use within a budget of bytes. */
import type { Steps } from "./steps.ts";

/** Bytes in hand: `length` bytes from `offset` in `block`, which stands at file address `base`. */
export interface Window {
  readonly block: Uint8Array;
  /** One view a block, made once. */
  readonly view: DataView;
  /** File address of the block's first byte. */
  readonly base: number;
  readonly offset: number;
  /** Fewer than asked for only at the end of the file. */
  readonly length: number;
}

/** A range of addresses, relative to the file's base address. */
export interface Range {
  readonly at: number;
  readonly length: number;
}

/** What the engine reads metadata through. Addresses are relative to the file's base address. */
export interface Pages {
  /** The bytes, where they are in hand: no generator, no request. */
  peek(at: number, length: number): Window | undefined;
  /** The bytes, read if need be. */
  read(at: number, length: number): Steps<Window>;
  /** Reads many ranges in one round. */
  load(ranges: readonly Range[]): Steps<void>;
}
