/** Values that fields of any width can hold. */
import fc from "fast-check";
import { type Address, asAddress, type Sizes } from "../../src/bytes/address.ts";
import { encodeText } from "../../src/bytes/text.ts";

/** Widths of addresses and lengths. */
export const sizes: fc.Arbitrary<Sizes> = fc.record<Sizes>({
  offsets: fc.constantFrom(2, 4, 8),
  lengths: fc.constantFrom(2, 4, 8),
});

export const address: fc.Arbitrary<Address> = fc.nat(0xfffe).map(asAddress);
export const addressOrNull: fc.Arbitrary<Address | null> = fc.oneof(fc.constant(null), address);
export const length: fc.Arbitrary<number> = fc.nat(0xfffe);
export const u8: fc.Arbitrary<number> = fc.nat(0xff);
export const u16: fc.Arbitrary<number> = fc.nat(0xffff);
export const u32: fc.Arbitrary<number> = fc.nat(0xffffffff);
export const u64: fc.Arbitrary<number> = fc.oneof(fc.nat(0xff), fc.maxSafeNat());

export function bytes(maxLength: number, minLength = 0): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength }).map((array) => new Uint8Array(array));
}

/** Text without NULs, at least one byte, at most `maxBytes`. */
export function text(maxBytes = 300): fc.Arbitrary<string> {
  return fc
    .string({ unit: "grapheme", minLength: 1, maxLength: maxBytes })
    .map((value) => value.replaceAll("\0", "0"))
    .filter((value) => encodeText(value).length <= maxBytes);
}

export const charset: fc.Arbitrary<"ascii" | "utf8"> = fc.constantFrom("ascii", "utf8");
