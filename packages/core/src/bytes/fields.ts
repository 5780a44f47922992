/**
 * The one interface through which a layout function is read, written and measured.
 *
 * A layout function describes an on-disk structure once:
 *
 * ```ts
 * const symbolTableMessage = (f: Fields, v?: SymbolTableMessage): SymbolTableMessage =>
 *   ({ btree: f.address(v?.btree), heap: f.address(v?.heap) });
 * ```
 *
 * With a {@link Decoder} it returns what the bytes say (`v` is absent); with an {@link Encoder} it writes `v`; with a
 * {@link Sizer} it counts the bytes that `v` will take. Every method takes the value to write and returns the value
 * that stands in the file.
 */
import type { Address, Sizes } from "./address.ts";

export interface Fields {
  /** Whether values come from the bytes: layout functions need it only where both directions truly differ. */
  readonly reading: boolean;
  readonly sizes: Sizes;
  /** Bytes since the start of the structure. */
  readonly position: number;
  /** Bytes left in the enclosing block; infinite when writing. */
  readonly remaining: number;

  u8(value: number | undefined): number;
  u16(value: number | undefined): number;
  u24(value: number | undefined): number;
  u32(value: number | undefined): number;
  /** 64 bits, at most 2^53 - 1: what exceeds it is a FormatError, never rounded. */
  u64(value: number | undefined): number;
  /** Two's complement, 32 bits. */
  i32(value: number | undefined): number;
  /** Unsigned, little-endian, 0 to 8 bytes wide. */
  uint(value: number | undefined, width: number): number;
  /** An address of "size of offsets" bytes; all ones, the undefined address, is `null`. */
  address(value: Address | null | undefined): Address | null;
  /** A length of "size of lengths" bytes; all ones, "unlimited" or "undefined", is `Infinity`. */
  length(value: number | undefined): number;
  /** `count` bytes; when reading a view into the block, not a copy. */
  bytes(value: Uint8Array | undefined, count: number): Uint8Array;
  /** The bytes must stand there: signatures. A mismatch is a FormatError. */
  signature(text: string): void;
  /** Written as zero, skipped when reading. */
  reserved(count: number): void;
  /** Zeros up to a multiple of `multiple`, counted from `start` (a position). */
  pad(multiple: number, start?: number): void;
  /** `count` UTF-8 bytes. */
  text(value: string | undefined, count: number): string;
  /** UTF-8 bytes and a NUL. */
  cstring(value: string | undefined): string;
  /** lookup3 of all bytes from position `start` to here, 4 bytes; verified when reading. */
  checksum(start?: number): void;
  /** A FormatError about this structure at the current position. */
  fail(reason: string, found?: unknown, allowed?: string): never;
}

/** Describes a structure once, for reading, writing and measuring. */
export type Layout<T, C = undefined> = (fields: Fields, value?: T, context?: C) => T;
