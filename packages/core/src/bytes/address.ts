/** Addresses in a file, in bytes from its base address (HDF5 File Format Specification, section II.A). */

declare const address: unique symbol;

/** A byte address relative to the file's base address. A number of its own type, so that counts and addresses do not mix. */
export type Address = number & { readonly [address]: true };

/** Marks a number as an address. Only for values that come from a decoder, an allocator or a test. */
export const asAddress = (value: number): Address => value as Address;

/** Widths of addresses ("size of offsets") and of lengths ("size of lengths"), as the superblock gives them. */
export interface Sizes {
  readonly offsets: 2 | 4 | 8;
  readonly lengths: 2 | 4 | 8;
  /** Of files in several parts: addresses beyond 2^53, and what numbers stand for them here. By ascending `start`. */
  readonly regions?: readonly AddressRegion[];
}

/** Addresses from `start` on are `at` and on. */
export interface AddressRegion {
  readonly start: bigint;
  readonly at: number;
}

/** What nearly every file has, and what h5ts writes. */
export const DEFAULT_SIZES: Sizes = { offsets: 8, lengths: 8 };

/** The address as it stands in the file: another number where the file is in several parts. */
export function storedAddress(address: number, sizes: Sizes): bigint {
  // Regions ascend in both numberings.
  const region = sizes.regions?.findLast(({ at }) => at <= address);
  return region === undefined ? BigInt(address) : region.start + BigInt(address - region.at);
}
